import {it} from 'vitest';
import {promoteThroughDeath} from '../../queues/promote-through-death.ts';

it.each([0, 3] as const)(
	'lets 1,000 overdue jobs of major %i run in the order in which they were due, through the death of a worker',
	major => promoteThroughDeath(major),
	90_000,
);
