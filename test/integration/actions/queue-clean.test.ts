import {expect, it} from 'vitest';
import {serverClockMs} from '../../../src/store/snapshot.ts';
import {openActionTest, phases} from '../../helpers/action-server.ts';
import {libraries, withQueue} from '../../helpers/real-queue.ts';
import {startForTest} from '../../helpers/server-session.ts';
import {until} from '../../helpers/until.ts';

const id = 'bull:orders';
const minute = 60_000;

type Job = {
	readonly id: string;
	readonly agoMs: number;
	readonly fields?: Readonly<Record<string, string>>;
	readonly isOrphan?: boolean;
	readonly isUnfinished?: boolean;
};

/** A queue with these jobs in one of its sets, as BullMQ 5 keeps them, and more commands. */
async function withFinished(state: 'completed' | 'failed', jobs: readonly Job[], more: readonly (readonly string[])[] = []) {
	const redis = await startForTest();
	const client = await redis.connect();
	const nowMs = Date.now();
	const commands = jobs.flatMap(({id: job, agoMs, fields = {}, isOrphan = false, isUnfinished = false}) => {
		const finishedOn = String(nowMs - agoMs);
		const hash = {name: 'work', data: '{"n":1}', ...(isUnfinished ? {} : {finishedOn}), ...fields};
		return [...(isOrphan ? [] : [['HSET', `${id}:${job}`, ...Object.entries(hash).flat()]]), ['ZADD', `${id}:${state}`, finishedOn, job]];
	});
	const all = [['HSET', `${id}:meta`, 'version', 'bullmq:5.81.5'], ['SET', `${id}:id`, '9999'], ...commands, ...more];
	const errors = (await client.pipeline(all)).filter(reply => reply instanceof Error);
	expect(errors).toEqual([]);
	const test = await openActionTest({redis});
	await test.session.until('the queue is found', ({snapshot}) => snapshot.queues.data?.some(queue => queue.id === id));
	const left = async () => (await client.call('ZRANGE', `${id}:${state}`, '0', '-1')) as readonly string[];
	/** The jobs' own keys: what is no key of the queue. */
	const jobKeys = async () =>
		((await client.call('KEYS', `${id}:*`)) as readonly string[])
			.map(key => key.slice(id.length + 1))
			.filter(key => !['meta', 'id', 'completed', 'failed', 'events'].includes(key));
	const calls = () => test.sent().filter(([command]) => command === 'EVALSHA');
	return {...test, client, left, jobKeys, calls};
}

const many = (letter: string, count: number, agoMs: number, each: Partial<Job> = {}): readonly Job[] =>
	Array.from({length: count}, (_, index) => ({id: `${letter}${index}`, agoMs: agoMs - index, ...each}));

const choose = (set: Readonly<Record<string, string>>) => ({on: [id], set});

it('removes 5,000 jobs in rounds, and leaves alone what is needed, new or kept', async () => {
	const parent = {parentKey: 'bull:parents:1', parent: '{"id":"1","queueKey":"bull:parents"}'};
	const jobs = [
		...many('child', 300, 9 * 60 * minute, {fields: parent}),
		{id: 'widow', agoMs: 8 * 60 * minute, fields: {parentKey: 'bull:parents:2'}},
		{id: 'again', agoMs: 8 * 60 * minute, isUnfinished: true},
		{id: 'parent', agoMs: 8 * 60 * minute},
		...many('orphan', 500, 7 * 60 * minute, {isOrphan: true}),
		{id: 'own', agoMs: 6 * 60 * minute, fields: {deid: 'a'}},
		{id: 'other', agoMs: 6 * 60 * minute, fields: {deid: 'b'}},
		...many('old', 4000, 5 * 60 * minute),
		...many('kept', 100, 90 * minute),
		...many('new', 200, 30 * minute),
	];
	const {run, left, jobKeys, calls, client, audit} = await withFinished('completed', jobs, [
		['HSET', 'bull:parents:1', 'name', 'parent'],
		['SADD', `${id}:parent:dependencies`, 'bull:orders:99'],
		['SET', `${id}:de:a`, 'own'],
		['SET', `${id}:de:b`, 'somebody-newer'],
		['RPUSH', `${id}:old7:logs`, 'a line'],
		['HSET', `${id}:old7:processed`, 'bull:c:1', '{}'],
		['ZADD', `${id}:failed`, '1', 'old1'],
	]);
	const confirm = async () => {
		// Finished while the dialog is open, by a clock that is late.
		await client.pipeline(many('late', 10, 90 * minute - 200).flatMap(({id: job, agoMs}) => [['ZADD', `${id}:completed`, String(Date.now() - agoMs), job]]));
		return true;
	};
	const {request, result, told} = await run('queue.clean', {choice: choose({'older-than': '1h', keep: '300'}), confirm});

	expect(request).toMatchObject({danger: 'destructive', word: expect.any(String), plan: [['SCRIPT', 'LOAD', expect.any(String)], expect.any(Array)]});
	expect(Object.fromEntries(request?.facts ?? [])).toMatchObject({jobs: '4,805 of 5,105 completed'});
	const account =
		'4,503 done (500 without a job), 302 skipped (300 child of a flow whose parent is there, 1 parent of unfinished children, 1 not finished: its id is used again)';
	expect(result.detail).toBe(`${account}; 302 are left, which were skipped`);
	expect(result.outcome).toBe('done');
	expect(told.at(-1)?.batch).toMatchObject({unit: 'jobs', total: 4805, done: 4503, skipped: 302});
	expect(calls().every(argv => Number(argv.at(-2)) <= 250)).toBe(true);

	const kept = jobs.filter(job => /^(child|again|parent|kept|new)/.test(job.id)).map(job => job.id);
	expect((await left()).filter(job => !job.startsWith('late')).toSorted()).toEqual(kept.toSorted());
	expect(await left()).toHaveLength(kept.length + 10);
	expect((await jobKeys()).toSorted()).toEqual([...kept, 'parent:dependencies', 'de:b'].toSorted());
	expect(phases(await audit())).toEqual(['intent', 'outcome done']);
});

