import {failoverInText, isCountingDown} from '../store/failover-words.ts';
import {type Running, runningFor, runningNow} from '../store/running.ts';
import {type BusyThreshold, busyThreshold, type Snapshot} from '../store/snapshot.ts';
import type {ConsoleState} from '../store/store.ts';
import {formatClock, formatCount, formatPercent, formatSeconds, plural} from '../text/format.ts';
import type {Rule} from './rule.ts';
import {atTarget} from './steps.ts';

const everyone = ['every client of this server'] as const;

const killCommand = {script: 'SCRIPT KILL', function: 'FUNCTION KILL'} as const;

/** By then whoever can be told has been told: ending the server with the script is a choice, behind the kill and the wait. */
const longMs = 60_000;

/** A script, function or module command holds the server and BUSY is answered. */
const scriptBusy: Rule = {
	id: 'script.busy',
	judge({state}) {
		const {snapshot, nowMs} = state;
		const running = runningNow(snapshot);
		if (!running || running.kind === 'unknown' || snapshot.unkillableSinceMs !== undefined) return undefined;
		const {kind} = running;
		const what = kind === 'function' ? `Function ${running.functionName ?? ''}`.trimEnd() : kind === 'module' ? 'A module command' : 'A script';
		const isLong = runningFor(snapshot, running, nowMs).ms >= longMs;
		return {
			severity: 'P0',
			title: `${what} has blocked the server for ${lasting(snapshot, running, nowMs)}`,
			evidence: [failoverInText(snapshot, nowMs), waitingClients(state)].filter(text => text !== '').join('; '),
			meaning: [
				'Nothing else is executed until it ends. Nearly every command is answered BUSY.',
				...waysOut(kind, isLong),
				'A Sentinel that sees no valid reply for its down-after starts a failover, and finishes it even if the script ends meanwhile.',
			],
			components: everyone,
			remedies: [
				...(kind === 'module' ? [] : ['script.kill']),
				...moreTime(snapshot, nowMs),
				...(kind === 'module' || isLong ? ['server.shutdown-nosave'] : []),
			],
			over: 'PING is answered with PONG again and ops/s recover',
		};
	},
};

/** What a script has written is saved if it ends before the Sentinels act. */
const moreTime = (snapshot: Snapshot, nowMs: number): readonly string[] => (isCountingDown(snapshot, nowMs) ? ['sentinel.down-after'] : []);

function waysOut(kind: 'script' | 'function' | 'module', isLong: boolean): readonly string[] {
	if (kind === 'module') return ['A module command cannot be killed from outside: wait for its end, or end the server with it (server.shutdown-nosave).'];
	const kill = `${killCommand[kind]} ends it with an error at its caller, if it has not written. Whether it has, only the attempt tells.`;
	const end = 'Where it cannot be killed: wait first. What is left then is to end the server with it (server.shutdown-nosave), which loses what was not saved.';
	return isLong ? [kill, end] : [kill];
}

/** SCRIPT KILL was answered UNKILLABLE: what remains is to wait, or to lose the data since the last save. */
const scriptUnkillable: Rule = {
	id: 'script.unkillable',
	judge({state}) {
		const {snapshot, nowMs} = state;
		const running = runningNow(snapshot);
		if (!running || snapshot.unkillableSinceMs === undefined) return undefined;
		const {changesSinceSave} = snapshot.vitals;
		return {
			severity: 'P0',
			title: `UNKILLABLE: a script that has written blocks the server for ${lasting(snapshot, running, nowMs)}`,
			evidence: [failoverInText(snapshot, nowMs), `UNKILLABLE at ${formatClock(snapshot.unkillableSinceMs)}`, waitingClients(state)]
				.filter(text => text !== '')
				.join('; '),
			meaning: [
				'The script has called a write command, so the server refuses to stop it half-way.',
				'Choice 1: wait. It ends when its own work is done, and everything goes on as before.',
				`Choice 2: end the server without saving, with server.shutdown-nosave or from a redis-cli: SHUTDOWN NOSAVE NOW (before 7.0: SHUTDOWN NOSAVE). Whatever changed since the last save is lost${changesSinceSave === undefined ? '' : ` (${formatCount(changesSinceSave)} changes when last seen)`}, and it must be started again.`,
				'If a Sentinel fails over meanwhile, the writes of this script are lost with the old master.',
			],
			components: everyone,
			remedies: [...moreTime(snapshot, nowMs), 'server.shutdown-nosave'],
			over: 'PING is answered with PONG again',
		};
	},
};

