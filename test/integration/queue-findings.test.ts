import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it, onTestFinished} from 'vitest';
import {diagnose} from '../../src/diagnosis/diagnose.ts';
import {defaultThresholds, type Thresholds} from '../../src/diagnosis/thresholds.ts';
import {type QueueMemories, readQueues} from '../../src/queues/reader.ts';
import type {FoundQueue} from '../../src/queues/types.ts';
import {parseClientList} from '../../src/redis/parse/client-list.ts';
import type {Finding} from '../../src/store/finding.ts';
import {type QueueHistory, withQueueLook} from '../../src/store/queue-history.ts';
import {received} from '../../src/store/resource.ts';
import {stateWith} from '../helpers/fixtures.ts';
import {QueueKeyspace} from '../helpers/queue-keyspace.ts';
import {startForTest} from '../helpers/server-session.ts';
import {until} from '../helpers/until.ts';
import {startWorker} from '../queues/worker-process.ts';

/** A server, the libraries on it, and a console's knowledge of some queues that grows look by look. */
async function start(names: readonly string[], thresholds: Partial<Thresholds> = {}) {
	const redis = await startForTest();
	const keyspace = new QueueKeyspace(redis.port);
	const client = await redis.connect();
	onTestFinished(async () => {
		await keyspace.close();
		client.close();
	});
	const queues = names.map((name): FoundQueue => ({id: `bull:${name}`, family: 'bull', system: 'bullmq', prefix: 'bull', name, isAlone: false}));
	let memories: QueueMemories = new Map();
	let queueHistory: QueueHistory = new Map();
	let findings: readonly Finding[] = [];
	/** The findings about queues after one more look. */
	const look = async (): Promise<readonly Finding[]> => {
		const {clients} = parseClientList(String(await client.call('CLIENT', 'LIST')));
		const reading = await readQueues(argvs => client.pipeline(argvs), {queues, memories, clients, db: 0, nowMs: Date.now()});
		memories = reading.memories;
		const nowMs = Date.now();
		queueHistory = withQueueLook(queueHistory, {...reading, knowsClients: true, pauseMs: 5000}, nowMs);
		const state = stateWith({nowMs, findings, snapshot: {queues: received(reading.queues, nowMs), queueHistory}});
		findings = diagnose(state, {...defaultThresholds, ...thresholds});
		return findings.filter(({id}) => id.startsWith('queue.'));
	};
	/** Look every second until it is there. */
	const found = (id: string): Promise<Finding> => watch(`${id} is found`, async () => (await look()).find(finding => finding.id === id));
	const over = (id: string): Promise<unknown> => watch(`${id} is over`, async () => (await look()).every(finding => finding.id !== id));
	return {redis, keyspace, look, found, over};
}

/** As a console does, only faster: one look a second. */
async function watch<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
	let nextMs = 0;
	return until(
		what,
		async () => {
			if (Date.now() < nextMs) return undefined;
			nextMs = Date.now() + 1050;
			return ask();
		},
		30_000,
	) as Promise<T>;
}

const ids = (findings: readonly Finding[]): readonly string[] => findings.map(({id}) => id);

it.each([5, 6] as const)('finds a queue of BullMQ %i that holds 1,000 jobs, and none of 999', async major => {
	const {keyspace, look} = await start(['deep']);
	const queue = keyspace.queue(major, 'deep');
	await Promise.all(Array.from({length: 999}, (_, index) => queue.add('work', {index}, index < 300 ? {priority: 1} : {})));
	expect(ids(await look())).toEqual([]);
	await queue.add('work', {});
	const [deep, ...rest] = await look();
	expect(deep).toMatchObject({id: 'queue.depth', title: '1,000 jobs wait in deep', components: ['deep']});
	expect(deep?.evidence).toMatch(/^deep: 1,000 waiting/);
	expect(ids(rest)).toEqual(['queue.no-workers']);
});

it('finds jobs that nobody takes, and nothing once a worker has come', async () => {
	const {redis, keyspace, found, over, look} = await start(['idle'], {queueStuckSeconds: 3});
	await Promise.all(Array.from({length: 20}, () => keyspace.queue(6, 'idle').add('work', {ms: 10})));
	expect((await found('queue.no-workers')).evidence).toMatch(/^idle: 20 waiting, the next for \ds, no worker visible$/);
	expect((await found('queue.stuck')).evidence).toMatch(/^idle: none taken for \ds, 20 waiting, none active, no worker visible$/);
	startWorker(redis.port, 'bullmq6', 'idle', 5000);
	await over('queue.stuck');
	await over('queue.no-workers');
	expect(ids(await look())).toEqual([]);
});

it('takes no queue for stuck that its workers hold back, or that is paused', async () => {
	const {keyspace, look, found} = await start(['limited', 'paused', 'held'], {queueStuckSeconds: 2});
	keyspace.worker(6, 'limited', async () => undefined, {limiter: {max: 1, duration: 60_000}});
	keyspace.worker(6, 'held', keyspace.hang, {concurrency: 1});
	for (const name of ['limited', 'paused', 'held']) for (let index = 0; index < 5; index++) await keyspace.queue(6, name).add('work', {index});
	await keyspace.queue(6, 'paused').pause();
	expect(await found('queue.stuck')).toMatchObject({
		severity: 'P2',
		components: ['held'],
		evidence: expect.stringMatching(/^held: .*4 waiting, 1 active, 1 worker$/),
	});
	expect((await look()).find(({id}) => id === 'queue.paused')).toMatchObject({evidence: 'paused: 5 waiting', components: ['paused']});
});

