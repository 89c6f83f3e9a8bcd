import {expect, it} from 'vitest';
import {queueRecoverStalled} from '../../../src/actions/queues/queue-recover-stalled.ts';
import {isRefusal, noChoice} from '../../../src/actions/types.ts';
import {Pace} from '../../../src/pace.ts';
import {recoverJob} from '../../../src/queues/lua/recover-job.ts';
import type {QueueStatus} from '../../../src/queues/types.ts';
import {bindByReading, setUp} from '../../helpers/action-run.ts';
import {noonMs, stateWith} from '../../helpers/fixtures.ts';
import {oneJobAnswers, queueWorld} from '../../helpers/queue-world.ts';

const stuck = queueWorld({active: 1, activeWithoutLock: 1, stalledCheckMs: 12_000});
type Answer = (argv: readonly string[]) => unknown;

/** Two looks: what the server says in the first and in the second. */
function looks(first: Answer, second: Answer) {
	const binding = queueRecoverStalled.bind(stateWith(stuck), noChoice, new Pace(1));
	if (isRefusal(binding) || binding.kind === 'bound') throw new Error('nothing is read');
	let answer = first;
	let restMs = 0;
	let turn = binding.reading.next();
	while (turn.done !== true) {
		const replies = turn.value.argvs.map(answer);
		if ((turn.value.restMs ?? 0) > 0) {
			restMs = turn.value.restMs ?? 0;
			answer = second;
		}
		turn = binding.reading.next(replies);
	}
	return {restMs, bound: turn.value};
}

const alike = oneJobAnswers({fields: {stc: '1', pb: 'pod-3'}});

it('puts back what nobody holds in two looks a second apart, in the same run', () => {
	const {restMs, bound} = looks(alike, alike);
	expect(restMs).toBeGreaterThanOrEqual(1000);
	if (isRefusal(bound)) throw new Error(bound.refused);
	expect(bound.plan.at(-1)).toEqual([
		'EVALSHA',
		recoverJob.sha1,
		'2',
		'bull:orders:active',
		'bull:orders:7',
		'bull:orders',
		'7',
		'5',
		String(noonMs - 50_000),
		'1',
	]);
	expect(bound.request.facts).toEqual([
		['queue', 'orders (BullMQ 5)'],
		['jobs', '1 without a lock of 1 active: 7 charge'],
		['taken', '50s to 50s ago'],
		['by', 'pod-3'],
		['stalled before', '1 of them'],
		['workers', 'none visible'],
		['stalled check', 'a worker looks again in 12s'],
	]);
	expect(bound.request.effect.join('\n')).toMatch(
		/may still be running, and would run twice[\s\S]*maxStalledCount[\s\S]*by itself in one or two of its checks, 30 s apart/,
	);
});

it.each<[string, Answer]>([
	['has been taken again', oneJobAnswers({fields: {stc: '1', processedOn: String(noonMs)}})],
	['has been recovered by a worker', oneJobAnswers({fields: {stc: '2'}})],
	['has got a lock', argv => (argv[0] === 'MGET' ? ['token'] : alike(argv))],
	['has gone', argv => (argv[0] === 'LRANGE' ? [] : alike(argv))],
])('leaves alone what %s between two looks', (_what, second) => {
	expect(looks(alike, second).bound).toEqual({refused: 'Every active job is held by a worker, or was taken a moment ago'});
});

it('takes ids without a job and markers for none', () => {
	const orphan: Answer = argv => (argv[0] === 'HMGET' ? [null, null, null, null, null] : alike(argv));
	expect(looks(orphan, orphan).bound).toEqual({
		refused: 'Every active job is held by a worker, or was taken a moment ago; 1 id without a job stand among them',
	});
	const marker: Answer = argv => (argv[0] === 'LRANGE' ? ['0:0'] : alike(argv));
	expect(looks(marker, marker).bound).toMatchObject({refused: expect.stringMatching(/held by a worker/)});
});

it('does not walk through an active list of any length', () => {
	const long: Answer = argv => (argv[0] === 'LLEN' ? 5001 : alike(argv));
	expect(looks(long, long).bound).toMatchObject({refused: expect.stringMatching(/^5,001 jobs are active/)});
});

it.each<[Partial<QueueStatus>, string | undefined]>([
	[{active: 0, activeWithoutLock: 0}, 'No job of orders is active'],
	[{active: 3, activeWithoutLock: 0}, 'Every active job of orders is held by a worker'],
	// Only the oldest hundred are looked at in passing.
	[{active: 300, activeWithoutLock: 0}, undefined],
	[{active: 3, activeWithoutLock: undefined}, undefined],
	[{active: 3, activeWithoutLock: 3, major: 2}, 'BullMQ 2 is older than what has been tried (3 to 6)'],
])('%j: %s', (change, refused) => expect(queueRecoverStalled.refusal(stateWith(queueWorld(change)))?.refused).toBe(refused));

it('compares the counter of each library, and that there is none', () => {
	const bound = bindByReading(
		queueRecoverStalled,
		queueWorld({active: 1, activeWithoutLock: 1, major: 'bull', system: 'bull'}),
		oneJobAnswers({fields: {stalledCounter: '2'}}),
	);
	expect(bound.plan.at(-1)?.slice(7)).toEqual(['0', String(noonMs - 50_000), '2']);
	const none = bindByReading(queueRecoverStalled, stuck, oneJobAnswers());
	expect(none.plan.at(-1)?.slice(7)).toEqual(['5', String(noonMs - 50_000), '']);
});

it.each<[string, Answer, string, string]>([
	['OK', argv => (argv[0] === 'LRANGE' ? [] : alike(argv)), 'done', '1 done; none of them is left active without a lock'],
	['OK', alike, 'unverified', '1 done; still active without a lock, as before: 1'],
	['CHANGED', alike, 'unverified', '0 done, 1 skipped (1 changed meanwhile): none of them was put back'],
])('is judged by a third look: %s', async (reply, afterwards, outcome, detail) => {
	const calls: (readonly string[])[] = [];
	const test = setUp({
		action: queueRecoverStalled,
		state: stuck,
		after: stuck,
		replies: [recoverJob.sha1, reply],
		answer: argv => (calls.length > 1 ? afterwards(argv) : alike(argv)),
	});
	const send = test.send.getMockImplementation();
	test.send.mockImplementation(async (argv, deadlineMs) => {
		calls.push(argv);
		return send?.(argv, deadlineMs);
	});
	expect(await test.run()).toMatchObject({outcome, detail});
});
