import './promise-with-resolvers.ts';
import {spawn} from 'node:child_process';
import {homedir, hostname, tmpdir, userInfo} from 'node:os';
import process from 'node:process';
import {isSea} from 'node:sea';
import packageFile from '../package.json' with {type: 'json'};
import type {Seat} from './commands/console/seat.ts';
import {type CliOptions, failureExitCode, parseFlags} from './commands/flags.ts';
import {scenarioNames} from './commands/scenario-names.ts';
import type {Surroundings} from './commands/settle.ts';
import {settleDisplay} from './commands/settle-display.ts';
import {usageText} from './commands/usage.ts';
import {messageOf, UsageError} from './errors.ts';
import {askPassword, PromptCancelledError} from './terminal/askpass.ts';
import type {EndReason} from './terminal/terminal.ts';
import {toVisible} from './text/safe-text.ts';

const {argv, env, stdin, stdout, stderr} = process;

/** What stands before our arguments when we start ourselves: nothing where Node is within the executable. */
const self = isSea() ? [] : [argv[1] ?? ''];

/** After a defect: for a program that has to be killed, and for the last line of the audit log. */
const longestGoodbyeMs = 1500;

// The client library's debug output would print passwords; chalk, inside Ink, would take bold and inverse away together with colour.
delete env.DEBUG;
env.FORCE_COLOR = '1';
// Node would write its warnings over the screen, the first that NO_COLOR does not count beside the line above.
process.removeAllListeners('warning');

// It would open Node's debugger, to which everybody on this machine could connect, and say so on the screen.
process.on('SIGUSR1', () => {});

/** How much of the program this run has needed, once that is known. */
let runKind: 'console' | 'command' | undefined;
let onCalm: () => void = () => {};

/** Read by src/launcher, which keeps what V8 has made of the program for the next start. */
export const codeCache = {
	kind: () => runKind,
	calm: new Promise<void>(resolve => {
		onCalm = resolve;
	}),
};

void main();

async function main(): Promise<void> {
	try {
		const {code, message, signal} = await run(parseFlags({argv: argv.slice(2), env, scenarios: scenarioNames}));
		if (message !== undefined) tell(message);
		if (signal !== undefined) dieBy(signal);
		process.exit(code);
	} catch (error) {
		tell(failureText(error));
		process.exit(error instanceof PromptCancelledError ? 130 : failureExitCode(argv.slice(2), error instanceof UsageError));
	}
}

/** As the shell above us expects it. Returns where the signal is ignored (nohup). */
function dieBy(signal: NodeJS.Signals): void {
	process.removeAllListeners(signal);
	process.kill(process.pid, signal);
}

/** Servers, hosts and paths have a say in these texts: nothing of theirs may be an order to the terminal. */
function tell(text: string): void {
	stderr.write(
		`${text
			.split('\n')
			.map(row => toVisible(row))
			.join('\n')}\n`,
	);
}

function failureText(error: unknown): string {
	if (env.REDIS_TRIAGE_DEBUG === '1' && error instanceof Error && error.stack) return error.stack;
	const message = messageOf(error);
	return message.replace(/^/gm, 'redis-triage: ');
}

async function run(options: CliOptions): Promise<EndReason> {
	switch (options.command) {
		case 'help':
			return print(usageText(scenarioNames));
		case 'version':
			return print(`redis-triage ${packageFile.version}\n`);
		case 'actions':
			return listActions(options);
		case 'completion':
			return print((await import('./commands/completion/completion.ts')).completionText(options.shell));
		case 'demo-host':
			return hostDemo(options.rest);
		case 'demo':
			return showDemo(options);
		case 'check':
			return runCheck(options);
		case 'do':
			return runDo(options);
		case 'replay':
			return showReplay(options);
		case 'report':
			return runReport(options);
		case 'console':
			return showConsole(options);
	}
}

function print(text: string): EndReason {
	stdout.write(text);
	return {code: 0, message: undefined};
}

async function listActions({json, configFile}: Extract<CliOptions, {command: 'actions'}>): Promise<EndReason> {
	const {actionsTable} = await import('./commands/actions-table.ts');
	const {text, message} = await actionsTable({json, configFile, env, homeFolder: homeFolder()});
	await printWhole(text);
	return {code: 0, message};
}

function seat(): Seat {
	return {
		stdin,
		stdout,
		env,
		userName: userName(),
		hostName: hostname(),
		homeFolder: homeFolder(),
		kill,
		onCalm,
		pid: process.pid,
		version: packageFile.version,
	};
}

const surroundings = (): Surroundings => ({env, homeFolder: homeFolder(), askPassword: askOnTerminal});

/** Node puts a terminal's modes back for SIGINT and SIGTERM; for SIGHUP it does not. */
async function askOnTerminal(prompt: string): Promise<string> {
	const hangup = new AbortController();
	const onHangup = () => hangup.abort(new PromptCancelledError('the terminal was closed'));
	process.once('SIGHUP', onHangup);
	try {
		return await askPassword({input: stdin, output: stderr, prompt, signal: hangup.signal});
	} finally {
		process.removeListener('SIGHUP', onHangup);
	}
}

/** Of a negative pid the whole group; 0 only asks whether it is there. */
function kill(pid: number, signal: NodeJS.Signals | 0): void {
	process.kill(pid, signal);
}

/** Containers often run under a user id that no passwd file knows (Kubernetes' runAsUser): Node throws then. */
function userName(): string {
	try {
		return userInfo().username;
	} catch {
		return `uid ${process.getuid?.() ?? '?'}`;
	}
}

