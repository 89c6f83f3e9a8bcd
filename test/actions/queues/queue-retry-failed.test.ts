import {describe, expect, it} from 'vitest';
import {queueRetryFailed} from '../../../src/actions/queues/queue-retry-failed.ts';
import {isRefusal, noChoice} from '../../../src/actions/types.ts';
import {ServerRefusedError} from '../../../src/errors.ts';
import {Pace} from '../../../src/pace.ts';
import {retryJob} from '../../../src/queues/lua/retry-job.ts';
import type {QueueStatus} from '../../../src/queues/types.ts';
import {bindByReading, failureIn, setUp} from '../../helpers/action-run.ts';
import {noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';
import {oneJobAnswers, queueWorld} from '../../helpers/queue-world.ts';

const failed = queueWorld({failed: 1});
const atNoon = oneJobAnswers({score: noonMs - 60_000});
const choose = (set: Readonly<Record<string, string>>) => ({on: [], set});

/** What reading it ends with: a refusal in words, or nothing. */
function refusalAfterReading(world: StateParts, answer: (argv: readonly string[]) => unknown, set: Readonly<Record<string, string>> = {}): string | undefined {
	const binding = queueRetryFailed.bind(stateWith(world), choose(set), new Pace(1));
	if (isRefusal(binding)) return binding.refused;
	if (binding.kind === 'bound') return undefined;
	let turn = binding.reading.next();
	while (turn.done !== true) turn = binding.reading.next(turn.value.argvs.map(answer));
	return isRefusal(turn.value) ? turn.value.refused : undefined;
}

describe('the plan', () => {
	it('loads the script, and compares what was seen: id, major, when it failed', () => {
		const {plan, request} = bindByReading(queueRetryFailed, failed, atNoon);
		expect(plan).toEqual([
			['SCRIPT', 'LOAD', retryJob.text],
			['EVALSHA', retryJob.sha1, '2', 'bull:orders:failed', 'bull:orders:7', 'bull:orders', '7', '5', String(noonMs - 60_000), '1', String(noonMs)],
		]);
		expect(request.goesOn).toBe('one job, one call');
	});

	it.each<[string, Partial<QueueStatus>, string]>([
		['Bull', {major: 'bull', system: 'bull'}, '0'],
		['BullMQ 3', {major: 3}, '3'],
		['BullMQ 4', {major: 4}, '4'],
		['BullMQ 6', {major: 6}, '6'],
	])('names the major of %s', (library, change, major) => {
		const {plan, request} = bindByReading(queueRetryFailed, queueWorld({failed: 1, ...change}), atNoon);
		expect(plan.at(-1)?.[7]).toBe(major);
		expect(request.facts).toContainEqual(['queue', `orders (${library})`]);
	});

	it('begins in the target’s database, and keeps the attempts if asked', () => {
		const world = queueWorld({failed: 1}, {session: {target: {name: 'cache', address: 'h:1', environment: undefined, db: 3}}});
		const {plan} = bindByReading(queueRetryFailed, world, atNoon, choose({'reset-attempts': 'no'}));
		expect(plan[0]).toEqual(['SELECT', '3']);
		expect(plan.at(-1)?.[9]).toBe('0');
	});

	it('says since when, by the server’s clock', () => {
		const {request} = bindByReading(queueRetryFailed, failed, atNoon, choose({since: '15m'}));
		expect(request.facts).toContainEqual(['jobs', '1 of 1 that have failed since 11:45:00Z']);
	});

	it('tells of many how it goes on', () => {
		const {plan, request, work} = bindByReading(queueRetryFailed, failed, oneJobAnswers({ids: ['1', '2', '3']}));
		expect(plan).toHaveLength(2);
		expect(request.goesOn).toBe('then the same for 2 more, one call a job, the oldest failure first');
		expect(work).toMatchObject({kind: 'batch', unit: 'jobs', total: 3});
	});
});

describe('what is read', () => {
	const asked = (set: Readonly<Record<string, string>>) => {
		const argvs: (readonly string[])[] = [];
		const answer = (argv: readonly string[]) => {
			argvs.push(argv);
			return atNoon(argv);
		};
		bindByReading(queueRetryFailed, failed, answer, choose(set));
		return argvs.find(([command]) => command === 'ZCOUNT')?.[2];
	};

	it.each([
		['', '-inf'],
		['15m', String(noonMs - 900_000)],
		['90', String(noonMs - 90_000)],
		['2025-01-01T11:00Z', String(noonMs - 3_600_000)],
		['2025-01-01 11:00', String(noonMs - 3_600_000)],
		['2025-01-01T12:00+02:00', String(noonMs - 7_200_000)],
		['2025-01-01', String(noonMs - 43_200_000)],
	])('since %j', (since, from) => expect(asked({since})).toBe(from));

	it.each([
		['econnrefused', undefined],
		['connect ECONNREFUSED #', undefined],
		['10.0.3.5', undefined],
		['timeout', 'Of 1 failed job none has “timeout” in its reason'],
	])('the reason has %j in it', (reason, refused) => expect(refusalAfterReading(failed, atNoon, {reason})).toBe(refused));

	it('tells what there is: how many, since when, why, and what is left alone', () => {
		const {request} = bindByReading(queueRetryFailed, failed, oneJobAnswers({score: noonMs - 60_000, ids: ['1', '2'], fields: {priority: '2'}}));
		expect(request.facts).toEqual([
			['queue', 'orders (BullMQ 5)'],
			['jobs', '2 of 2 that have failed'],
			['failed', '1m00s to 1m00s ago'],
			['reason', '2 × connect ECONNREFUSED #'],
			['attempts', 'counted anew'],
			['workers', 'none visible'],
		]);
		expect(request.effect).toContain('2 of them keep their priority and wait by it');
		const search = bindByReading(queueRetryFailed, queueWorld({failed: 1, major: 3}), oneJobAnswers({fields: {priority: '2'}, lengths: 30_000}));
		expect(search.request.facts).toContainEqual(['left alone', expect.stringMatching(/^those with a priority, as over 20,000 jobs wait/)]);
		expect(search.request.cost).toContain('860 µs');
	});

	it('takes one page after the other, though all have failed in one millisecond, and each job once', () => {
		const all = Array.from({length: 2500}, (_, index) => String(index + 1)).toSorted();
		const answer = (argv: readonly string[]) => {
			const [command, , , , , , from = '0', count = '0'] = argv;
			if (command !== 'ZRANGEBYSCORE') return atNoon(argv);
			return all.slice(Number(from), Number(from) + Number(count)).flatMap(id => [id, String(noonMs)]);
		};
		const {work, request} = bindByReading(queueRetryFailed, failed, answer);
		expect(work).toMatchObject({total: 2500});
		expect(request.goesOn).toContain('2,499 more');
		if (work?.kind !== 'batch') throw new Error('no batch');
		const rounds = work.rounds(new Pace(1));
		expect(rounds.next().value).toMatchObject({units: 0, argvs: [['SCRIPT', 'LOAD', retryJob.text]]});
		const second = rounds.next([retryJob.sha1]).value;
		if (!('argvs' in second)) throw new Error('no round');
		expect(second.argvs.map(argv => argv[6])).toEqual(Array.from({length: second.units}, (_, index) => String(index + 1)));
		expect(second.units).toBeLessThanOrEqual(250);
		expect(second.micros).toBeLessThanOrEqual(2500);
	});
});

describe('it is refused', () => {
	it.each<[string, StateParts, Readonly<Record<string, string>>, string]>([
		['without a failed job', queueWorld({failed: 0}), {}, 'No job of orders has failed'],
		[
			'of an unknown major',
			queueWorld({failed: 1, major: undefined}),
			{},
			'It cannot be told which major of BullMQ works on it, and each keeps its jobs differently',
		],
		[
			'of mixed majors',
			queueWorld({failed: 1, mixedMajors: {jobsAtRisk: 3, evidence: ['5 jobs in wait']}}),
			{},
			'Several majors work on it (5 jobs in wait): another write may lose jobs',
		],
		['of another system', queueWorld({failed: 1, family: 'bee-queue', system: 'bee-queue'}), {}, 'Queues of bee-queue are read, never written to'],
		['when it is told no time', failed, {since: 'yesterday'}, 'since must be how long ago, as in 90 (seconds), 15m or 2h, or a time, as in 2025-01-31T14:05Z'],
		['when it is told neither yes nor no', failed, {'reset-attempts': 'maybe'}, 'reset-attempts must be yes or no'],
	])('%s', (_what, world, set, refused) => expect(queueRetryFailed.refusal(stateWith(world), choose(set))?.refused).toBe(refused));

	it('when all are children of flows', () => {
		const answer = oneJobAnswers({fields: {parentKey: 'bull:parents:1'}});
		expect(failureIn(bindByReading(queueRetryFailed, failed, answer), failed)).toMatch(/^None of them can be retried/);
	});

	it('when another major has opened the queue meanwhile', () => {
		const bound = bindByReading(queueRetryFailed, failed, atNoon);
		expect(failureIn(bound, failed)).toBeUndefined();
		expect(failureIn(bound, queueWorld({failed: 1, major: 6}))).toBe('Another version of the library has opened it meanwhile');
		expect(failureIn(bound, queueWorld({failed: 1, id: 'bull:others'}))).toBe('The queue has gone');
	});

	it('when the list cannot be read', async () => {
		const {run} = setUp({action: queueRetryFailed, state: failed, answer: argv => (argv[0] === 'ZCOUNT' ? new ServerRefusedError('NOPERM no') : atNoon(argv))});
		await expect(run()).resolves.toMatchObject({outcome: 'refused', detail: 'What it would do could not be read: NOPERM no'});
	});
});

describe('the outcome', () => {
	const ended = (reply: string, score: string | null) =>
		setUp({
			action: queueRetryFailed,
			state: failed,
			after: failed,
			replies: [retryJob.sha1, reply],
			choice: noChoice,
			answer: argv => (argv[0] === 'ZSCORE' ? score : oneJobAnswers({score: 100})(argv)),
		}).run();

	it.each([
		['OK', null, 'done', '1 done; 1 failed job now'],
		['OK', '200', 'done', '1 done; of 1 looked at 1 have failed again; 1 failed job now'],
		['OK', '100', 'unverified', '1 done; of 1 looked at 1 are among the failed as before'],
		['GONE', null, 'unverified', '0 done, 1 skipped (1 no longer there): none of them was put back'],
		['LOCKED', '100', 'unverified', '0 done, 1 skipped (1 held by a worker): none of them was put back'],
		['what', '100', 'unverified', '0 done, 1 skipped (1 answered in another way than it should): none of them was put back'],
	])('%s, and then %s', async (reply, score, outcome, detail) => expect(await ended(reply, score)).toMatchObject({outcome, detail}));
});
