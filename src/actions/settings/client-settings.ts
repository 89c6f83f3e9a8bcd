import type {ClientRow} from '../../redis/parse/client-list.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatCount, formatSeconds, plural} from '../../text/format.ts';
import {duration} from '../params.ts';
import {isRefusal} from '../types.ts';
import {type Setting, settingAction} from './setting-action.ts';
import {whole} from './setting-values.ts';

/** Twice a small limit, a quarter more of a large one: its clients cost memory, and the process may open only so many files. */
const moreClients = (now: number): number => (now < 1000 ? now * 2 : Math.ceil(now * 1.25));

/**
 * A server that may not open so many files tries every 16th smaller number, and stands still meanwhile: 2 s for a hundred million, so up to 4 ms
 * for so many (7.0 adjustOpenFilesLimit, measured).
 */
const mostMore = 200_000;

const maxclients: Setting = {
	name: 'maxclients',
	title: 'Change the limit of clients',
	pane: 'clients',
	hint: 'connections, 1 or more; at most the open files of the process, less 32',
	does: 'so many connections are let in; those that are open stay open',
	present({snapshot: {vitals}}) {
		return vitals.connectedClients === undefined ? [] : [['connected', formatCount(vitals.connectedClients)]];
	},
	initial: now => String(moreClients(Number(now))),
	parse: whole('maxclients', {from: 1, to: 4_294_967_295}),
	refusal: ({from, to}) =>
		Number(to) - Number(from) > mostMore
			? `maxclients may be raised by ${formatCount(mostMore)} at once, to ${Number(from) + mostMore}: a server that may not open so many files stands still while it looks for how many it may`
			: undefined,
	effect({from, to}, {snapshot}) {
		const connected = snapshot.vitals.connectedClients;
		const left = connected === undefined ? undefined : Number(to) - connected;
		if (left !== undefined && left <= 0)
			return [`${formatCount(connected)} are connected: they stay, and every new connection is refused, health checks and consoles included`];
		const room = left === undefined ? '' : `: room for ${formatCount(left)} more than are connected now`;
		return [
			`${formatCount(Number(to))} connections are let in instead of ${formatCount(Number(from))}${room}`,
			...(Number(to) > Number(from)
				? ['a leak goes on until its program is fixed: this only wins time', 'refused where the process may not open so many files']
				: []),
		];
	},
	affects: ({from, to}) => (Number(to) > Number(from) ? 'whoever is refused now' : 'whoever connects anew'),
	whenRefused(reason) {
		const most = /try with (\d{1,10})/.exec(reason)?.[1];
		return most === undefined
			? []
			: [`Take ${formatCount(Number(most))} at most`, 'More takes a higher limit of open files for the process (LimitNOFILE, ulimit -n), and a restart'];
	},
};

/** Whom the server closes when they have been idle: it lets replicas, its master, monitors, subscribers and blocked clients be (7.0 clientsCronHandleTimeout). */
const mayTimeOut: ReadonlySet<ClientRow['kind']> = new Set<ClientRow['kind']>(['normal', 'console']);

function idleLonger({snapshot: {clients}}: ConsoleState, seconds: number): readonly ClientRow[] | undefined {
	return clients.data?.clients.filter(({kind, isBlocked, idleSeconds}) => mayTimeOut.has(kind) && !isBlocked && idleSeconds > seconds);
}

function closedAtOnce(seconds: number, state: ConsoleState): string {
	const closed = idleLonger(state, seconds);
	if (closed === undefined) return '';
	// Of a list too long to be kept the longest idle are listed: nobody of them is nobody, else there may be more.
	const atLeast = closed.length > 0 && state.snapshot.clients.data?.whole ? 'at least ' : '';
	return `: ${atLeast}${plural(closed.length, 'client')} at once, by the last list`;
}

function timeoutEffect(seconds: number, state: ConsoleState): readonly string[] {
	if (seconds === 0) return ['idle clients are never closed by the server any more'];
	return [
		`connections that have sent nothing for more than ${formatSeconds(seconds)} are closed${closedAtOnce(seconds, state)}`,
		'never closed by it: blocked clients (workers that wait for jobs), subscribers, monitors, replicas and the master',
		'pools that keep idle connections see them go and have to connect anew; the console does so with its own',
	];
}

const timeout: Setting = {
	name: 'timeout',
	title: 'Close clients that are idle',
	pane: 'clients',
	hint: 'seconds, 300 or 5m; 0: never',
	does: 'ordinary clients that have sent nothing for so long are closed; blocked ones, subscribers, monitors and replicas are not',
	initial(now) {
		const seconds = Number(now);
		if (seconds === 0) return '300';
		return seconds > 60 ? '60' : '0';
	},
	parse(text) {
		const seconds = duration('timeout', text);
		if (isRefusal(seconds)) return seconds;
		const isRight = Number.isInteger(seconds) && seconds <= 2_147_483_647;
		return isRight ? String(seconds) : {refused: 'timeout must be whole seconds, 0 to 2147483647'};
	},
	shown: value => (value === '0' ? '0 (never)' : `${value} (${formatSeconds(Number(value))})`),
	effect: ({to}, state) => timeoutEffect(Number(to), state),
	affects: ({to}, state) => (to === '0' ? 'nobody' : whoIdles(Number(to), state)),
};

function whoIdles(seconds: number, state: ConsoleState): string {
	const count = idleLonger(state, seconds)?.length;
	return count === 0 ? 'nobody now; whoever is idle for so long later' : 'programs that keep idle connections';
}

export const clientSettings = [maxclients, timeout].map(settingAction);
