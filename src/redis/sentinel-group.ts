import {DeadlineError, NotSentError, ReplyLostError} from '../errors.ts';
import type {Link} from './link.ts';
import {toText} from './parse/reply.ts';
import {type OtherSentinel, parseOtherSentinels, parseWatchedMaster, type WatchedMaster} from './parse/sentinel.ts';
import {type SentinelOptions, sentinelReplyMs, withSentinel} from './sentinel-client.ts';
import {address, parseHost, parsePort, type TcpEndpoint} from './target.ts';

/** An answer, with what it says of the master and when it came. */
export type SentinelSaid =
	| {
			readonly node: string;
			readonly replies: readonly unknown[];
			/** As it sees the master; undefined: it does not watch it. */
			readonly master: WatchedMaster | undefined;
			/** When the replies had come. */
			readonly atMs: number;
	  }
	| {readonly node: string; readonly error: string};

/** How a Sentinel is reached. Rejects as withSentinel does. */
export type Reach = <T>(node: string, endpoint: TcpEndpoint, use: (link: Link) => Promise<T>) => Promise<T>;

type Seen = {
	/** `host:port`, those that were given first. */
	readonly nodes: readonly string[];
	/** What those that answered see of the master, by node. */
	readonly views: ReadonlyMap<string, WatchedMaster>;
};

type Heard = {
	readonly node: string;
	readonly runId: string | undefined;
	readonly master: WatchedMaster | undefined;
	readonly others: readonly OtherSentinel[];
	readonly replies: readonly unknown[];
	readonly atMs: number;
};
type Unheard = {readonly node: string; readonly error: string};

/** No group is that large; a list that is longer is not to be believed. */
const mostNodes = 50;

/**
 * The Sentinels of one master: those that were given, and those of which these know. One is known by its run id, so that one that is given by
 * another address than the others call it (a name, a forwarded port) counts once, by the address that was given.
 */
export class SentinelGroup {
	readonly #options: SentinelOptions;
	readonly #onSeen: (seen: Seen) => void;
	readonly #given: ReadonlySet<string>;
	readonly #nodeByRunId = new Map<string, string>();
	#endpoints: ReadonlyMap<string, TcpEndpoint>;

	constructor(options: SentinelOptions, onSeen: (seen: Seen) => void) {
		this.#options = options;
		this.#onSeen = onSeen;
		this.#endpoints = new Map(options.access.nodes.map(endpoint => [address(endpoint), endpoint]));
		this.#given = new Set(this.#endpoints.keys());
	}

	/**
	 * Ask every Sentinel of the group the same plain reads, each once and on one connection, also those that are found by asking. Without
	 * `reach` that connection is made for it. Never rejects.
	 */
	async ask(argvs: readonly (readonly string[])[], reach: Reach = this.#reachOnce): Promise<readonly SentinelSaid[]> {
		const endpoints = new Map(this.#endpoints);
		const answers: (Heard | Unheard)[] = [];
		const named = new Set<string>();
		for (let wave = [...endpoints]; wave.length > 0; ) {
			const heard = await Promise.all(wave.map(([node, endpoint]) => this.#askOne(node, argvs, use => reach(node, endpoint, use))));
			for (const answer of heard) this.#recognise(answer);
			answers.push(...heard);
			const others = new Map(heard.flatMap(answer => this.#othersOf(answer)));
			for (const node of others.keys()) named.add(node);
			wave = [...others].filter(([node]) => !endpoints.has(node)).slice(0, mostNodes - endpoints.size);
			for (const [node, endpoint] of wave) endpoints.set(node, endpoint);
		}
		// One that says nothing and of which nobody knows any more has been taken away.
		const counted = answers.filter(answer => ('error' in answer ? this.#given.has(answer.node) || named.has(answer.node) : this.#isFirst(answer)));
		this.#keep(counted, endpoints);
		return counted.map(answer => {
			if ('error' in answer) return answer;
			const {node, replies, master, atMs} = answer;
			return {node, replies, master, atMs};
		});
	}

	/** One command to one Sentinel of the group, once; none once `stop` is aborted, while a reply is still waited for. Rejects as Link.send does. */
	async send(node: string, argv: readonly string[], deadlineMs: number, stop: AbortSignal): Promise<unknown> {
		const endpoint = this.#endpoints.get(node);
		if (!endpoint) throw new NotSentError(`${node} is no Sentinel of this group`);
		return withSentinel(endpoint, this.#options, async link => {
			if (stop.aborted) throw new NotSentError('stopped before it was sent');
			return link.send(argv, deadlineMs);
		});
	}

	readonly #reachOnce: Reach = (_node, endpoint, use) => withSentinel(endpoint, this.#options, use);

	async #askOne(
		node: string,
		argvs: readonly (readonly string[])[],
		reach: (use: (link: Link) => Promise<readonly unknown[]>) => Promise<readonly unknown[]>,
	): Promise<Heard | Unheard> {
		const {access, clock} = this.#options;
		const {master} = access;
		const own = [
			['SENTINEL', 'MYID'],
			['SENTINEL', 'SENTINELS', master],
			['SENTINEL', 'MASTER', master],
		];
		try {
			const [id, sentinels, watched, ...replies] = await reach(link => link.sendAll([...own, ...argvs], sentinelReplyMs));
			return {node, runId: toText(id), master: parseWatchedMaster(watched), others: parseOtherSentinels(sentinels), replies, atMs: clock.now()};
		} catch (error) {
			if (error instanceof NotSentError || error instanceof DeadlineError || error instanceof ReplyLostError) return {node, error: error.message};
			throw error;
		}
	}

	#recognise(answer: Heard | Unheard): void {
		if ('error' in answer || answer.runId === undefined || this.#givenAs(answer.runId) !== undefined) return;
		this.#nodeByRunId.set(answer.runId, answer.node);
	}

	/** The given address of the Sentinel with this run id. One that was only heard of may have another address by now. */
	#givenAs(runId: string): string | undefined {
		const node = this.#nodeByRunId.get(runId);
		return node !== undefined && this.#given.has(node) ? node : undefined;
	}

	/** False for one that has answered under another address already. */
	#isFirst({node, runId}: Heard): boolean {
		return runId === undefined || this.#nodeByRunId.get(runId) === node;
	}

	#othersOf(answer: Heard | Unheard): readonly (readonly [string, TcpEndpoint])[] {
		if ('error' in answer) return [];
		return answer.others.flatMap(({runId, host, port}) => {
			const parsed = {host: parseHost(host), port: parsePort(String(port))};
			if (parsed.host === undefined || parsed.port === undefined) return [];
			const endpoint: TcpEndpoint = {kind: 'tcp', host: parsed.host, port: parsed.port};
			return [[this.#givenAs(runId) ?? address(endpoint), endpoint] as const];
		});
	}

	#keep(counted: readonly (Heard | Unheard)[], endpoints: ReadonlyMap<string, TcpEndpoint>): void {
		const nodes = counted.map(({node}) => node);
		this.#endpoints = new Map([...endpoints].filter(([node]) => this.#given.has(node) || nodes.includes(node)));
		const views = counted.flatMap(answer => ('error' in answer || !answer.master ? [] : [[answer.node, answer.master] as const]));
		this.#onSeen({nodes, views: new Map(views)});
	}
}
