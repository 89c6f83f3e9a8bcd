import {toTexts} from '../../redis/parse/reply.ts';
import {parseWatchedMaster, type SentinelAnswer} from '../../redis/parse/sentinel.ts';
import type {Check} from '../../store/dialog.ts';
import type {Candidate} from '../../store/promotable.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatCount} from '../../text/format.ts';
import {defineAction} from '../define-action.ts';
import {askSentinels, type Reading} from '../trips.ts';
import {isRefusal, type Refusal, type Verdict} from '../types.ts';
import {behindText, candidates} from './promotable.ts';
import {askedLately, knownSentinels, nobodySees, silentFacts, type View, type Views, viewsOf} from './sentinel-target.ts';

type Target = {
	/** The master, as the Sentinels call it. */
	readonly name: string;
	/** The server that this console watches. */
	readonly address: string;
	/** As read before the dialog. */
	readonly read: Read | undefined;
};

type Read = {
	readonly answers: Views;
	readonly atMs: number;
	/** The Sentinel that is told. */
	readonly node: string;
	readonly quorum: string;
	readonly replicas: readonly Candidate[];
	readonly next: Candidate;
};

/** Have Sentinel make a replica the master, without waiting for the others to agree that the master is down. */
export const sentinelFailover = defineAction<Target>({
	id: 'sentinel.failover',
	title: 'Fail over to a replica',
	danger: 'destructive',
	pane: 'ha',
	doc: {
		sends: 'SENTINEL FAILOVER name, to one Sentinel',
		does: 'the best replica becomes the master within seconds; clients are disconnected, and writes that it has not received are lost',
		cost: 'seconds without writes; the other replicas and the old master copy from the new one, possibly everything',
		verify: 'the Sentinels that answer name the new master, within 15 s',
		undo: 'none: once the old master has synced as a replica, another failover can make it the master again',
	},

	target(state) {
		const sentinels = knownSentinels(state);
		return isRefusal(sentinels) ? sentinels : {name: sentinels.master, address: state.session.target.address, read: undefined};
	},
	prepare,

	facts: ({name, read}, state) =>
		read
			? [
					['asks', `${read.node} for ${name}; ${read.answers.views.length} of ${read.answers.views.length + read.answers.silent.length} Sentinels answer`],
					['quorum', read.quorum],
					...read.replicas.map(replica => ['replica', replicaText(replica, read.next, state)] as const),
					...silentFacts(read.answers),
				]
			: [],

	checks: ({read}, now) => [
		{label: 'Sentinels are known', ok: now.session.sentinels !== undefined, reason: 'No Sentinel is known'},
		isStillMaster(now),
		noFailover(now),
		...(read ? [{label: `${read.next.address} can be promoted`, ok: true}, askedLately(read.atMs, now)] : []),
	],

	plan: ({name, read}) => (read ? [['SENTINEL', 'FAILOVER', name]] : []),
	work: ({read}) => ({kind: 'sentinels', nodes: read ? [read.node] : []}),
	effect: ({address, read}, state) => [
		`${read?.next.address ?? 'the best replica'} becomes the master within seconds`,
		`writes it has not received are lost (${read ? behindText(read.next.address, state) : 'not known'})`,
		`${address} becomes its replica once it answers, and drops what only it has: also what a script that still runs there has written`,
	],
	affects: (_target, {snapshot}) => `${formatCount(snapshot.vitals.connectedClients)} clients: disconnected, they must ask for the new master`,
	cost: () => 'seconds without writes; followers may copy everything, and rewrite their config files',
	deadlineMs: () => 3000,
	evidence: [],
	verify: () => ({ok: false, detail: 'only the Sentinels can tell'}),
	verifyForMs: 15_000,
	review,

	values: ({name, read}, {session}) => ({[`master of ${name}`]: read && session.sentinels?.views.get(read.node)?.address}),
	undo: () => ({none: 'cannot be undone: another failover can bring it back, once it has synced as a replica'}),
	explain({code}) {
		if (code === 'NOGOODSLAVE') return {detail: 'no replica can be promoted now (NOGOODSLAVE)', next: ['5 shows the replicas: one must be in sync and answer']};
		if (code === 'INPROG') return {detail: 'a failover is under way already (INPROG)', next: ['Wait for its end: it takes seconds']};
		return undefined;
	},
});

function isStillMaster({snapshot}: ConsoleState): Check {
	const {role} = snapshot.info.data ?? {};
	return {label: 'this server is a master', ok: role && role === 'master', reason: 'This server is a replica: watch its master to fail over'};
}

