import {it} from 'vitest';
import {allAtOnce} from '../../helpers/all-at-once.ts';
import {someMajors} from '../../queues/counted-worker.ts';
import {promoteThroughDeath} from '../../queues/promote-through-death.ts';

it.each(someMajors)(
	'lets 1,000 overdue jobs run in the order in which they were due, through the death of a worker: %s',
	(_names, majors) => allAtOnce(majors, promoteThroughDeath),
	120_000,
);
