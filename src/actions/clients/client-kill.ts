import type {Plan} from '../../store/dialog.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatCount, formatPercent} from '../../text/format.ts';
import {mayRun, serverAnswers} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {isRefusal} from '../types.ts';
import {type ClientTarget, chosenClients, clientFacts, groupFacts, isListed, killBatch, listIsCurrent, whoNotices} from './client-targets.ts';

type Target = {readonly clients: readonly ClientTarget[]};

/** Close connections by id, one command each: an id never names another client, an address may. */
export const clientKill = defineAction<Target>({
	id: 'client.kill',
	title: 'Close client connections',
	danger: 'disruptive',
	pane: 'clients',
	doc: {
		sends: 'CLIENT KILL ID n, one for each client',
		does: 'closes the selected or marked connections; never the console itself',
		cost: 'O(clients) for each command, below 0.1 ms with 1,000 clients',
		verify: 'each reply is 1 and the ids are no longer listed',
		undo: 'none: a client that retries connects again by itself',
	},

	on: 'a client id',
	target(state, choice) {
		const clients = chosenClients(state, choice);
		return isRefusal(clients) ? clients : {clients};
	},

	facts: ({clients}, state) => [...clientFacts(clients), ...groupFacts(clients, state)],

	checks({clients}, now) {
		const left = stillListed(clients, now).length;
		const isOne = clients.length === 1;
		return [
			serverAnswers(now),
			listIsCurrent(now),
			{
				label: isOne ? 'it is still connected' : `${formatCount(left)} of ${formatCount(clients.length)} are still connected`,
				ok: left > 0,
				reason: isOne ? `Client ${clients[0]?.id} has already gone` : 'All of them have already gone',
			},
			{label: 'not the console', ok: !clients.some(({id}) => now.session.ownClientIds.has(id)), reason: 'This is the console’s own connection'},
			mayRun(now, 'CLIENT KILL'),
		];
	},

	plan: killPlan,
	work: target => (target.clients.length > 1 ? killBatch(killPlan(target)) : undefined),
	effect: ({clients}, {snapshot}) => [
		...shareOfAll(clients.length, snapshot.vitals.connectedClients),
		clients.length === 1
			? 'its connection is closed; a command under way is lost to it'
			: `${formatCount(clients.length)} connections are closed; commands under way are lost to them`,
		'most libraries reconnect; a leak goes on until its program is fixed',
		...(clients.some(({kind}) => kind === 'replica' || kind === 'master')
			? ['a replication link is among them: it reconnects and may copy the whole dataset']
			: []),
	],
	affects: ({clients}) => whoNotices(clients),
	cost: ({clients}, {snapshot}) =>
		`${formatCount(clients.length)} ${clients.length === 1 ? 'pass' : 'passes'} over the list of ${formatCount(snapshot.vitals.connectedClients)} clients`,
	evidence: ['clients'],

	verify({clients}, {replies, tally}, after) {
		const killed = tally?.done ?? replies.filter(reply => reply === 1).length;
		const left = stillListed(clients, after).length;
		if (left > 0) return {ok: false, detail: `${formatCount(left)} of ${formatCount(clients.length)} are still listed`};
		if (clients.length === 1) {
			return killed === 1
				? {ok: true, detail: `client ${clients[0]?.id} is disconnected`}
				: {ok: false, detail: 'the server closed nobody: it had gone by itself', isFinal: true};
		}
		if (killed === 0) return {ok: false, detail: 'the server closed nobody: all of them had gone by themselves', isFinal: true};
		const gone = clients.length - killed;
		return {ok: true, detail: `${formatCount(killed)} clients are disconnected${gone > 0 ? `, ${formatCount(gone)} had gone by themselves` : ''}`};
	},

	undo: () => ({none: 'cannot be undone: a client that retries connects again by itself'}),
});

/** Nobody should close nearly everybody by taking the wrong group. */
function shareOfAll(count: number, connected: number | undefined): readonly string[] {
	if (count < 2 || !connected || count * 2 < connected) return [];
	const share = Math.min(1, count / connected);
	return [`${formatPercent(share)} of all ${formatCount(connected)} connections${share < 0.9 ? '' : ': nearly every application loses its own'}`];
}

function killPlan({clients}: Target): Plan {
	return clients.map(({id}) => ['CLIENT', 'KILL', 'ID', id]);
}

function stillListed(targets: readonly ClientTarget[], {snapshot}: ConsoleState): readonly ClientTarget[] {
	return targets.filter(isListed(snapshot));
}
