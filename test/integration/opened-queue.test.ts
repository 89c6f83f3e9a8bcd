import {expect, it, onTestFinished} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {literalCommand} from '../../src/commands/console/literal-command.ts';
import {runJobReader} from '../../src/poll/job-reader.ts';
import type {Ask} from '../../src/queues/steps.ts';
import type {FoundQueue} from '../../src/queues/types.ts';
import {type OpenedQueue, shownJob, shownPage, shownQueue, shownReasons} from '../../src/store/opened-queue.ts';
import {received} from '../../src/store/resource.ts';
import {changeUi, uiCommands} from '../../src/store/ui-commands.ts';
import {noonMs, storeWith} from '../helpers/fixtures.ts';
import {QueueKeyspace} from '../helpers/queue-keyspace.ts';
import {queueStatus} from '../helpers/queue-status.ts';
import {startForTest} from '../helpers/server-session.ts';
import {until} from '../helpers/until.ts';

const charges: FoundQueue = {id: 'bull:charges', family: 'bull', system: 'bullmq', prefix: 'bull', name: 'charges', isAlone: true};

/** Sixty failures of BullMQ 6 with two reasons, and two jobs that wait. */
async function failMany(keyspace: QueueKeyspace): Promise<void> {
	const queue = keyspace.queue(6, 'charges');
	const hand = keyspace.worker(6, 'charges', undefined, {lockDuration: 60_000});
	for (let index = 0; index < 60; index += 1) {
		await queue.add(index % 2 === 0 ? 'charge' : 'refund', {orderId: index, note: 'a\u001b[31mred'});
		const job = await hand.getNextJob(`token-${index}`);
		const reason = index < 45 ? `connect ECONNREFUSED 10.0.3.${index}:5432` : `Connection timeout after ${index}000ms`;
		await job?.moveToFailed(new Error(reason), `token-${index}`, false);
	}
	for (let index = 0; index < 2; index += 1) await queue.add('charge', {orderId: 100 + index});
}

/** The queue in the list, a reader on the server, and keys to press. */
async function start() {
	const redis = await startForTest();
	const keyspace = new QueueKeyspace(redis.port);
	const client = await redis.connect();
	const stop = new AbortController();
	const sent = new Set<string>();
	const ask: Ask = argvs => {
		for (const [command = ''] of argvs) sent.add(command);
		return client.pipeline(argvs);
	};
	const store = storeWith({
		snapshot: {queues: received([queueStatus({id: charges.id, name: charges.name, waiting: 2, failed: 60})], noonMs)},
		ui: {view: 'queues', focus: 'queues'},
		panes: {queues: {selectedId: charges.id}},
	});
	const running = runJobReader({store, clock: systemClock, ask, findQueue: id => (id === charges.id ? charges : undefined)}, stop.signal);
	onTestFinished(async () => {
		stop.abort();
		await running;
		await keyspace.close();
		client.close();
	});
	const press = (...commands: readonly string[]) => {
		for (const command of commands) changeUi(store, uiCommands[command] ?? (() => expect.unreachable(command)));
	};
	const view = () => shownQueue(store.getState().ui) ?? expect.unreachable('no queue is open');
	const read = <T>(what: string, of: (opened: OpenedQueue | undefined) => T) => until(what, () => of(store.getState().opened));
	return {redis, keyspace, store, sent, press, view, read};
}

it('opens a queue of BullMQ: its jobs in pages, the reasons of its failures, one job with its stack', async () => {
	const {redis, keyspace, store, sent, press, view, read} = await start();
	await failMany(keyspace);

	press('open');
	const waiting = await read('the jobs that wait', opened => shownPage(opened, view()).data);
	expect(waiting).toMatchObject({state: 'waiting', total: 2, from: 0, rows: [{id: '61', name: 'charge'}, {id: '62'}], unknown: []});

	// Past the finished ones, of which there are none.
	press('queue.previous-state');
	const newest = await read('the failed jobs', opened => shownPage(opened, view()).data);
	expect(newest).toMatchObject({state: 'failed', total: 60, from: 0});
	expect(newest.rows).toHaveLength(50);
	expect(newest.rows[0]).toMatchObject({id: '60', attemptsMade: 1, failedReason: {text: 'Connection timeout after 59000ms'}});

	press('queue.page-down');
	const oldest = await read('the second page', opened => shownPage(opened, view()).data);
	expect(oldest.rows.map(({id}) => id)).toEqual(['10', '9', '8', '7', '6', '5', '4', '3', '2', '1']);

	press('queue.reasons');
	const reasons = await read('the reasons', opened => shownReasons(opened, view()).data);
	expect(reasons.groups.map(({shape, count}) => [shape, count])).toEqual([
		['connect ECONNREFUSED #', 45],
		['Connection timeout after #', 15],
	]);

	press('queue.last', 'queue.open');
	const newestOfReason = await read('the newest job of a reason', opened => shownJob(opened, view(), '60').data?.detail);
	expect(newestOfReason).toMatchObject({state: 'failed', failedReason: {text: 'Connection timeout after 59000ms'}});
	press('job.next');
	await read('the next of that reason', opened => shownJob(opened, view(), '59').data?.detail);

	press('queue.back', 'queue.back');
	await read('the failed jobs again', opened => shownPage(opened, view()).data);
	press('queue.down', 'queue.open');
	const job = await read('one job', opened => shownJob(opened, view(), '60').data?.detail);
	expect(job).toMatchObject({
		name: 'refund',
		data: {text: '{"orderId":59,"note":"a\\u001b[31mred"}'},
		failedReason: {text: 'Connection timeout after 59000ms'},
	});
	expect(job.stacks.at(-1)).toMatch(/^Error: Connection timeout after 59000ms\n +at /);

	const [command = []] = literalCommand(store.getState(), () => undefined) ?? [];
	expect(command).toEqual(['HGETALL', 'bull:charges:60']);
	expect(await redis.call(...(command as [string, ...string[]]))).toContain('failedReason');

	const flags = (await redis.call('COMMAND', 'INFO', ...sent)) as readonly (readonly unknown[])[];
	expect(flags.filter(info => String(info[2]).includes('write'))).toEqual([]);
});

it('shows what has become of a list while it is open, and that a job has gone', async () => {
	const {redis, keyspace, press, view, read} = await start();
	const queue = keyspace.queue(6, 'charges');
	await queue.add('charge', {});
	press('open');
	await read('one job', opened => shownPage(opened, view()).data?.total === 1);
	await queue.add('charge', {});
	await until('two of them', async () => (await read('a page', opened => shownPage(opened, view()).data))?.total === 2, 10_000);

	press('queue.down', 'queue.open');
	expect(await read('the job', opened => shownJob(opened, view(), '1').data?.detail)).toMatchObject({state: 'waiting'});
	await keyspace.worker(6, 'charges', undefined, {}).getNextJob('token');
	await until('it is active', async () => (await read('the job', opened => shownJob(opened, view(), '1').data?.detail)).state === 'active', 10_000);
	await redis.call('DEL', 'bull:charges:1');
	await until('it has gone', async () => (await read('an answer', opened => shownJob(opened, view(), '1').data)).detail === undefined, 10_000);
}, 30_000);