it('finds a queue whose jobs fail', async () => {
	const {keyspace, look, found} = await start(['bad']);
	const queue = keyspace.queue(5, 'bad');
	await queue.add('work', {});
	await look();
	const fail = async () => {
		throw new Error('connect ECONNREFUSED 10.0.3.5:5432');
	};
	keyspace.worker(5, 'bad', fail);
	for (let index = 0; index < 24; index++) await queue.add('work', {index});
	await until('all have failed', async () => (await queue.pending()) === 0);
	expect(await found('queue.failing')).toMatchObject({
		severity: 'P1',
		evidence: expect.stringMatching(/^bad: 25 of 25 jobs failed \(100%\), 25 kept as failed$/),
	});
});

it('finds overdue jobs where no worker looks after them', async () => {
	const {keyspace, found, over, redis} = await start(['late'], {queueOverdueSeconds: 1});
	await keyspace.queue(6, 'late').add('work', {ms: 1}, {delay: 100});
	expect(await found('queue.overdue')).toMatchObject({title: '1 delayed job of late should have run by now', components: ['late']});
	startWorker(redis.port, 'bullmq6', 'late', 5000);
	await over('queue.overdue');
});

it('says of mixed majors how many jobs the next resume loses; it loses them', async () => {
	const {keyspace, look} = await start(['mixed']);
	const [v5, v6] = [keyspace.queue(5, 'mixed'), keyspace.queue(6, 'mixed', {skipMetasUpdate: true})];
	for (let index = 0; index < 5; index++) await v5.add('work', {index});
	await v6.pause();
	for (let index = 0; index < 3; index++) await v5.add('work', {index});
	const mixed = (await look()).find(({id}) => id === 'queue.mixed-majors');
	expect(mixed).toMatchObject({
		severity: 'P1',
		title: 'Two majors of the library seem to work on mixed: 5 jobs can be lost',
		evidence: expect.stringMatching(/^mixed: 5 jobs at risk: 5 jobs in wait and 3 jobs in paused/),
	});
	await v5.resume();
	expect(await v5.getJobCounts('waiting', 'paused')).toMatchObject({waiting: 3});
	expect(ids(await look())).not.toContain('queue.mixed-majors');
});

const watchedSeconds = 60;

/** Takes a minute of time and little work: the other files run beside it. */
it('finds the jobs of a killed worker, and over a minute never those of a healthy one that is busy', async () => {
	const healthy = ['healthy4', 'healthy5', 'healthy6'];
	const killed = ['killed5', 'killed6'];
	const {redis, keyspace, look} = await start([...healthy, ...killed]);
	const producers = [keyspace.queue(4, 'healthy4'), keyspace.queue(5, 'healthy5'), keyspace.queue(6, 'healthy6')];
	for (const name of healthy) startWorker(redis.port, `bullmq${name.at(-1)}`, name, 2000);
	const victims = killed.map(name => startWorker(redis.port, `bullmq${name.at(-1)}`, name, 2000));
	for (const [index, name] of killed.entries()) {
		const queue = keyspace.queue(index === 0 ? 5 : 6, name);
		for (let job = 0; job < 3; job++) await queue.add('work', {ms: 600_000});
	}
	// Jobs that outlive their first lock, and a crowd of short ones.
	const keepBusy = () => Promise.all(producers.flatMap(queue => [5000, 0, 5, 20, 80].map(ms => queue.add('work', {ms}, {removeOnComplete: true}))));
	const names = async () => (await look()).find(({id}) => id === 'queue.stalled')?.components ?? [];
	const watchFor = async (seconds: number) => {
		const seen: {readonly atMs: number; readonly names: readonly string[]}[] = [];
		for (let second = 0; second < seconds; second++) {
			await keepBusy();
			seen.push({atMs: Date.now(), names: await names()});
			// The pace of the looks; nothing is waited for.
			await sleep(1000);
		}
		return seen;
	};
	expect((await watchFor(6)).flatMap(each => each.names)).toEqual([]);
	for (const victim of victims) victim.kill('SIGKILL');
	const killedAtMs = Date.now();
	const seen = await watchFor(watchedSeconds - 6);
	expect([...new Set(seen.flatMap(each => each.names))].sort()).toEqual(killed);
	const foundAtMs = seen.find(each => each.names.length === killed.length)?.atMs ?? Number.NaN;
	expect(foundAtMs - killedAtMs).toBeLessThan(15_000);
	const stalled = (await look()).find(({id}) => id === 'queue.stalled');
	expect(stalled).toMatchObject({title: '6 jobs of 2 queues are active and held by nobody', remedies: ['queue.recover-stalled']});
	expect(stalled?.evidence).toContain('killed5: 3 of 3 active jobs held by nobody (');
}, 120_000);
