import {isSeven} from '../../store/snapshot.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatCount, formatSeconds} from '../../text/format.ts';
import {mayRun, serverAnswers} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {wholeNumber} from '../params.ts';
import {isRefusal} from '../types.ts';

/** `ms` 0: the pause is ended. */
type Target = {readonly ms: number; readonly isBefore7: boolean};

const longestMs = 60_000;

/** Hold writes back for a moment. Never `CLIENT PAUSE ALL`: that stalls the `CLIENT UNPAUSE` that would end it (facts, trap 8). */
export const clientPauseWrites = defineAction<Target>({
	id: 'client.pause-writes',
	title: 'Hold writes back for a moment',
	danger: 'disruptive',
	pane: 'clients',
	doc: {
		sends: 'CLIENT PAUSE ms WRITE; CLIENT UNPAUSE with ms=0',
		does: 'writes, scripts and PUBLISH of all clients wait until the time is up; reads go on',
		cost: 'none; every waiting client keeps its command in memory',
		verify: 'the reply is OK; blocked clients are counted',
		undo: 'CLIENT UNPAUSE; it also ends by itself',
	},

	params: [{name: 'ms', aliases: ['milliseconds', 'timeout', 'value'], hint: 'milliseconds, 1 to 60000; 0 ends a pause', initial: () => '5000'}],
	target({snapshot}, {set}) {
		const ms = wholeNumber('ms', set.ms ?? '', {from: 0, to: longestMs});
		if (isRefusal(ms)) return ms;
		return {ms, isBefore7: isSeven(snapshot) === false};
	},

	facts: ({ms}, {snapshot: {vitals}}) => [
		['writes', ms === 0 ? 'go on' : `wait for ${formatSeconds(ms / 1000)}`],
		['clients', `${formatCount(vitals.connectedClients)} connected, ${formatCount(vitals.blockedClients)} blocked`],
	],

	checks: ({ms}, now) => [serverAnswers(now), mayRun(now, ms === 0 ? 'CLIENT UNPAUSE' : 'CLIENT PAUSE')],
	plan: ({ms}) => (ms === 0 ? [['CLIENT', 'UNPAUSE']] : [['CLIENT', 'PAUSE', String(ms), 'WRITE']]),

	effect({ms, isBefore7}) {
		if (ms === 0) return ['writes that wait are carried out at once, all of them; a pause of somebody else’s is ended as well'];
		return [
			`writes, PUBLISH and scripts wait for ${formatSeconds(ms / 1000)}, then all of them are carried out at once`,
			'reads, PING and INFO go on; nothing expires and nothing is evicted meanwhile',
			'clients whose own time-out is shorter give up, and their write is carried out all the same',
			...(isBefore7 ? ['before 7.0 SCRIPT KILL waits too'] : []),
		];
	},
	affects: ({ms}) => (ms === 0 ? 'every client whose write waits' : 'every client that writes; workers and actions of this console that write, too'),
	cost: ({ms}) => (ms === 0 ? 'what waits is carried out in one burst' : 'none; every waiting client keeps its command in memory'),
	evidence: ['info'],

	verify({ms}, {replies: [reply]}, after) {
		if (reply !== 'OK') return {ok: false, detail: `the server replied ${String(reply)}`, isFinal: true};
		if (ms === 0) return {ok: true, detail: `writes go on; ${blocked(after)}`};
		return {ok: true, detail: `writes wait for ${formatSeconds(ms / 1000)} from when it was sent, and go on by themselves then; ${blocked(after)}`};
	},

	undo: ({ms}) =>
		ms === 0 ? {none: 'not needed: writes go on'} : {plan: [['CLIENT', 'UNPAUSE']], action: 'client.pause-writes', choice: {on: [], set: {ms: '0'}}, forMs: ms},
});

const blocked = ({snapshot: {vitals}}: ConsoleState): string =>
	vitals.blockedClients === undefined ? 'blocked clients are not told' : `${formatCount(vitals.blockedClients)} clients are blocked`;
