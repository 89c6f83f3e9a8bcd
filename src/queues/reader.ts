import type {ClientRow} from '../redis/parse/client-list.ts';
import {toNumber} from '../redis/parse/number.ts';
import {adapters} from './adapters.ts';
import {confirmations, type Sighting, settle} from './confirm.ts';
import {confirmBase} from './confirm-bases.ts';
import {KeyspaceScan, type ScanOptions, type ScanProgress, suffixes} from './keyspace-scan.ts';
import {textsOf} from './replies.ts';
import {toStatus} from './status.ts';
import {type Ask, run, type Steps, together} from './steps.ts';
import type {FoundQueue, QueueMemory, QueueStatus, Unknown} from './types.ts';
import {countWorkers} from './worker-names.ts';

/** By queue id: what one reading leaves behind for the next. */
export type QueueMemories = ReadonlyMap<string, QueueMemory>;

export type ReadOptions = {
	readonly queues: readonly FoundQueue[];
	/** Of the reading before; empty for the first one. */
	readonly memories: QueueMemories;
	/** The last list of clients, and the database that is looked at; undefined where the list cannot be had. */
	readonly clients: readonly Pick<ClientRow, 'name' | 'db' | 'lastCommand'>[] | undefined;
	readonly db: number;
	/** Our clock, for a server that does not tell its own. */
	readonly nowMs: number;
};

export type QueueReading = {
	readonly queues: readonly QueueStatus[];
	/** Queues of which no key is left. */
	readonly goneIds: readonly string[];
	readonly memories: QueueMemories;
	/** The server's clock, by which every age was told. */
	readonly atMs: number;
};

/**
 * Look at all these queues: three or four rounds of bounded pipelines, however many there are. Single flight is the caller's business.
 * Rejects as `ask` does, and with ServerRefusedError when the server refuses everything in its present state.
 */
export async function readQueues(ask: Ask, {queues, memories, clients, db, nowMs}: ReadOptions): Promise<QueueReading> {
	const atMs = await serverClock(ask, nowMs);
	const workers = clients && countWorkers(clients, db);
	const read = await run(ask, together(queues.map(queue => lookAt(queue, {nowMs: atMs, before: memories.get(queue.id), workers: workers?.get(queue.id)}))));
	const present = read.filter(({isGone}) => !isGone);
	return {
		queues: present.map(({status}) => status),
		goneIds: read.filter(({isGone}) => isGone).map(({status}) => status.id),
		memories: new Map(present.map(({status, memory}) => [status.id, memory])),
		atMs,
	};
}

type LookedAt = {readonly status: QueueStatus; readonly memory: QueueMemory; readonly isGone: boolean};

function* lookAt(queue: FoundQueue, context: Parameters<typeof toStatus>[2]): Steps<LookedAt> {
	const look = yield* adapters[queue.family](queue, context);
	return {...toStatus(queue, look, context), isGone: look.isGone === true};
}

/** Jobs are timed by the clocks of their own machines; the server's is likelier to agree with them than a bastion's. */
async function serverClock(ask: Ask, nowMs: number): Promise<number> {
	const [reply] = await ask([['TIME']]);
	const [seconds, micros] = textsOf(reply);
	const atMs = (toNumber(seconds) ?? Number.NaN) * 1000 + Math.floor((toNumber(micros) ?? 0) / 1000);
	return Number.isNaN(atMs) ? nowMs : atMs;
}

export type DiscoverOptions = ScanOptions & {
	/** Called before every page of the scan: pause here, and resolve to false to end it with what has been seen. */
	readonly beforePage?: (progress: ScanProgress) => Promise<boolean>;
	/** Queues confirmed while the scan goes on, all so far: a queue has several keys, and most show one of them early. */
	readonly onPartial?: (queues: readonly FoundQueue[]) => void;
};

export type Discovery = ScanProgress & {
	readonly queues: readonly FoundQueue[];
	/** Commands that this user may not run: what they would have told is missing. */
	readonly unknown: readonly Unknown[];
};

/** Queues of BullMQ, Bull or bee-queue by what their keys begin with, without a search: those of the names that are one. */
export async function confirmNamed(ask: Ask, ids: readonly string[]): Promise<readonly FoundQueue[]> {
	return settle((await run(ask, together(ids.map(confirmByKeys)))).flat());
}

/** As the search would see it: by the keys that there are. */
function* confirmByKeys(base: string): Steps<readonly Sighting[]> {
	const types = yield suffixes.map(suffix => ['TYPE', `${base}:${suffix}`]);
	return yield* confirmBase(base, new Set(suffixes.filter((_, index) => typeof types[index] === 'string' && types[index] !== 'none')));
}

/** Confirming costs a question or two for every candidate, so it is done ever more rarely: after so many pages, then twice as many … */
const firstPartialPages = 20;
const partialGrowth = 2;

/** Find every queue of the database by one SCAN, page by page, and confirm by types and contents what the names suggest. */
export async function discoverQueues(ask: Ask, {beforePage = async () => true, onPartial, ...options}: DiscoverOptions = {}): Promise<Discovery> {
	const scan = new KeyspaceScan(options);
	const unknown = new Map<string, Unknown>();
	const confirmed = async () => settle((await run(remembering(ask, unknown), together(confirmations(scan.candidates())))).flat());
	let partialPages = firstPartialPages;
	for (let command = scan.command; command !== undefined && (await beforePage(scan.progress)); command = scan.command) {
		const [reply] = await ask([command]);
		scan.take(reply);
		if (!onPartial || scan.progress.pages < partialPages || scan.progress.isComplete) continue;
		partialPages *= partialGrowth;
		onPartial(await confirmed());
	}
	return {...scan.progress, queues: await confirmed(), unknown: [...unknown.values()]};
}

/** Notes what is not permitted; that a key is of another type is what the asking is for. */
function remembering(ask: Ask, unknown: Map<string, Unknown>): Ask {
	return async argvs => {
		const replies = await ask(argvs);
		for (const [index, reply] of replies.entries()) {
			const command = argvs[index]?.[0] ?? '';
			if (reply instanceof Error && !reply.message.startsWith('WRONGTYPE') && !unknown.has(command)) unknown.set(command, {command, reason: reply.message});
		}
		return replies;
	};
}

/** What a scan has found, and beside it what connections tell of queues that it has not seen yet. */
export function mergeFound(scanned: readonly FoundQueue[], ofClients: readonly FoundQueue[]): readonly FoundQueue[] {
	const known = new Set(scanned.map(({id}) => id));
	return [...scanned, ...ofClients.filter(({id}) => !known.has(id))];
}
