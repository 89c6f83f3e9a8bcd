import {classifyError} from '../redis/parse/errors.ts';
import type {Snapshot} from '../store/snapshot.ts';

/** What one does not see without it; in the order in which it matters. */
const hides = {
	info: 'memory, traffic, replication, persistence: nearly every figure',
	clients: 'who is connected, leaks, clients held up, output buffers, the likely caller of a script',
	slowlog: 'slow commands, slow scripts',
	settings: 'when BUSY begins, save points, output buffer limits',
	commandStats: 'statistics of commands, the cost of this console',
	cluster: 'whether the cluster of this node is up',
	functionStats: 'which function runs, and for how long',
	permissions: 'which actions this user may run, before they are tried',
} as const satisfies Partial<Record<keyof Snapshot, string>>;

type Hidden = {readonly command: string; readonly reason: string; readonly what: string; readonly isMinor: boolean};

/** What this user may not run, and what is not seen for it. */
export function hiddenFrom(snapshot: Snapshot): readonly Hidden[] {
	const names = Object.keys(hides) as (keyof typeof hides)[];
	const list = names.flatMap(name => {
		const {refused} = snapshot[name];
		if (!refused) return [];
		const isMissing = classifyError(refused.reason).kind === 'unknown-command';
		// Servers before 7.0 have neither functions nor ACL DRYRUN, and an operator with just the rights needed has no DRYRUN.
		const isMinor = name === 'permissions' || (name === 'functionStats' && isMissing);
		return [{...refused, what: hides[name], isMinor}];
	});
	const {error} = snapshot.database;
	const ofQueues = [...snapshot.queueSearch.unknown, ...(snapshot.queues.refused ? [snapshot.queues.refused] : [])]
		.filter(({command, reason}, index, all) => classifyError(reason).kind === 'noperm' && all.findIndex(other => other.command === command) === index)
		.map(({command, reason}) => ({command, reason, what: 'job queues, or some of them', isMinor: false}));
	return error === undefined
		? [...list, ...ofQueues]
		: [...list, ...ofQueues, {command: 'SELECT', reason: error, what: 'the database that was asked for: database 0 is looked at', isMinor: false}];
}
