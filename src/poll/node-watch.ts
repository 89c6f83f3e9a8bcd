import type {Clock} from '../clock.ts';
import {DeadlineError, NotSentError, ReplyLostError, ServerRefusedError} from '../errors.ts';
import {Link, type LinkStatus} from '../redis/link.ts';
import {type ClusterNode, parseClusterNodes, parseClusterShards, parseClusterSlots, slotCount} from '../redis/parse/cluster.ts';
import {type ClusterInfo, parseClusterInfo} from '../redis/parse/cluster-info.ts';
import {address, type Endpoint, type Target} from '../redis/target.ts';
import type {Finding} from '../store/finding.ts';
import {type ConsoleState, type ConsoleStore, createConsoleStore} from '../store/store.ts';
import {createApply} from './apply.ts';
import {onNewConnection} from './new-connection.ts';
import type {OwnCost} from './own-cost.ts';
import {isLasting, probeRefusal, withRefusal, withSourceRefused} from './refusals.ts';
import {type Change, commandStats, info} from './sources.ts';

export type NodeWatchOptions = {
	/** How to log in, and where. */
	readonly target: Target;
	/** What CLIENT LIST calls the connection; no blanks. */
	readonly name: string;
	readonly clock: Clock;
	readonly diagnose: (state: ConsoleState) => readonly Finding[];
	/** Another server named it, nobody asked for it: one that refuses the login is not given it again. */
	readonly isAnnounced?: () => boolean;
	/** Counts what is sent there; it is asked what that cost as often as this says. Without it nobody asks. */
	readonly cost?: {readonly account: OwnCost; readonly everyMs: () => number};
};

/** What one node says of its cluster. */
export type ClusterView = {readonly atMs: number; readonly host: string; readonly nodes: readonly ClusterNode[]; readonly info: ClusterInfo | undefined};

/** Until a node that says nothing counts as silent. Many are asked at once over one line, so more than for the one that is looked at. */
const patienceMs = 2000;
const dataDeadlineMs = 3000;
/** A PING that has just been sent is no reason to ask nothing. */
const longestOwedMs = 500;

/**
 * One server beside the one that is looked at: a light connection of its own, which reads PING and INFO and never acts. What it says goes the same
 * way as that of the main one (state, findings), into a store of its own.
 */
export class NodeWatch {
	readonly endpoint: Endpoint;
	readonly address: string;
	readonly store: ConsoleStore;
	/** Undefined while it tells nothing of a cluster. */
	view: ClusterView | undefined;
	/** Why it tells nothing of a cluster. */
	refusal: string | undefined;
	readonly #options: NodeWatchOptions;
	#link: Link | undefined;
	#apply: (change: Change) => void = () => {};
	#greeted: LinkStatus | undefined;
	#refusedLogin = false;
	#costAtMs = Number.NEGATIVE_INFINITY;
	/** What this user may not ask, or this server does not know: it is not asked again over this connection, as each time fills its ACL LOG. */
	readonly #refused = new Set<string>();

	constructor(options: NodeWatchOptions) {
		this.#options = options;
		const {target, clock} = options;
		this.endpoint = target.endpoint;
		this.address = address(target.endpoint);
		this.store = createConsoleStore(sessionOf(target), clock.now());
	}

	/** Carry out what another reader of this node has learnt. */
	readonly apply = (change: Change): void => this.#apply(change);

	/** Plain reads over the light connection. Rejects as Link.sendAll does, and where it has owed a reply for a while. */
	readonly ask = async (argvs: readonly (readonly string[])[]): Promise<readonly unknown[]> => {
		const link = this.#link;
		const owedMs = link?.waiting ? this.#options.clock.now() - link.waiting.sinceMs : 0;
		if (!link || owedMs > longestOwedMs) throw new NotSentError('the light connection is not free');
		for (const argv of argvs) this.#options.cost?.account.count(argv);
		return link.sendAll(argvs, dataDeadlineMs);
	};

	/** Of the connection that is open now. */
	get clientId(): string | undefined {
		const status = this.#link?.status;
		return status?.kind === 'open' ? status.greeting.clientId : undefined;
	}

