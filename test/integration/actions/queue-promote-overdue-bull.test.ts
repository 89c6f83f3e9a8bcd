import {it} from 'vitest';
import {allAtOnce} from '../../helpers/all-at-once.ts';
import {promoteThroughDeath} from '../../queues/promote-through-death.ts';

it(
	'lets 1,000 overdue jobs run in the order in which they were due, through the death of a worker: Bull and BullMQ 3',
	() => allAtOnce([0, 3] as const, promoteThroughDeath),
	90_000,
);
