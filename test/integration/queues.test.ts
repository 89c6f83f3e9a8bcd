import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it, onTestFinished} from 'vitest';
import {failureGroups} from '../../src/queues/failure-groups.ts';
import type {JobState} from '../../src/queues/job-types.ts';
import {jobDetail, jobPage} from '../../src/queues/jobs.ts';
import {discoverQueues, type QueueMemories, type QueueReading, readQueues} from '../../src/queues/reader.ts';
import {type Argv, type Ask, run} from '../../src/queues/steps.ts';
import type {FoundQueue, QueueStatus} from '../../src/queues/types.ts';
import {parseClientList} from '../../src/redis/parse/client-list.ts';
import {type BullmqMajor, QueueKeyspace} from '../helpers/queue-keyspace.ts';
import {startForTest} from '../helpers/server-session.ts';
import {until} from '../helpers/until.ts';
import {decoys, foreignQueues, ghost} from '../queues/foreign-keys.ts';
import {seedMany} from '../queues/many-queues.ts';
import {startWorker} from '../queues/worker-process.ts';

const majors: readonly BullmqMajor[] = [3, 4, 5, 6];

/** A server, the libraries on it, and a reader of our own that remembers from look to look. */
async function start() {
	const redis = await startForTest();
	const keyspace = new QueueKeyspace(redis.port);
	const client = await redis.connect();
	onTestFinished(async () => {
		await keyspace.close();
		client.close();
	});
	const sent = new Set<string>();
	const errors: unknown[] = [];
	const ask: Ask = async argvs => {
		for (const [command = ''] of argvs) sent.add(command);
		const replies = await client.pipeline(argvs);
		errors.push(...replies.filter(reply => reply instanceof Error));
		return replies;
	};
	let memories: QueueMemories = new Map();
	const look = async (queues: readonly FoundQueue[]): Promise<QueueReading> => {
		const {clients} = parseClientList(String(await redis.call('CLIENT', 'LIST')));
		const reading = await readQueues(ask, {queues, memories, clients, db: 0, nowMs: Date.now()});
		memories = reading.memories;
		return reading;
	};
	return {redis, keyspace, client, ask, look, discover: () => discoverQueues(ask), sent, errors};
}

const bullQueue = (name: string): FoundQueue => ({id: `bull:${name}`, family: 'bull', system: 'bullmq', prefix: 'bull', name, isAlone: false});

const byId = ({queues}: QueueReading): ReadonlyMap<string, QueueStatus> => new Map(queues.map(queue => [queue.id, queue]));

/** What must be seen twice is to be seen again after this. */
function aSecond(): Promise<unknown> {
	const endMs = Date.now() + 1050;
	return until('a second has passed', () => Date.now() >= endMs);
}

it('reads every queue of a mixed keyspace as its own library counts it, and nothing else', async () => {
	const {redis, keyspace, client, look, discover, sent, errors} = await start();
	const foreign = foreignQueues(Date.now());
	const written = await client.pipeline([...foreign.flatMap(({commands}) => commands), ...decoys, ...ghost]);
	expect(written.filter(reply => reply instanceof Error)).toEqual([]);
	const seeded = [await keyspace.bull('every-bull'), await keyspace.bull('paused-bull', {isPaused: true}), await keyspace.bee('bees')];
	seeded.push(await keyspace.everyState(5, 'q', 'app:prod'), await keyspace.everyState(6, 'webhooks', '{shop}'));
	for (const major of majors)
		seeded.push(
			await keyspace.everyState(major, `every${major}`),
			await keyspace.paused(major, `paused${major}`),
			await keyspace.live(major, `live${major}`),
			await keyspace.marked(major, `marked${major}`),
		);

	const {queues: found, unknown, isComplete} = await discover();
	expect({unknown, isComplete}).toEqual({unknown: [], isComplete: true});
	const children = [...majors.map(major => `bull:every${major}`), 'app:prod:q', '{shop}:webhooks'].map(id => `${id}-children`);
	expect(found.map(({id}) => id).sort()).toEqual(
		[...seeded, ...foreign]
			.map(({id}) => id)
			.concat(children, 'bull:oders')
			.sort(),
	);

	await look(found);
	await aSecond();
	const reading = byId(await look(found));
	for (const {id, expected} of foreign) expect.soft(withoutAges(reading.get(id)), id).toMatchObject(withoutAges(expected));
	for (const {id, expected} of foreign) expect.soft(Math.abs((reading.get(id)?.nextJobAgeMs ?? 0) - (expected.nextJobAgeMs ?? 0)), id).toBeLessThan(200_000);
	for (const {id, count} of seeded) expect.soft(reading.get(id), id).toMatchObject(await count());
	for (const {id} of seeded)
		expect
			.soft(reading.get(id), id)
			.toMatchObject({activeWithoutLock: reading.get(id)?.family === 'bee-queue' ? undefined : 0, mixedMajors: undefined, isGhost: false});
	expect(reading.get('bull:oders')).toMatchObject({isGhost: true, version: '5.81.5', waiting: 0});
	expect(reading.get('app:prod:q')).toMatchObject({prefix: 'app:prod', name: 'q', overdue: 2, waitingChildren: 1});
	expect([...reading.values()].flatMap(queue => queue.unknown)).toEqual([]);

	expect(errors).toEqual([]);
	const flags = (await redis.call('COMMAND', 'INFO', ...sent)) as readonly (readonly unknown[])[];
	expect(flags.map(info => [info[0], String(info[2]).includes('write')])).toEqual([...sent].map(command => [command.toLowerCase(), false]));
}, 60_000);