/** By what the Sentinels said last, whoever asked them. */
function noFailover({session}: ConsoleState): Check {
	const isUnderWay = [...(session.sentinels?.views.values() ?? [])].some(({flags}) => flags.includes('failover_in_progress'));
	return {label: 'no failover is under way', ok: !isUnderWay, reason: 'A failover is under way already: it takes seconds'};
}

function* prepare(target: Target, {nowMs}: ConsoleState): Reading<Target | Refusal> {
	const {name, address} = target;
	const answers = viewsOf(
		yield* askSentinels([
			['SENTINEL', 'MASTER', name],
			['SENTINEL', 'REPLICAS', name],
			['SENTINEL', 'CKQUORUM', name],
		]),
	);
	const refusal = nobodySees(name, answers) ?? whyNotNow(address, answers.views);
	if (refusal) return refusal;
	const able = answers.views.map(ability);
	const best = able.toSorted((a, b) => a.doubts - b.doubts)[0];
	const next = best?.replicas[0];
	if (!best || !next || next.unfit !== undefined) return {refused: noReplica(best?.replicas ?? [])};
	return {...target, read: {answers, atMs: nowMs, node: best.node, quorum: best.quorum, replicas: best.replicas, next}};
}

function whyNotNow(address: string, views: readonly View[]): Refusal | undefined {
	const busy = views.find(({master}) => master.flags.includes('failover_in_progress'));
	if (busy) return {refused: `A failover is under way already (${busy.master.failoverState ?? 'begun'}, by ${busy.node}): wait for its end, it takes seconds`};
	const other = views.find(({master}) => master.address !== address);
	if (!other) return undefined;
	return {
		refused: `${other.node} sees ${other.master.address} as the master, and this console watches ${address}: the console follows by itself once they agree`,
	};
}

/** What speaks against asking this one; of equals the one that was given first is asked. */
function ability({node, master, replies: [replicasReply, quorumReply]}: View) {
	const replicas = candidates(replicasReply, master);
	const hasQuorum = typeof quorumReply === 'string' && quorumReply.startsWith('OK');
	const seesMaster = !master.flags.some(flag => flag === 's_down' || flag === 'o_down' || flag === 'disconnected');
	const hasReplica = replicas[0] !== undefined && replicas[0].unfit === undefined;
	const [quorum = ''] = (quorumReply instanceof Error ? quorumReply.message : String(quorumReply)).split('. ', 1);
	return {node, replicas, quorum, doubts: (hasReplica ? 0 : 4) + (seesMaster ? 0 : 2) + (hasQuorum ? 0 : 1)};
}

function noReplica(replicas: readonly Candidate[]): string {
	const why = replicas.map(({address, unfit}) => `${address}: ${unfit}`).join('; ');
	return `No replica can be promoted, Sentinel would say NOGOODSLAVE: ${why === '' ? 'the master has none' : why}`;
}

function replicaText(replica: Candidate, next: Candidate, state: ConsoleState): string {
	const {address, priority, unfit} = replica;
	if (unfit !== undefined) return `${address}  not promoted: ${unfit}`;
	return `${address}  ${behindText(address, state)}, priority ${priority ?? '?'}${address === next.address ? ': becomes the master' : ''}`;
}

function* review({name, address, read}: Target): Reading<Verdict> {
	const answers = yield* askSentinels([
		['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name],
		['SENTINEL', 'MASTER', name],
	]);
	const named = answers.flatMap(answer => namedBy(answer) ?? []);
	const changed = named.filter(({master}) => master !== address);
	const masters = new Set(changed.map(({master}) => master));
	if (named.length > 0 && changed.length === named.length && masters.size === 1) {
		return {
			ok: true,
			detail: `${[...masters].join('')} is the master now, say ${named.length} of ${answers.length} Sentinels; ${address} becomes its replica`,
		};
	}
	const told = named.find(({node}) => node === read?.node);
	if (told?.master === address && !told.isFailingOver)
		return {ok: false, isFinal: true, detail: `${told.node} has given it up: ${address} is still the master`};
	const state = told?.state === undefined ? '' : `; at ${told.node} it is at ${told.state}`;
	return {ok: false, detail: `${changed.length} of ${answers.length} Sentinels name another master than ${address}${state}`};
}

type Named = {readonly node: string; readonly master: string; readonly isFailingOver: boolean; readonly state: string | undefined};

function namedBy(answer: SentinelAnswer): Named | undefined {
	if ('error' in answer) return undefined;
	const [host, port] = toTexts(answer.replies[0]) ?? [];
	if (host === undefined || port === undefined) return undefined;
	const watched = parseWatchedMaster(answer.replies[1]);
	return {
		node: answer.node,
		master: `${host.includes(':') ? `[${host}]` : host}:${port}`,
		isFailingOver: watched?.flags.includes('failover_in_progress') === true,
		state: watched?.failoverState,
	};
}