it.each(libraries)('removes whole what a library itself has finished: %s', async library => {
	const {run, queue, call, session} = await withQueue(
		library,
		Array.from({length: 30}, (_, n) => [n]),
	);
	await queue.work(() => Promise.resolve('done'), {concurrency: 5});
	const finished = async () => (await call('ZRANGE', `${id}:completed`, '0', '-1', 'WITHSCORES')) as readonly string[];
	await until('all are done', async () => (await finished()).length === 60);
	const lastMs = Number((await finished()).at(-1));
	await session.until('that is past', ({snapshot, nowMs}) => serverClockMs(snapshot, nowMs) > lastMs);
	const {result} = await run('queue.clean', {choice: choose({'older-than': '0', keep: '5'})});
	expect(result).toMatchObject({outcome: 'done', detail: '25 done; none is left of them'});
	const kept = (await finished()).filter((_, index) => index % 2 === 0);
	expect(kept).toHaveLength(5);
	const keys = (await call('KEYS', `${id}:*`)) as readonly string[];
	expect(keys.filter(key => /^bull:orders:\d/.test(key)).toSorted()).toEqual(kept.map(job => `${id}:${job}`).toSorted());
});

it('keeps the newest few of failed ones whatever their age, also among equals', async () => {
	const jobs = Array.from({length: 20}, (_, index) => ({id: `job${String(index).padStart(2, '0')}`, agoMs: 60 * minute}));
	const {run, left} = await withFinished('failed', jobs);
	const {result} = await run('queue.clean', {choice: choose({state: 'failed', 'older-than': '0', keep: '5'})});
	expect(result).toMatchObject({outcome: 'done', detail: '15 done; none is left of them'});
	expect(await left()).toEqual(['job15', 'job16', 'job17', 'job18', 'job19']);
	await expect(run('queue.clean', {choice: choose({state: 'failed', 'older-than': '0', keep: '5'})})).resolves.toMatchObject({
		result: {outcome: 'refused', detail: 'All of 5 failed jobs are among the newest 5'},
	});
});

it('stops between two rounds, with an account that is exact', async () => {
	const {run, left} = await withFinished('completed', many('old', 3000, 90 * minute));
	const {result} = await run('queue.clean', {choice: choose({}), onProgress: (_progress, stop) => stop()});
	const done = 3000 - (await left()).length;
	expect(done).toBeGreaterThan(0);
	expect(done).toBeLessThan(3000);
	expect(result).toMatchObject({
		outcome: 'cancelled',
		detail: expect.stringMatching(
			new RegExp(`^stopped between two rounds. ${done.toLocaleString('en')} done, ${(3000 - done).toLocaleString('en')} not tried, in \\d+ rounds?$`),
		),
	});
});

it('knows what was done before a reply was lost, and does not go on', async () => {
	const {run, left, proxy, calls} = await withFinished('completed', many('old', 3000, 90 * minute));
	let seen = 0;
	const lost = proxy.loseReplyTo(([command]) => {
		if (command === 'EVALSHA') seen += 1;
		return seen === 3;
	});
	const {result} = await run('queue.clean', {choice: choose({})});
	await lost;
	const sizes = calls().map(argv => Number(argv.at(-2)));
	expect(sizes).toHaveLength(3);
	const [before, third] = [(sizes[0] ?? 0) + (sizes[1] ?? 0), sizes[2] ?? 0];
	expect(result.outcome).toBe('unknown');
	expect(result.detail).toContain(
		`round 3 with ${third} jobs is unknown; before it: ${before} done, ${(3000 - before - third).toLocaleString('en')} not tried`,
	);
	expect(await left()).toHaveLength(3000 - before - third);
});

it('says what it means that the server has forgotten the script', async () => {
	const {run, left, client, calls} = await withFinished('completed', many('old', 3000, 90 * minute));
	let flushed: Promise<unknown> | undefined;
	const {result} = await run('queue.clean', {
		choice: choose({}),
		onProgress: () => {
			flushed ??= client.call('SCRIPT', 'FLUSH');
		},
	});
	await flushed;
	const done = 3000 - (await left()).length;
	expect(result).toMatchObject({outcome: 'failed', detail: expect.stringContaining('NOSCRIPT: the server has lost the script')});
	expect(result.detail).toContain(`${done.toLocaleString('en')} done`);
	expect(
		calls()
			.slice(0, -1)
			.reduce((sum, argv) => sum + Number(argv.at(-2)), 0),
	).toBe(done);
});

it('sends nothing when it is left, or when there is nothing to remove', async () => {
	const {run, sent, left, audit} = await withFinished('completed', many('new', 10, minute));
	expect((await run('queue.clean', {choice: choose({})})).result).toMatchObject({outcome: 'refused', detail: 'None of 10 completed jobs is so old'});
	expect((await run('queue.clean', {choice: choose({state: 'failed'})})).result).toMatchObject({outcome: 'refused', detail: 'There is no failed job'});
	expect((await run('queue.clean', {choice: choose({'older-than': '0'}), confirm: () => false})).result.outcome).toBe('cancelled');
	expect(sent()).toEqual([]);
	expect(await left()).toHaveLength(10);
	expect(phases(await audit())).toEqual(['outcome refused', 'outcome refused', 'outcome cancelled']);
});
