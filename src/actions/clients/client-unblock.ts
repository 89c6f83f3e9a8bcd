import {mayRun, serverAnswers} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {isRefusal} from '../types.ts';
import {type ClientTarget, chosenClients, clientFacts, listIsCurrent, rowOf, whoNotices} from './client-targets.ts';

/** Wake one client out of a blocking command, as if its time had run out. Its connection stays. */
export const clientUnblock = defineAction<ClientTarget>({
	id: 'client.unblock',
	title: 'Unblock a client',
	danger: 'disruptive',
	pane: 'clients',
	doc: {
		sends: 'CLIENT UNBLOCK id',
		does: 'a client waiting in a blocking command gets an empty reply, as at its time-out',
		cost: 'none',
		verify: 'the reply is 1',
		undo: 'none needed: a worker blocks again by itself',
	},

	on: 'a client id',
	target(state, choice) {
		const clients = chosenClients(state, choice);
		if (isRefusal(clients)) return clients;
		const [client, ...others] = clients;
		if (!client || others.length > 0) return {refused: 'One client at a time: clear the marks (M) and select one'};
		const row = rowOf(state.snapshot.clients.data?.clients ?? [], client.id);
		return row?.isBlocked ? client : {refused: `Client ${client.id} is not blocked`};
	},

	facts: client => clientFacts([client]),

	checks({id, address}, now) {
		const listed = rowOf(now.snapshot.clients.data?.clients ?? [], id);
		const row = listed?.address === address ? listed : undefined;
		return [
			serverAnswers(now),
			listIsCurrent(now),
			{label: 'it is still blocked', ok: row?.isBlocked === true, reason: row ? `Client ${id} is no longer blocked` : `Client ${id} has already gone`},
			mayRun(now, 'CLIENT UNBLOCK'),
		];
	},

	plan: ({id}) => [['CLIENT', 'UNBLOCK', id]],
	effect: () => ['its blocking command returns empty, as at its time-out; the connection stays'],
	affects: client => whoNotices([client]),
	cost: () => 'none',
	evidence: ['clients'],
	verify: ({id}, {replies: [reply]}) =>
		reply === 1 ? {ok: true, detail: `client ${id} was woken`} : {ok: false, detail: `client ${id} was not blocked any more`, isFinal: true},
	undo: () => ({none: 'not needed: a worker blocks again by itself'}),
});
