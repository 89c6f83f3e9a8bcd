import {it} from 'vitest';
import {allAtOnce} from '../../helpers/all-at-once.ts';
import {retryThroughDeath} from '../../queues/retry-through-death.ts';

it(
	'lets 1,000 failed jobs run once more each, in the order in which they failed, through the death of a worker: BullMQ 4, 5 and 6',
	() => allAtOnce([4, 5, 6] as const, retryThroughDeath),
	90_000,
);
