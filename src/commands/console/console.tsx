import type {ReadStream, WriteStream} from 'node:tty';
import {type Instance, render} from 'ink';
import {hookActions} from '../../actions/hooks/hook-actions.ts';
import {registryOf} from '../../actions/registry.ts';
import {App} from '../../app.tsx';
import {systemClock} from '../../clock.ts';
import {UsageError} from '../../errors.ts';
import {ScriptNamesContext} from '../../hooks/script-names.ts';
import {StoreContext} from '../../hooks/use-console.ts';
import {operatorName, stateFolder} from '../../incident/operator.ts';
import {knownScriptName} from '../../redis/parse/known-scripts.ts';
import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {pacedStore} from '../../store/paced-store.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {changeUi, notify} from '../../store/ui-commands.ts';
import {type EndReason, Terminal} from '../../terminal/terminal.ts';
import {ThemeContext} from '../../views/kit/theme.tsx';
import {configuredAt} from '../flag-target.ts';
import type {DisplayOptions} from '../flags.ts';
import type {Settled} from '../settle.ts';
import {ActionDesk} from './action-desk.ts';
import {keepActionStatus} from './action-status.ts';
import {Controller} from './controller.ts';
import {Focus} from './focus.ts';
import {followMaster} from './follow-master.ts';
import {httpGet} from './http-check.ts';
import {keepFleet, mastersOf} from './keep-fleet.ts';
import {keepRecovery} from './keep-recovery.ts';
import {keepTimeline} from './keep-timeline.ts';
import type {Machine} from './programs.ts';
import {raiseLater, type ServerSession} from './session.ts';
import {tellPast} from './tell-past.ts';
import {Travel} from './travel.ts';

/** What the console needs of the process it runs in. */
export type Seat = {
	readonly stdin: ReadStream;
	readonly stdout: WriteStream & {readonly fd: number};
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly userName: string;
	readonly hostName: string;
	readonly homeFolder: string;
	/** For process groups: a negative pid. */
	readonly kill: Machine['kill'];
};

/** For the last line of the audit log; a disk that hangs must not hold the terminal. */
const longestGoodbyeMs = 1000;

/** Without a terminal there is nothing to show and nobody to press a key. */
export function requireTerminal({stdin, stdout}: Pick<Seat, 'stdin' | 'stdout'>): void {
	if (stdin.isTTY && stdout.isTTY) return;
	throw new UsageError(`The console needs a terminal on ${stdin.isTTY ? 'stdout' : 'stdin'}; for scripts and cron there is redis-triage check`);
}

/** The live console, from the first frame, drawn before the server has answered, to the terminal as it was found. Resolves with why it ended. */
export async function runConsole({target, config}: Settled, display: DisplayOptions, seat: Seat): Promise<EndReason> {
	const {stdin, stdout, env, userName, hostName, homeFolder, kill} = seat;
	const stop = new AbortController();
	let end: (reason: EndReason) => void = () => {};
	const ended = new Promise<EndReason>(resolve => {
		end = resolve;
	});
	const label = `${userName}@${hostName}`;
	const isDebug = env.REDIS_TRIAGE_DEBUG === '1';
	const onCannotSuspend = () => notify(store, 'There is no shell to go back to: it cannot be suspended here', 'warn');
	const terminal = new Terminal({stdin, stdout, onEnd: end, isDebug, onCannotSuspend});
	const auditFile = `${stateFolder(env, homeFolder)}/audit.jsonl`;
	const focus = new Focus({
		target,
		sentinel: target.sentinel,
		surveyed: target.isCluster ? mastersOf(() => focus.home) : undefined,
		config,
		configuredAt: endpoint => configuredAt(endpoint, undefined, config),
		lockedBy: target.configured?.readOnly === 'locked' ? target.configured.where : undefined,
		clock: systemClock,
		isReadOnly: display.readOnly,
		intervalMs: display.intervalSeconds * 1000,
		label,
		operator: operatorName(env, userName),
		host: hostName,
		auditFile,
		machine: {env, kill},
		onSwitch: moved => void followMaster(moved, focus, desk).catch(raiseLater),
	});
	const {store} = focus;
	const registry = registryOf(hookActions(config.hooks));
	const timelined = keepTimeline(store, systemClock);
	const deps = () => timelined(focus.session.actionDeps);
	const desk = new ActionDesk({store, clock: systemClock, deps, registry, signal: stop.signal, isAscii: display.ascii});
	const controller = new Controller({
		store,
		desk,
		registry,
		quit: () => end({code: 0, message: desk.underWay && `redis-triage: ${desk.underWay} was under way: its outcome is not known, see ${auditFile}`}),
		suspend: () => terminal.suspend(),
		copy: text => terminal.copy(text),
		now: systemClock.now,
		focus,
		travel: new Travel({store, desk, focus}),
	});
	keepActionStatus(store, registry);
	watch(store);
	keepRecovery({store, clock: systemClock, config, get: httpGet(), signal: stop.signal});
	watchOthers(focus, {target, config}, label, stop.signal);
	recallPast(focus, auditFile);
	enter(terminal, store);

	const app = draw(store, controller, terminal, seat, display);
	app.waitUntilExit().catch((error: unknown) => end({code: 1, message: terminal.crashText(error)}));

	const reason = await ended;
	terminal.leave();
	app.unmount();
	// Closing the connections ends an action that waits for its reply: its outcome, unknown, is written before we go.
	focus.close();
	stop.abort();
	await Promise.race([desk.settle(), systemClock.sleep(longestGoodbyeMs, new AbortController().signal)]);
	return reason;
}

