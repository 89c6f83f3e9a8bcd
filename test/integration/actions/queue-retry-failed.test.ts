import {it} from 'vitest';
import {allAtOnce} from '../../helpers/all-at-once.ts';
import {someMajors} from '../../queues/counted-worker.ts';
import {retryThroughDeath} from '../../queues/retry-through-death.ts';

it.each(someMajors)(
	'lets 1,000 failed jobs run once more each, in the order in which they failed, through the death of a worker: %s',
	(_names, majors) => allAtOnce(majors, retryThroughDeath),
	120_000,
);
