import {it} from 'vitest';
import {retryThroughDeath} from '../../queues/retry-through-death.ts';

it.each([4, 5, 6] as const)(
	'lets 1,000 failed jobs of major %i run once more each, in the order in which they failed, through the death of a worker',
	major => retryThroughDeath(major),
	90_000,
);