/** No reply for longer than this link usually takes. It may be a script, one slow command, or a stopped process. */
const serverSilent: Rule = {
	id: 'server.silent',
	judge({state: {snapshot, nowMs}}) {
		if (snapshot.server.kind !== 'SILENT') return undefined;
		const running = runningNow(snapshot);
		return {
			severity: 'P0',
			title: `The server has not answered for ${formatSeconds((nowMs - snapshot.server.sinceMs) / 1000)}`,
			// The reply that ends a silence is here a moment before the silence is judged to be over.
			evidence: silenceEvidence(snapshot.contact.lastReplyAtMs && snapshot.server.sinceMs, running?.busyExpectedAtMs, nowMs),
			meaning: [
				snapshot.contact.acceptsTcp
					? `TCP connections are still taken, the process does not answer: ${silenceCauses}.`
					: `The connection has not ended, and nothing comes back on it: ${silenceCauses}, or a network that has gone.`,
				ifScript(busyThreshold(snapshot)),
				'A script made of heavy calls may never reach BUSY: its clock is only looked at between Lua instructions. Then it cannot be killed and runs to its end.',
			],
			components: everyone,
			remedies: ['script.kill'],
			steps: [onTheHost(snapshot.info.data?.processId)],
			over: 'the server answers again, or BUSY tells that it is a script',
		};
	},
};

const silenceCauses = 'a long script, one slow command (KEYS, a big DEL, SORT …), swapping, or a stopped process';

/** What only somebody on the server's own machine can see. */
function onTheHost(processId: number | undefined): string {
	const pid = processId ?? 'PID';
	return `On the server's host: ps -o stat,wchan -p ${pid} (T: it is stopped, kill -CONT ${pid} lets it go on; D: it waits for the disk; R: it computes).`;
}

function ifScript(threshold: BusyThreshold | undefined): string {
	if (!threshold) {
		return 'If it is a script, BUSY replies begin after busy-reply-threshold (5 s unless it was changed; it could not be read here); SCRIPT KILL will be taken then.';
	}
	if (threshold.ms <= 0) return `${threshold.name} is ${threshold.ms}: if it is a script, nobody is ever answered BUSY, and it cannot be killed.`;
	return `If it is a script, BUSY replies begin ${formatSeconds(threshold.ms / 1000)} after its start (${threshold.name}); SCRIPT KILL will be taken then.`;
}

function silenceEvidence(lastReplyAtMs: number | undefined, busyExpectedAtMs: number | undefined, nowMs: number): string {
	const last = lastReplyAtMs === undefined ? 'no reply since we connected' : `last reply at ${formatClock(lastReplyAtMs)}`;
	if (busyExpectedAtMs === undefined) return last;
	if (busyExpectedAtMs > nowMs) return `${last}; if it is a script, BUSY begins in ${formatSeconds((busyExpectedAtMs - nowMs) / 1000)}`;
	return `${last}; BUSY was due at ${formatClock(busyExpectedAtMs)}: heavy calls, no script, or a stopped process`;
}

const serverDown: Rule = {
	id: 'server.down',
	judge({state: {snapshot, session, nowMs}}) {
		const {kind, detail, sinceMs, failure} = snapshot.server;
		if (kind !== 'DOWN' && kind !== 'UNREACHABLE') return undefined;
		const words = absence[failure ?? (kind === 'DOWN' ? 'down' : '')] ?? unreachable;
		// It was so when the console came: since when, nobody here knows.
		const atLeast = snapshot.contact.lastReplyAtMs === undefined ? 'at least ' : '';
		return {
			severity: 'P0',
			title: `${words.title} for ${atLeast}${formatSeconds((nowMs - sinceMs) / 1000)}`,
			evidence: detail,
			meaning: [words.meaning, 'The console tries again by itself, at least every two seconds; what was known stays on the screen with its age.'],
			components: everyone,
			remedies: [],
			steps: (words.steps ?? []).map(step => atTarget(step, session.target.address)),
			over: 'the connection is back; the history goes on where it stopped',
		};
	},
};