/** HOME, or what passwd says; where there is neither, a folder that can be written to. */
function homeFolder(): string {
	try {
		return homedir() || tmpdir();
	} catch {
		return tmpdir();
	}
}

async function runCheck(options: Extract<CliOptions, {command: 'check'}>): Promise<EndReason> {
	const {configFile, configOnly, json, prometheus} = options;
	// A defect in a background loop: 1 and 2 are for what a check finds.
	process.on('uncaughtException', error => {
		tell(failureText(error));
		process.exit(3);
	});
	if (configOnly) {
		const {checkConfigFile} = await import('./commands/config-only.ts');
		const {text, isFine} = await checkConfigFile({configFile, env, homeFolder: homeFolder()}, json);
		await printWhole(text);
		return {code: isFine ? 0 : 3, message: undefined};
	}
	const {runCheck: look} = await import('./commands/check/run-check.ts');
	const {settle} = await import('./commands/settle.ts');
	const {config, target} = await settle(options, surroundings());
	const colour = options.colour && stdout.isTTY;
	const format = json ? 'json' : prometheus ? 'prometheus' : 'text';
	runKind = 'command';
	const {text, code} = await look({target, config, format, colour, seat: seat()});
	await printWhole(text);
	return {code, message: undefined};
}

/** The first signal stops what takes long, between two rounds; the second does not wait for replies. */
async function runDo(options: Extract<CliOptions, {command: 'do'}>): Promise<EndReason> {
	const {prepareDo} = await import('./commands/do/open-do.ts');
	const {runDo: carryOut} = await import('./commands/do/run-do.ts');
	const prepared = await prepareDo(options, surroundings());
	const stop = new AbortController();
	const leave = new AbortController();
	let isBroken = false;
	// A defect in a background loop: what became of it only the server and the audit log know. A program that runs is ended before we go.
	process.on('uncaughtException', error => {
		tell(failureText(error));
		if (isBroken) return;
		isBroken = true;
		setTimeout(() => process.exit(3), longestGoodbyeMs);
		leave.abort();
		stop.abort();
	});
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (stop.signal.aborted ? leave : stop).abort());
	// Whoever watched the progress may go (`2>&1 | head -1`): the action goes on.
	stderr.on('error', () => {});
	runKind = 'command';
	const margin = {isTerminal: stderr.isTTY === true, columns: stderr.columns ?? 80, write: (text: string) => void stderr.write(text)};
	const {text, message, code} = await carryOut({...prepared, flags: options, seat: seat(), margin, stop: stop.signal, leave: leave.signal});
	await printWhole(text);
	return {code: isBroken ? 3 : code, message};
}

async function showReplay(options: Extract<CliOptions, {command: 'replay'}>): Promise<EndReason> {
	const {requireTerminal} = await import('./commands/console/seat.ts');
	requireTerminal(seat());
	const {runReplay} = await import('./commands/replay/run-replay.ts');
	return runReplay(options, seat());
}

async function runReport(options: Extract<CliOptions, {command: 'report'}>): Promise<EndReason> {
	const {runReport: write} = await import('./commands/report.ts');
	const {text, message} = await write(options, {env, homeFolder: homeFolder(), program: `redis-triage ${packageFile.version}`});
	if (text !== undefined) await printWhole(text);
	return {code: 0, message};
}

/** A reader that has seen enough (`| head -1`) is no failure; a disk that is full is one. */
function printWhole(text: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const settle = (error?: Error | null) => (error && !('code' in error && error.code === 'EPIPE') ? reject(error) : resolve());
		stdout.once('error', settle);
		stdout.write(text, settle);
	});
}

async function showConsole(options: Extract<CliOptions, {command: 'console'}>): Promise<EndReason> {
	const {runConsole} = await import('./commands/console/console.tsx');
	const {requireTerminal} = await import('./commands/console/seat.ts');
	const {settle} = await import('./commands/settle.ts');
	requireTerminal(seat());
	const settled = await settle(options, surroundings());
	runKind = 'console';
	return runConsole(settled, settleDisplay(options.display, settled), seat());
}

async function showDemo({scenario, display}: Extract<CliOptions, {command: 'demo'}>): Promise<EndReason> {
	const {openDemo} = await import('./commands/demo.ts');
	// The server starts while Ink is still being loaded.
	const opening = openDemo(scenario, {
		spawnHost: name => spawn(process.execPath, [...self, 'demo-host', name], {stdio: 'pipe', detached: true}),
		env,
		kill,
	});
	const [{demo, settled}, {runConsole}, {requireTerminal}] = await Promise.all([
		opening,
		import('./commands/console/console.tsx'),
		import('./commands/console/seat.ts'),
	]);
	try {
		requireTerminal(seat());
		return await runConsole(settled, settleDisplay(display), seat());
	} finally {
		await demo.stop();
	}
}

async function hostDemo(words: readonly string[]): Promise<EndReason> {
	const {carryDemo} = await import('./commands/demo-host.ts');
	let code = 0;
	await carryDemo(words, {
		spawnWorker: planJson => spawn(process.execPath, [...self, 'demo-host', 'worker', planJson], {stdio: ['pipe', 'ignore', 'inherit']}),
		stdin,
		stdout,
		env,
		exit: exitCode => {
			code = exitCode;
		},
		onSignal(end) {
			for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, end);
		},
	});
	return {code, message: undefined};
}