	/** One look: PING, INFO, and what it says of its cluster if that is asked for; all of it is judged once. Never rejects. */
	async look(asksCluster: boolean): Promise<void> {
		const isAnnounced = this.#options.isAnnounced?.() ?? false;
		// The master may have moved there since: then it is the one that was asked for.
		if (this.#refusedLogin && isAnnounced) return;
		const link = this.#open();
		// Nothing more is sent to one that owes a reply: it only gets older.
		if (link.waiting && link.status.kind === 'open') return this.#apply(unchanged);
		await this.#standing(link);
		const changes = this.#greet(link);
		if (link.status.kind === 'open') await this.#unlessGone(() => this.#ask(link, asksCluster, changes));
		this.#apply((snapshot, nowMs) => changes.reduce((changed, change) => change(changed, nowMs), snapshot));
		const {kind} = this.store.getState().snapshot.server;
		if (link.status.kind !== 'open' || kind === 'SILENT' || kind === 'BUSY') this.view = undefined;
		if (isAnnounced && isLoginRefused(link.status)) {
			this.#refusedLogin = true;
			this.close();
		}
	}

	/** What is known stays. */
	close(): void {
		this.#link?.close();
		this.#link = undefined;
	}

	#open(): Link {
		if (this.#link) return this.#link;
		const {target, name, clock, diagnose} = this.#options;
		const link = new Link({target, name, clock}).open();
		this.#link = link;
		this.#apply = createApply({store: this.store, link, clock, patienceMs: () => patienceMs, diagnose});
		return link;
	}

	/** Until the connection stands or cannot be had; at most for the time after which it counts as silent. */
	async #standing(link: Link): Promise<void> {
		const settled = new AbortController();
		const look = () => {
			if (link.status.kind === 'open' || link.status.kind === 'broken' || link.status.kind === 'closed') settled.abort();
		};
		const unsubscribe = link.subscribe(look);
		look();
		if (!settled.signal.aborted) await this.#options.clock.sleep(patienceMs + 20, settled.signal);
		unsubscribe();
	}

	#greet(link: Link): Change[] {
		const {status} = link;
		if (status.kind !== 'open' || status === this.#greeted) return [];
		this.#greeted = status;
		this.#refused.clear();
		return [snapshot => onNewConnection(snapshot, status.greeting)];
	}