/** It reads its data from disk, or has them sent by its master, and refuses nearly everything until it is done. */
const serverLoading: Rule = {
	id: 'server.loading',
	judge({state: {snapshot, nowMs}}) {
		const {kind, loadedPercent, sinceMs} = snapshot.server;
		if (kind !== 'LOADING') return undefined;
		const etaSeconds = snapshot.info.data?.loading?.etaSeconds;
		return {
			severity: 'P0',
			title: `The server is loading its data${loadedPercent === undefined ? '' : `: ${formatPercent(loadedPercent / 100)} done`}`,
			evidence: [
				`seen loading for ${formatSeconds((nowMs - sinceMs) / 1000)}`,
				etaSeconds === undefined ? '' : `by its own guess ${formatSeconds(etaSeconds)} to go`,
				snapshot.info.data?.uptimeSeconds === undefined ? '' : `up for ${formatSeconds(snapshot.info.data.uptimeSeconds)}`,
			]
				.filter(text => text !== '')
				.join('; '),
			meaning: [
				'It was started a short while ago, or is a replica that gets all data anew. Reads and writes are answered LOADING, and so is PING.',
				'Nothing makes it faster, and another restart begins it anew.',
			],
			components: everyone,
			remedies: [],
			over: 'PING is answered with PONG',
		};
	},
};

type Words = {readonly title: string; readonly meaning: string; readonly steps?: readonly string[]};

const unreachable: Words = {
	title: 'The server cannot be reached',
	meaning: 'No TCP connection comes about: host, network or firewall, before Redis has any say.',
	steps: [
		'From here: ping HOST, then nc -vz HOST PORT. Is it the right address, and may this machine reach it (security group, firewall, VPN)?',
		'On its machine: is it up, and does redis-server run?',
	],
};

/** What is known by the kind of failure; only a refused connection tells that nothing listens. */
const absence: Readonly<Record<string, Words>> = {
	down: {
		title: 'The server is down',
		meaning: 'The machine answers and refuses the connection: the process has ended, or listens elsewhere.',
		steps: [
			'On its host: systemctl status redis-server, journalctl -u redis-server, its logfile',
			'Is it the right port? There: ss -ltnp shows who listens where',
		],
	},
	unresolved: {
		title: 'The server cannot be reached',
		meaning: 'Its name has no address, as far as this machine can find out: nothing has been tried yet.',
		steps: ['Look at the spelling of HOST', 'From here: getent hosts HOST. If that knows no address, start again with the address itself, as in -h 10.0.3.7'],
	},
	lost: {
		title: 'The connection has been lost',
		meaning: 'The connection ended without a word: a restart, a crash, a proxy with nothing behind it, or somebody has closed it.',
	},
	refused: {title: 'The server has refused us', meaning: 'It answers, and takes no login from the console: its own words tell why.'},
	tls: {
		title: 'The server cannot be reached',
		meaning: 'TCP comes about, TLS does not: certificate, name, or a port that speaks something else.',
		steps: ['openssl s_client -connect HOST:PORT shows the certificate, and who has signed it; without TLS leave --tls out'],
	},
};

/** How long, as far as it is known. */
function lasting(snapshot: Snapshot, running: Running, nowMs: number): string {
	const {ms, atLeast} = runningFor(snapshot, running, nowMs);
	return `${atLeast ? 'at least ' : ''}${formatSeconds(ms / 1000)}`;
}

function waitingClients({snapshot}: ConsoleState): string {
	const {connectedClients} = snapshot.vitals;
	return connectedClients === undefined ? 'every client waits' : `${plural(connectedClients, 'connection')} wait${connectedClients === 1 ? 's' : ''}`;
}

export const serverRules: readonly Rule[] = [scriptBusy, scriptUnkillable, serverSilent, serverDown, serverLoading];
