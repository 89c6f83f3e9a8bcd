import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {formatBytes, formatSeconds, plural} from '../../text/format.ts';
import {mayRun, serverAnswers} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {sentinelsSeen} from './sentinels-seen.ts';

type Target = {readonly host: string; readonly port: number};

/** Make this replica a master. */
export const replicaPromote = defineAction<Target>({
	id: 'replica.promote',
	title: 'Make this replica a master',
	danger: 'destructive',
	pane: 'ha',
	doc: {
		sends: 'REPLICAOF NO ONE',
		does: 'this replica follows nobody any more and takes writes; the old master, if it lives, goes on as a second one',
		cost: 'none',
		verify: 'INFO says role:master',
		undo: 'none: REPLICAOF host port attaches it again, and throws away what was written here since',
	},

	isAboutRole: true,
	rereads: ['info'],
	target({snapshot: {info}}) {
		const {role, masterHost, masterPort} = info.data ?? {};
		if (role !== 'replica')
			return {refused: role === undefined ? 'Whether this is a replica is not known' : 'This is a master already: only a replica can be made one'};
		if (masterHost === undefined || masterPort === undefined) return {refused: 'Whom it follows is not known'};
		return {host: masterHost, port: masterPort};
	},

	facts: ({host, port}, {snapshot: {info}}) => [
		['follows', `${host}:${port}, ${linkWords(info.data)}`],
		['behind', behindWords(info.data)],
	],

	checks({host, port}, now) {
		const {role, masterHost, masterPort, clusterEnabled, masterSyncInProgress} = now.snapshot.info.data ?? {};
		return [
			serverAnswers(now),
			{label: 'it is a replica', ok: role === undefined ? undefined : role === 'replica', reason: 'It is a master by now'},
			{label: `it follows ${host}:${port}`, ok: masterHost === host && masterPort === port, reason: 'It follows another master by now'},
			{
				label: 'it is no node of a cluster',
				ok: clusterEnabled === undefined ? undefined : !clusterEnabled,
				reason: 'In a cluster REPLICAOF is not allowed: CLUSTER FAILOVER is the way there',
			},
			{label: 'it is not loading', ok: now.snapshot.server.kind !== 'LOADING', reason: 'It is loading its data and refuses this until it is done'},
			{
				label: 'it is whole: no full copy is under way',
				ok: masterSyncInProgress === undefined ? undefined : !masterSyncInProgress,
				reason: 'It is being filled anew by its master: promoted now it might be half empty. Wait for the end of it, or for the link to break',
			},
			mayRun(now, 'REPLICAOF'),
		];
	},

	plan: () => [['REPLICAOF', 'NO', 'ONE']],

	effect({host, port}, state) {
		const sentinels = sentinelsSeen(state) ?? 0;
		const below = state.snapshot.info.data?.connectedReplicas ?? 0;
		return [
			'it takes writes at once; what the old master has taken and this one has not received is lost here',
			`${host}:${port}, if it lives, goes on as a second master: whatever is still written there is not here. Stop it, or its clients, first`,
			'clients do not follow by themselves: their address has to be changed, or a proxy or name',
			`other replicas stay with the old master${below > 0 ? `; the ${plural(below, 'replica')} of this one go${below === 1 ? 'es' : ''} on with it` : ''}`,
			...(sentinels > 0
				? [
						`${plural(sentinels, 'Sentinel')} watch${sentinels === 1 ? 'es' : ''} it: while the master that they know lives they turn this one back into a replica. Use sentinel.failover instead`,
					]
				: []),
		];
	},
	affects: () => 'every client of the old master; whoever reads here',
	cost: () => 'none to the server',
	evidence: ['info'],

	verify(_target, {replies: [reply]}, {snapshot: {info}}) {
		const {role} = info.data ?? {};
		if (role === 'master') return {ok: true, detail: 'it is a master now'};
		return {ok: false, detail: `the server replied ${String(reply)}, and its role is ${role ?? 'not known'}`};
	},

	values: (_target, {snapshot: {info}}) => ({role: info.data?.role, master: masterOf(info.data)}),
	undo: ({host, port}) => ({none: `cannot be undone: REPLICAOF ${host} ${port} attaches it again, and throws away all that was written here since`}),
});

const masterOf = (info: ServerInfo | undefined): string | undefined =>
	info?.masterHost === undefined ? undefined : `${info.masterHost}:${info.masterPort ?? '?'}`;

function linkWords(info: ServerInfo | undefined): string {
	const {masterLinkUp, masterLinkDownSeconds, masterLastIoSeconds} = info ?? {};
	if (masterLinkUp === false) return `the link is down${masterLinkDownSeconds === undefined ? '' : ` for ${formatSeconds(masterLinkDownSeconds)}`}`;
	if (masterLinkUp === undefined) return 'the link is not told';
	return `the link is up${masterLastIoSeconds === undefined ? '' : `, last heard ${formatSeconds(masterLastIoSeconds)} ago`}`;
}

/** What it has received and not yet carried out; what its master has beyond that nobody here can know. */
function behindWords(info: ServerInfo | undefined): string {
	const {replicaReadOffset: read, replicaOffset: done, masterLinkUp, masterLinkDownSeconds, masterLastIoSeconds} = info ?? {};
	const own = read === undefined || done === undefined ? 'not told' : `${formatBytes(Math.max(0, read - done))} received and not yet carried out`;
	const seconds = masterLinkUp === false ? masterLinkDownSeconds : masterLastIoSeconds;
	return `${own}; what the master has taken ${seconds === undefined ? 'beyond that' : `in the last ${formatSeconds(seconds)}`} cannot be seen from here`;
}
