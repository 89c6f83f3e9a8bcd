import {classifyError} from '../redis/parse/errors.ts';
import type {Refused} from '../store/resource.ts';
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
	largeCommands: 'large requests and replies',
	scriptTexts: 'what a script does',
} as const satisfies Partial<Record<keyof Snapshot, string>>;

/** Only Valkey has them: nobody misses them elsewhere. */
const extras: ReadonlySet<string> = new Set(['largeCommands', 'scriptTexts']);

type Hidden = {
	readonly command: string;
	readonly reason: string;
	readonly what: string;
	readonly isMinor: boolean;
	/** A database with a number too high, which no right would change. */
	readonly isNotThere?: boolean;
};

/** What this user may not run, and what is not seen for it. */
export function hiddenFrom(snapshot: Snapshot): readonly Hidden[] {
	const names = Object.keys(hides) as (keyof typeof hides)[];
	const list = names.flatMap(name => {
		const {refused} = snapshot[name];
		if (!refused) return [];
		const isMissing = classifyError(refused.reason).kind === 'unknown-command';
		if (isMissing && extras.has(name)) return [];
		// Servers before 7.0 have neither functions nor ACL DRYRUN, and an operator with just the rights needed has no DRYRUN.
		const isMinor = extras.has(name) || name === 'permissions' || (name === 'functionStats' && isMissing);
		return [{...refused, what: hides[name], isMinor}];
	});
	const {error} = snapshot.database;
	const ofQueues = refusedOfQueues(snapshot).map(refusal => ({...refusal, what: 'job queues, or some of them', isMinor: false}));
	return error === undefined
		? [...list, ...ofQueues]
		: [
				...list,
				...ofQueues,
				{command: 'SELECT', reason: error, what: 'the database that was asked for: database 0 is looked at', isMinor: false, isNotThere: isOutOfRange(error)},
			];
}

/** `ERR DB index is out of range`, before 6.2 `ERR invalid DB index`; a cluster says `ERR SELECT is not allowed in cluster mode`. */
const isOutOfRange = (reason: string): boolean => /^ERR (?:DB index is out of range|invalid DB index|SELECT is not allowed in cluster mode)/.test(reason);

/** What a user may not ask about queues, each command once, however many keys it was refused for. */
function refusedOfQueues({queueSearch, queues}: Snapshot): readonly Refused[] {
	const first = new Map<string, Refused>();
	const ofQueues = (queues.data ?? []).flatMap(({unknown}) => unknown);
	for (const {command, reason} of [...queueSearch.unknown, ...ofQueues, ...(queues.refused ? [queues.refused] : [])]) {
		const name = nameOf(command);
		if (!first.has(name) && classifyError(reason).kind === 'noperm') first.set(name, {command: name, reason});
	}
	return [...first.values()];
}

/** `LLEN` of `LLEN bull:orders:wait`; what is said in words stays as it is. */
const nameOf = (command: string): string => (command.startsWith('reading ') ? command : (command.split(' ', 1)[0] ?? command));
