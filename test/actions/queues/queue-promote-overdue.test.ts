import {expect, it} from 'vitest';
import {queuePromoteOverdue} from '../../../src/actions/queues/queue-promote-overdue.ts';
import {isRefusal, noChoice} from '../../../src/actions/types.ts';
import {Pace} from '../../../src/pace.ts';
import {promoteJob} from '../../../src/queues/lua/promote-job.ts';
import {bindByReading, setUp} from '../../helpers/action-run.ts';
import {noonMs, stateWith} from '../../helpers/fixtures.ts';
import {oneJobAnswers, queueWorld} from '../../helpers/queue-world.ts';

const overdue = queueWorld({delayed: 1, overdue: 1});
const score = (noonMs - 90_000) * 4096 + 7;
const due = oneJobAnswers({score, fields: {priority: '2', rjk: 'nightly'}});

it('asks for what is due by the server’s clock, and compares the moment that was seen', () => {
	const asked: (readonly string[])[] = [];
	const {plan, request} = bindByReading(queuePromoteOverdue, overdue, argv => {
		asked.push(argv);
		return due(argv);
	});
	expect(asked).toContainEqual(['ZCOUNT', 'bull:orders:delayed', '-inf', String((noonMs + 1) * 4096 - 1)]);
	expect(plan).toEqual([
		['SCRIPT', 'LOAD', promoteJob.text],
		['EVALSHA', promoteJob.sha1, '2', 'bull:orders:delayed', 'bull:orders:7', 'bull:orders', '7', '5', String(score)],
	]);
	expect(request.facts).toEqual([
		['queue', 'orders (BullMQ 5)'],
		['jobs', '1 overdue of 1 delayed'],
		['overdue for', '1m30s to 1m30s'],
		['priority', '1 of the first 1 have one and keep it'],
		['workers', 'none visible'],
	]);
	expect(request.effect).toContain('some come from a scheduler: when such a job runs its worker adds the next one');
});

it('is refused where nothing is due, as the console knows it and as it is read', () => {
	expect(queuePromoteOverdue.refusal(stateWith(queueWorld({overdue: 0})))?.refused).toBe('No delayed job of orders is overdue');
	const binding = queuePromoteOverdue.bind(stateWith(overdue), noChoice, new Pace(1));
	if (isRefusal(binding) || binding.kind === 'bound') throw new Error('nothing is read');
	const none = oneJobAnswers({ids: []});
	let turn = binding.reading.next();
	while (turn.done !== true) turn = binding.reading.next(turn.value.argvs.map(none));
	expect(turn.value).toEqual({refused: 'No delayed job of orders is overdue by the server’s clock'});
	expect(queuePromoteOverdue.refusal(stateWith(queueWorld({overdue: 1, mixedMajors: {jobsAtRisk: 0, evidence: ['paused by BullMQ alone']}})))?.refused).toMatch(
		/^Several majors/,
	);
});

it.each([
	['OK', null, 'done', '1 done; 1 delayed job now'],
	['OK', String(score), 'unverified', '1 done; of 1 looked at 1 are delayed as before'],
	['CROWDED', String(score), 'unverified', '0 done, 1 skipped (1 too many jobs there for a search): none of them was promoted'],
])('%s, and then %s', async (reply, left, outcome, detail) => {
	const {run} = setUp({
		action: queuePromoteOverdue,
		state: overdue,
		after: overdue,
		replies: [promoteJob.sha1, reply],
		answer: argv => (argv[0] === 'ZSCORE' ? left : due(argv)),
	});
	expect(await run()).toMatchObject({outcome, detail});
});

it('tells that a paused queue goes on waiting', () => {
	const {request} = bindByReading(queuePromoteOverdue, queueWorld({overdue: 1, paused: true}), due);
	expect(request.effect.at(-1)).toBe('the queue is paused: they wait until it is resumed');
	expect(request.facts.at(-1)).toEqual(['workers', 'none visible, the queue is paused']);
});