const withoutAges = (queue: Partial<QueueStatus> | undefined) => ({...queue, nextJobAgeMs: undefined, oldestOverdueMs: undefined});

it('shows the jobs of a worker that was killed as active without lock, as soon as their locks have run out', async () => {
	const {redis, keyspace, look} = await start();
	const names = ['killed4', 'killed5', 'killed6'] as const;
	const workers = await Promise.all(
		names.map(async (name, index) => {
			const queue = keyspace.queue([4, 5, 6][index] as BullmqMajor, name);
			for (let job = 0; job < 3; job++) await queue.add('work', {ms: 60_000});
			return startWorker(redis.port, `bullmq${index + 4}`, name, 1500);
		}),
	);
	const queues = names.map(bullQueue);
	await until('all are at work', async () => (await look(queues)).queues.every(({active}) => active === 3));
	await aSecond();
	expect((await look(queues)).queues.map(({activeWithoutLock}) => activeWithoutLock)).toEqual([0, 0, 0]);

	for (const worker of workers) worker.kill('SIGKILL');
	const killedAtMs = Date.now();
	const stuck = await until('their jobs are told', async () => {
		const {queues: read} = await look(queues);
		return read.every(({activeWithoutLock}) => activeWithoutLock === 3) ? read : undefined;
	});
	expect(Date.now() - killedAtMs).toBeLessThan(15_000);
	expect(stuck.map(({activeWithoutLockIds}) => [...activeWithoutLockIds].sort())).toEqual(names.map(() => ['1', '2', '3']));
	expect(stuck.map(({workers: visible}) => visible)).toEqual([undefined, undefined, undefined]);
}, 60_000);

const watchedMs = 20_000;

it('never takes a job in the hands of a healthy worker for one without a lock', async () => {
	const {redis, keyspace, look} = await start();
	const names = ['healthy4', 'healthy5', 'healthy6', 'healthy-bull'] as const;
	const queues = names.map(bullQueue);
	const producers = [keyspace.queue(4, names[0]), keyspace.queue(5, names[1]), keyspace.queue(6, names[2]), keyspace.rawBull(names[3])];
	for (const [index, library] of ['bullmq4', 'bullmq5', 'bullmq6', 'bull'].entries()) startWorker(redis.port, library, names[index] ?? '', 5000);
	const seen = new Set<string>();
	let mostActive = 0;
	let rounds = 0;
	for (const endMs = Date.now() + watchedMs; Date.now() < endMs; rounds++) {
		const add = (queue: (typeof producers)[number]) => [
			...[0, 5, 10, 20, 40].map(ms => queue.add('work', {ms}, {removeOnComplete: true})),
			// The same id over and over: it leaves and comes back between two looks.
			queue.add('work', {ms: 0}, {jobId: 'again', removeOnComplete: true}),
			...(rounds % 10 === 0 ? [queue.add('work', {ms: 4000}, {})] : []),
		];
		await Promise.all(producers.flatMap(add));
		for (const {name, active, activeWithoutLock, activeWithoutLockIds} of (await look(queues)).queues) {
			mostActive = Math.max(mostActive, active ?? 0);
			if (activeWithoutLock !== 0 && rounds > 20) seen.add(`${name}: ${activeWithoutLock} ${activeWithoutLockIds.join(' ')}`);
		}
		// The pace of the load; nothing is waited for.
		await sleep(80);
	}
	expect([...seen]).toEqual([]);
	expect(mostActive).toBeGreaterThan(1);
	expect(rounds).toBeGreaterThan(40);
}, 90_000);