function enter(terminal: Terminal, store: ConsoleStore): void {
	const measure = () => takeSize(store, terminal.stage);
	measure();
	terminal.stage.on('resize', measure);
	terminal.enter();
}

/** What is beside the server, wherever one looks. */
function watchOthers(focus: Focus, {target, config}: Settled, label: string, signal: AbortSignal): void {
	const {store, costs} = focus;
	keepFleet({store, home: () => focus.home, isCluster: target.isCluster, label, clock: systemClock, config, costs, signal}).catch(raiseLater);
}

/** What earlier consoles have left on the server that is looked at. */
function recallPast(focus: Focus, auditFile: string): void {
	const recall = ({auditTarget}: Pick<ServerSession, 'auditTarget'>) => void tellPast(focus.store, auditFile, auditTarget, systemClock.now());
	recall(focus.session);
	focus.onMoved(recall);
}

/** The whole screen, drawn anew whenever the store has something new to show. */
function draw(store: ConsoleStore, controller: Controller, {stage}: Terminal, {stdin}: Seat, {colour, ascii}: DisplayOptions): Instance {
	const tree = (
		<StoreContext.Provider value={pacedStore(store, systemClock.now)}>
			<ThemeContext.Provider value={{colour, ascii}}>
				<ScriptNamesContext.Provider value={knownScriptName}>
					<App onKeys={keys => controller.press(keys)} onPaste={text => controller.paste(text)} />
				</ScriptNamesContext.Provider>
			</ThemeContext.Provider>
		</StoreContext.Provider>
	);
	// In its debug mode Ink writes every frame whole and at once; the stage sends on what has changed.
	return render(tree, {
		stdout: stage as unknown as NodeJS.WriteStream,
		stdin,
		debug: true,
		exitOnCtrlC: false,
		patchConsole: false,
		interactive: true,
	});
}

/** What the operator must not miss, and what must not stay as it was. */
function watch(store: ConsoleStore): void {
	store.subscribe((now, before) => {
		tellRestart(store, before.snapshot.info.data, now.snapshot.info.data);
		// A new worst finding is shown, whichever one was being looked at.
		if (now.findings[0]?.id !== before.findings[0]?.id && now.ui.walked) changeUi(store, () => ({walked: undefined}));
	});
}

/** Another run id is another process: what the old one had only in memory is gone. */
function tellRestart(store: ConsoleStore, before: ServerInfo | undefined, now: ServerInfo | undefined): void {
	if (before?.runId === undefined || now?.runId === undefined || before.runId === now.runId) return;
	// Ids are counted from the beginning again: what was marked or chosen would be somebody else.
	changeUi(store, ({ui}) => ({markedClientIds: new Set(), panes: {...ui.panes, clients: {...ui.panes.clients, selectedId: undefined}}}));
	notify(store, `The server was restarted ${now.uptimeSeconds ?? 0} s ago (process ${now.processId ?? '?'}): what it had not saved is gone`, 'warn');
}

function takeSize(store: ConsoleStore, {columns, rows}: {readonly columns: number; readonly rows: number}): void {
	// What is seen is another picture now: an open dialog is deaf again, and begins at its top.
	changeUi(store, ({ui}) => ({size: {columns, rows}, dialog: ui.dialog && {...ui.dialog, openedAtMs: systemClock.now(), offset: 0, isSeen: false}}));
}
