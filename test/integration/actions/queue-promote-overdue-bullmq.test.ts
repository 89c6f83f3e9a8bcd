import {it} from 'vitest';
import {allAtOnce} from '../../helpers/all-at-once.ts';
import {promoteThroughDeath} from '../../queues/promote-through-death.ts';

it(
	'lets 1,000 overdue jobs run in the order in which they were due, through the death of a worker: BullMQ 4, 5 and 6',
	() => allAtOnce([4, 5, 6] as const, promoteThroughDeath),
	90_000,
);
