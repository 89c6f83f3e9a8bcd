import type {Check} from '../../store/dialog.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatCount, formatSeconds, plural} from '../../text/format.ts';
import {mayRun, serverAnswers} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {duration} from '../params.ts';
import {amongOthers, ask, type Reading} from '../trips.ts';
import {isRefusal, type Refusal} from '../types.ts';
import {type ClientTarget, clientFacts, countBy, isListed, listIsCurrent, toTarget, whoNotices} from './client-targets.ts';
import {type IdleClients, idleClients, longestIdleSeconds} from './idle-clients.ts';
import {activeAgain, inUseNow, killIdleBatch} from './kill-idle-rounds.ts';

/** A list of its own, and what it is frozen from. */
type Found = Omit<IdleClients, 'clients'> & {
	readonly clients: readonly (ClientTarget & {readonly db: number})[];
	readonly canLookAgain: boolean;
	/** The list in the store is older where it was read before this. */
	readonly readAtMs: number;
};

type Target = {
	readonly idleSeconds: number;
	readonly ownIds: ReadonlySet<string>;
	/** Undefined until the list has been read. */
	readonly found: Found | undefined;
};

/** Close what has been idle for long: ordinary connections only, from an exact list, each looked at again right before. */
export const clientKillIdle = defineAction<Target>({
	id: 'client.kill-idle',
	title: 'Close idle connections',
	danger: 'destructive',
	pane: 'clients',
	doc: {
		sends: 'CLIENT KILL ID n, one for each client, in rounds; before each round CLIENT LIST ID n … of those in it',
		does: 'closes ordinary clients idle for so long; never replicas, subscribers, monitors, blocked workers, clients in MULTI or with tracking, consoles',
		cost: 'one CLIENT LIST (13 ms with 10,000 clients), then O(clients) for each CLIENT KILL, in rounds below 2.5 ms',
		verify: 'the ids are no longer listed, but for those that became active again',
		undo: 'none: a client that retries connects again by itself',
	},

	params: [
		{
			name: 'idle',
			aliases: ['seconds', 'idle-seconds', 'over'],
			hint: 'idle for so long or longer: seconds, or 15m, 2h',
			initial: () => '300',
		},
	],

	target(state, {on, set}) {
		if (on.length > 0) return {refused: 'It is told how long they have been idle, not which: --set idle=300. client.kill closes clients by id'};
		const idleSeconds = duration('idle', set.idle ?? '');
		if (isRefusal(idleSeconds)) return {...idleSeconds, needsInput: true};
		if (idleSeconds < 1) return {refused: 'idle must be 1 second or more: below that everybody is', needsInput: true};
		return anyIdle(idleSeconds, state) ?? {idleSeconds, ownIds: state.session.ownClientIds, found: undefined};
	},

	*prepare(target, state): Reading<Target | Refusal> {
		const microsPerClient = 1.5;
		const micros = Math.max(10, (state.snapshot.vitals.connectedClients ?? 0) * microsPerClient);
		const [reply] = yield* ask([['CLIENT', 'LIST']], micros, {encoding: 'buffer'});
		if (!Buffer.isBuffer(reply))
			return {refused: `The clients could not be listed: ${reply instanceof Error ? reply.message : 'CLIENT LIST was answered by no list'}`};
		const idle = yield* amongOthers(idleClients(reply, target.idleSeconds, target.ownIds));
		const [first] = idle.clients;
		if (!first) return nobody(target.idleSeconds);
		const [again] = yield* ask([['CLIENT', 'LIST', 'ID', first.id]]);
		const clients = idle.clients.map(row => ({...toTarget(row), db: row.db}));
		return {...target, found: {...idle, clients, canLookAgain: typeof again === 'string', readAtMs: state.nowMs}};
	},

	facts({idleSeconds, found}) {
		if (!found) return [];
		const {clients, spared, ordinaryCount} = found;
		return [
			['idle for', `${formatSeconds(idleSeconds)} or longer: ${formatCount(clients.length)} of ${plural(ordinaryCount, 'ordinary client')}`],
			...clientFacts(clients),
			['databases', countBy(clients, ({db}) => `db${db}`)],
			...(spared.length > 0 ? [['left alone', countBy(spared, reason => reason)] as const] : []),
		];
	},

	checks: (target, now) => checksOf(target, now),
	plan: ({found}) => (found?.clients ?? []).map(({id}) => ['CLIENT', 'KILL', 'ID', id]),
	goesOn: ({found}) =>
		found?.canLookAgain
			? 'before each round CLIENT LIST ID … of those in it: who has become active again is left alone'
			: 'this server has no CLIENT LIST ID: who becomes active again meanwhile is closed too',
	work: ({idleSeconds, ownIds, found}) =>
		killIdleBatch({ids: (found?.clients ?? []).map(({id}) => id), idleSeconds, ownIds, canLookAgain: found?.canLookAgain ?? false}),
	effect: ({found}) => [
		`${plural(found?.clients.length ?? 0, 'connection')} ${found?.clients.length === 1 ? 'is' : 'are'} closed, and what they held is free: slots of maxclients, buffers`,
		'a pool opens new ones when it needs them; the first command on a closed one may fail',
		'a leak goes on until its program is fixed: names and addresses say whose it is',
	],
	affects: ({found}) => whoNotices(found?.clients ?? []),
	cost: ({found}, {snapshot}) =>
		`${plural(found?.clients.length ?? 0, 'command')}, each a pass over the list of ${formatCount(snapshot.vitals.connectedClients)} clients, in rounds below 2.5 ms`,
	evidence: ['clients'],

	verify({found}, {tally}, after) {
		const listed = (found?.clients ?? []).filter(isListed(after.snapshot)).length;
		const spared = (tally?.skipped.get(activeAgain) ?? 0) + (tally?.skipped.get(inUseNow) ?? 0);
		const left = listed - spared;
		if (left > 0) return {ok: false, detail: `${formatCount(left)} of ${formatCount(found?.clients.length)} are still listed`};
		const done = tally?.done ?? 0;
		const others = [...(tally?.skipped ?? [])].map(([reason, count]) => `, ${formatCount(count)} ${reason}`).join('');
		if (done === 0) return {ok: false, detail: `the server closed nobody${others}`, isFinal: true};
		return {ok: true, detail: `${plural(done, 'idle client')} ${done === 1 ? 'is' : 'are'} disconnected${others}`};
	},

	undo: () => ({none: 'cannot be undone: a client that retries connects again by itself'}),
});

