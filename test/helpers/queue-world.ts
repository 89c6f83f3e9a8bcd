import type {QueueStatus} from '../../src/queues/types.ts';
import {firstLook} from '../../src/store/opened-queue.ts';
import {received} from '../../src/store/resource.ts';
import {noonMs, type StateParts} from './fixtures.ts';
import {queueStatus} from './queue-status.ts';

/** `bull:orders` of BullMQ 5, under the cursor; `rest` stand beside it. */
export const queueWorld = (change: Partial<QueueStatus> = {}, parts: StateParts = {}, rest: readonly QueueStatus[] = []): StateParts => ({
	...parts,
	panes: {queues: {selectedId: 'bull:orders'}},
	snapshot: {queues: received([queueStatus(change), ...rest], noonMs), ...parts.snapshot},
});

type OneJob = {
	/** In the sorted set that is read. */
	readonly score?: number;
	readonly reason?: string;
	readonly fields?: Readonly<Record<string, string>>;
	readonly ids?: readonly string[];
	readonly lengths?: number;
};

/** What a server says whose queue has one job, 7, or several alike, where the action looks for them. */
export function oneJobAnswers({score = 0, reason = 'connect ECONNREFUSED 10.0.3.5:5432', fields = {}, ids = ['7'], lengths = 0}: OneJob = {}) {
	const all: Readonly<Record<string, string>> = {timestamp: String(noonMs - 60_000), name: 'charge', processedOn: String(noonMs - 50_000), ...fields};
	return ([command = '', key = '', ...rest]: readonly string[]): unknown => {
		switch (command) {
			case 'TIME':
				return [String(noonMs / 1000), '0'];
			case 'ZCOUNT':
			case 'ZCARD':
				return ids.length;
			case 'ZRANGEBYSCORE':
				return ids.flatMap(id => [id, String(score)]);
			case 'LLEN':
				return key.endsWith(':active') ? ids.length : lengths;
			case 'LRANGE':
				return ids;
			case 'MGET':
				return [null, ...rest.map(() => null)];
			case 'HMGET':
				return rest.map(field => all[field] ?? null);
			case 'HSTRLEN':
				return reason.length;
			case 'HGET':
				return reason;
			default:
				return null;
		}
	};
}

/** A queue that is open. */
export const openQueueWorld = (change: Partial<QueueStatus> = {}): StateParts => ({
	snapshot: {queues: received([queueStatus(change)], noonMs), queueSearch: {phase: 'ended', keys: 10, endedAtMs: noonMs, isComplete: true, unknown: []}},
	ui: {view: 'queues', queue: firstLook(queueStatus(change))},
});