	async #ask(link: Link, asksCluster: boolean, changes: Change[]): Promise<void> {
		if (!(await this.#probe(link, changes))) return;
		if (!this.#refused.has('INFO')) await this.#askInfo(link, changes);
		if (asksCluster) await this.#askCluster(link, changes);
		if (!this.#refused.has('INFO')) await this.#askCost(link, changes);
	}

	/** What our commands cost there, by the node's own statistics. */
	async #askCost(link: Link, changes: Change[]): Promise<void> {
		const {cost, clock} = this.#options;
		if (!cost || clock.now() - this.#costAtMs < cost.everyMs()) return;
		this.#costAtMs = clock.now();
		try {
			const change = await commandStats.read(
				argv => this.#send(link, argv),
				this.store.getState(),
				() => 0,
			);
			changes.push((snapshot, nowMs) => {
				const next = change(snapshot, nowMs);
				const percent = cost.account.settle(next.commandStats.data ?? [], nowMs);
				return percent === undefined ? next : {...next, ownCostPercent: percent};
			});
		} catch (error) {
			if (!(error instanceof ServerRefusedError)) throw error;
		}
	}

	#send(link: Link, argv: readonly string[], deadlineMs: number = dataDeadlineMs): Promise<unknown> {
		this.#options.cost?.account.count(argv);
		return link.send(argv, deadlineMs);
	}

	async #askInfo(link: Link, changes: Change[]): Promise<void> {
		try {
			changes.push(
				await info.read(
					argv => this.#send(link, argv),
					this.store.getState(),
					() => 0,
				),
			);
			if (this.#refused.has('PING')) changes.push((snapshot, nowMs) => withRefusal(snapshot, undefined, nowMs));
		} catch (error) {
			if (!(error instanceof ServerRefusedError)) throw error;
			if (isLasting(error.message)) this.#refused.add('INFO');
			changes.push((snapshot, nowMs) => withSourceRefused(snapshot, 'info', error.message, nowMs));
		}
	}

	/** False where it will answer nothing else. */
	async #probe(link: Link, changes: Change[]): Promise<boolean> {
		// Something has to be asked, or nobody would notice its silence: INFO does as well, if that may be asked.
		if (this.#refused.has('PING') && !this.#refused.has('INFO')) return true;
		try {
			await this.#send(link, ['PING'], patienceMs);
			changes.push((snapshot, nowMs) => withRefusal(snapshot, undefined, nowMs));
			return true;
		} catch (error) {
			if (!(error instanceof ServerRefusedError)) throw error;
			if (isLasting(error.message)) this.#refused.add('PING');
			const refusal = isLasting(error.message) ? undefined : probeRefusal(error.message);
			changes.push((snapshot, nowMs) => withRefusal(snapshot, refusal, nowMs));
			return refusal?.kind !== 'busy' && refusal?.kind !== 'noauth';
		}
	}

	/** Features are tried, never taken from a version: the first question that is answered is the one that is asked from then on. */
	async #askCluster(link: Link, changes: Change[]): Promise<void> {
		for (const question of clusterQuestions) {
			if (this.#refused.has(question.argv.join(' '))) continue;
			const [reply, about, own] = await this.#sendUnrefused(link, [question.argv, ['CLUSTER', 'INFO'], ['CLUSTER', 'MYID']]);
			if (reply instanceof ServerRefusedError) {
				this.refusal = reply.message;
				if (!isLasting(reply.message)) return;
				continue;
			}
			const {endpoint} = this;
			this.refusal = undefined;
			this.view = {
				atMs: this.#options.clock.now(),
				host: endpoint.kind === 'tcp' ? endpoint.host : '127.0.0.1',
				nodes: question.read(reply).map(node => (node.id === own ? {...node, isMyself: true} : node)),
				info: typeof about === 'string' ? parseClusterInfo(about) : undefined,
			};
			const itself = this.view.nodes.find(({isMyself}) => isMyself);
			changes.push(snapshot => ({...snapshot, ownSlots: itself && slotCount(itself.slots)}));
			return;
		}
	}

	/** The replies in the order of the questions; undefined for those that have been refused before. */
	async #sendUnrefused(link: Link, argvs: readonly (readonly string[])[]): Promise<readonly unknown[]> {
		const asked = argvs.filter(argv => !this.#refused.has(argv.join(' ')));
		for (const argv of asked) this.#options.cost?.account.count(argv);
		const replies = await link.sendAll(asked, dataDeadlineMs);
		for (const [index, reply] of replies.entries())
			if (reply instanceof ServerRefusedError && isLasting(reply.message)) this.#refused.add(asked[index]?.join(' ') ?? '');
		return argvs.map(argv => (asked.includes(argv) ? replies[asked.indexOf(argv)] : undefined));
	}

	async #unlessGone(ask: () => Promise<void>): Promise<void> {
		try {
			await ask();
		} catch (error) {
			if (!(error instanceof DeadlineError || error instanceof ReplyLostError || error instanceof NotSentError)) throw error;
			this.view = undefined;
		}
	}
}

const isLoginRefused = (status: LinkStatus): boolean => status.kind === 'broken' && (status.failure.kind === 'wrongpass' || status.failure.kind === 'noauth');

const unchanged: Change = snapshot => snapshot;

/** Only the first tells of slots on their way and of what failed; the others are for users or servers without it. */
const clusterQuestions = [
	{argv: ['CLUSTER', 'NODES'], read: (reply: unknown) => parseClusterNodes(String(reply))},
	{argv: ['CLUSTER', 'SHARDS'], read: parseClusterShards},
	{argv: ['CLUSTER', 'SLOTS'], read: parseClusterSlots},
] as const;

/** Nobody works in it: it only carries what rules and selectors look at. */
const sessionOf = ({name, endpoint, environment, db}: Target): ConsoleState['session'] => ({
	target: {name, address: address(endpoint), environment, db},
	mode: 'read-only',
	operator: '',
	intervalMs: 60_000,
	isLight: true,
	ownClientIds: new Set(),
	auditFile: '',
	acting: 'none',
	components: [],
});