const nobody = (idleSeconds: number): Refusal => ({refused: `No ordinary client has been idle for ${formatSeconds(idleSeconds)} or longer`, needsInput: true});

/** By the list in the store, so that the palette need not ask the server; its age makes everybody in it idle for longer, at most. */
function anyIdle(idleSeconds: number, {snapshot, session, nowMs}: ConsoleState): Refusal | undefined {
	const {data, updatedAtMs, refused} = snapshot.clients;
	if (!data || updatedAtMs === undefined) return {refused: refused?.reason ?? 'The client list has not been read yet'};
	// The server cuts idle times to whole seconds, and our own moment is up to one behind.
	const ageSeconds = Math.ceil(Math.max(0, nowMs - updatedAtMs) / 1000) + 2;
	// Who came after the list was read may be idle for so long as well; so may who is not listed.
	if (ageSeconds >= idleSeconds || data.whole) return undefined;
	return longestIdleSeconds(data.clients, session.ownClientIds) + ageSeconds >= idleSeconds ? undefined : nobody(idleSeconds);
}

function checksOf({found}: Target, now: ConsoleState): readonly Check[] {
	const clients = found?.clients ?? [];
	const left = clients.filter(isListed(now.snapshot)).length;
	const isNewer = found !== undefined && (now.snapshot.clients.updatedAtMs ?? 0) > found.readAtMs;
	return [
		serverAnswers(now),
		listIsCurrent(now),
		...(isNewer
			? [{label: `${formatCount(left)} of ${formatCount(clients.length)} are still connected`, ok: left > 0, reason: 'All of them have already gone'}]
			: []),
		{label: 'not the console', ok: !clients.some(({id}) => now.session.ownClientIds.has(id)), reason: 'A connection of the console’s own is among them'},
		mayRun(now, 'CLIENT KILL'),
	];
}
