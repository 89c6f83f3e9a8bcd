import {it} from 'vitest';
import {allAtOnce} from '../../helpers/all-at-once.ts';
import {retryThroughDeath} from '../../queues/retry-through-death.ts';

it(
	'lets 1,000 failed jobs run once more each, in the order in which they failed, through the death of a worker: Bull and BullMQ 3',
	() => allAtOnce([0, 3] as const, retryThroughDeath),
	90_000,
);