it.each([5, 6] as const)('opens a queue of BullMQ %i: its jobs by state, its failures, one job', async major => {
	const {keyspace, ask} = await start();
	const {id} = await keyspace.everyState(major, 'orders');
	const orders = bullQueue('orders');
	const page = async (state: JobState) => (await run(ask, jobPage(orders, state, {from: 0, count: 10}))).rows;
	const names = async (state: JobState) => (await page(state)).map(({name}) => name);
	expect(id).toBe(orders.id);
	expect(await names('waiting')).toEqual(['now', 'wait', 'wait', 'wait', 'wait']);
	expect(await names('delayed')).toEqual(['later', 'later', 'later', 'later']);
	expect(await names('prioritized')).toEqual(['urgent', 'urgent', 'urgent']);
	expect((await page('prioritized')).map(({priority}) => priority)).toEqual([1, 2, 3]);
	expect(await names('waiting-children')).toEqual(['parent']);
	expect(await page('completed')).toHaveLength(4);
	expect((await page('active')).map(({hasLock}) => hasLock)).toEqual([true, true, true]);

	const [failed] = await page('failed');
	expect(failed).toMatchObject({name: 'work', attemptsMade: 1, attempts: 1, failedReason: {text: 'connect ECONNREFUSED 10.0.3.5:5432'}});
	const {groups, total, lookedAt} = await run(ask, failureGroups(orders));
	expect({groups, total, lookedAt}).toMatchObject({groups: [{shape: 'connect ECONNREFUSED #', count: 2, jobNames: ['work']}], total: 2, lookedAt: 2});
	const detail = await run(ask, jobDetail(orders, failed?.id ?? ''));
	expect(detail).toMatchObject({data: {text: '{"index":5}'}, stacks: [expect.stringContaining('Error: connect ECONNREFUSED')], hasLock: false, logCount: 0});
});

it('tells majors that work on one queue, and how many jobs the next resume loses', async () => {
	const {keyspace, look} = await start();
	const [v5, v6] = [keyspace.queue(5, 'mixed'), keyspace.queue(6, 'mixed', {skipMetasUpdate: true})];
	const queues = [bullQueue('mixed')];
	const read = async () => (await look(queues)).queues[0];
	for (let index = 0; index < 5; index++) await v5.add('work', {index});
	await v6.pause();
	expect(await read()).toMatchObject({major: 5, paused: true, waiting: 5, mixedMajors: {jobsAtRisk: 5}});

	for (let index = 0; index < 3; index++) await v5.add('work', {index});
	expect(await read()).toMatchObject({waiting: 8, mixedMajors: {jobsAtRisk: 5, evidence: [expect.stringContaining('5 jobs in wait and 3 jobs in paused')]}});

	await v5.resume();
	expect(await read()).toMatchObject({waiting: 3, mixedMajors: undefined});
});

it('tells Bull beside BullMQ: a pause by the one does not stop the other', async () => {
	const {keyspace, look} = await start();
	const bull = keyspace.rawBull('legacy');
	const read = async () => (await look([bullQueue('legacy')])).queues[0];
	await bull.add('work', {});
	expect(await read()).toMatchObject({system: 'bull', major: 'bull', mixedMajors: undefined});
	await keyspace.queue(6, 'legacy', {skipMetasUpdate: true}).pause();
	expect(await read()).toMatchObject({major: 'bull', paused: false, mixedMajors: {jobsAtRisk: 0, evidence: [expect.stringContaining('Bull goes on')]}});
	await keyspace.queue(6, 'legacy').getJobCounts('waiting');
	expect(await read()).toMatchObject({system: 'bullmq', major: 6, mixedMajors: {evidence: [expect.stringContaining('was written by Bull')]}});
});

const kept = {};

it.each([
	['bullmq4', {removeOnComplete: true, removeOnFail: true}],
	['bullmq5', {removeOnComplete: true, removeOnFail: true}],
	['bullmq6', kept],
	['bull', kept],
	['bull', {removeOnComplete: true}],
])('counts what comes and goes between two looks: %s %j', async (library, removal) => {
	const {keyspace, look} = await start();
	const queue = library === 'bull' ? keyspace.rawBull('flow') : keyspace.queue(Number(library.slice(-1)) as BullmqMajor, 'flow');
	const fail = async ({data}: {readonly data: {readonly isBad: boolean}}) => {
		if (data.isBad) throw new Error('bad');
	};
	await queue.add('work', {isBad: false}, removal);
	const first = await look([bullQueue('flow')]);
	expect(first.queues[0]).toMatchObject({addedPerSecond: undefined, processedPerSecond: undefined, drainSeconds: undefined});

	if (library === 'bull') keyspace.processBull('flow', fail);
	else keyspace.worker(Number(library.slice(-1)) as BullmqMajor, 'flow', fail as never);
	for (let index = 0; index < 24; index++) await queue.add('work', {isBad: index % 4 === 0}, removal);
	await until('all have ended', async () => (await queue.pending()) === 0);
	await aSecond();
	const second = await look([bullQueue('flow')]);
	const seconds = (second.atMs - first.atMs) / 1000;
	const {addedPerSecond = 0, processedPerSecond = 0, failedPerSecond = 0, drainSeconds} = second.queues[0] ?? {};
	expect(addedPerSecond * seconds).toBeCloseTo(24);
	// Of over a hundred events a hundred are looked at.
	expect(Math.abs(processedPerSecond * seconds - 25)).toBeLessThanOrEqual(removal === kept ? 0.001 : 3);
	expect(Math.abs(failedPerSecond * seconds - 6)).toBeLessThanOrEqual(removal === kept ? 0.001 : 2);
	expect(drainSeconds).toBe(0);
});

it('reads 200 queues in pipelines that hold the server for less than 5 ms each', async () => {
	const {redis, look, discover} = await start();
	await seedMany(redis, 200);
	const {queues} = await discover();
	expect(queues).toHaveLength(200);
	await look(queues);
	await aSecond();
	const witness = await redis.connect();
	onTestFinished(() => witness.close());
	const spent = async () => {
		const stats = String(await witness.call('INFO', 'commandstats'));
		return [...stats.matchAll(/^cmdstat_(?!info)[^:]+:calls=\d+,usec=(\d+)/gm)].reduce((sum, [, micros]) => sum + Number(micros), 0);
	};
	const client = await redis.connect();
	onTestFinished(() => client.close());
	const readOnce = async () => {
		const micros: number[] = [];
		const ask = async (argvs: readonly Argv[]) => {
			const before = await spent();
			const replies = await client.pipeline(argvs);
			micros.push((await spent()) - before);
			return replies;
		};
		const {queues: read} = await readQueues(ask, {queues, memories: new Map(), clients: [], db: 0, nowMs: Date.now()});
		expect(read.map(({active}) => active)).toEqual(read.map(() => 40));
		return micros;
	};
	// The server counts the time too in which the machine gave it none: the shortest of a few is what a pipeline takes.
	const runs = [await readOnce(), await readOnce(), await readOnce()];
	const pipelines = (runs[0] ?? []).map((_, index) => Math.min(...runs.map(run => run[index] ?? Number.POSITIVE_INFINITY)));
	process.stdout.write(`200 queues: ${JSON.stringify(pipelines)} µs\n`);
	expect(Math.max(...pipelines), JSON.stringify(runs)).toBeLessThan(5000);
	// Every 5 s that is 1 % of a core at 50 ms.
	expect(pipelines.reduce((sum, micros) => sum + micros, 0)).toBeLessThan(25_000);
});
