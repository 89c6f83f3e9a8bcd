import {describe, expect, it} from 'vitest';
import {queuePause} from '../../../src/actions/queues/queue-pause.ts';
import {queueResume} from '../../../src/actions/queues/queue-resume.ts';
import {noChoice} from '../../../src/actions/types.ts';
import {ServerRefusedError} from '../../../src/errors.ts';
import {pauseQueue} from '../../../src/queues/lua/pause-queue.ts';
import type {QueueStatus} from '../../../src/queues/types.ts';
import {received} from '../../../src/store/resource.ts';
import {bindByReading, failureIn, setUp} from '../../helpers/action-run.ts';
import {noonMs, stateWith} from '../../helpers/fixtures.ts';
import {queueStatus} from '../../helpers/queue-status.ts';
import {openQueueWorld} from '../../helpers/queue-world.ts';

/** Replies to plain reads by the end of the key: paused or not, and lengths. */
const answering =
	(sizes: Readonly<Record<string, number>>) =>
	([command = '', key = '']: readonly string[]): unknown =>
		command === 'LRANGE' ? [] : (sizes[command.endsWith('EXISTS') ? 'flag' : (key.split(':').at(-1) ?? '')] ?? 0);

const running = answering({wait: 12, active: 3});
const paused = answering({flag: 1, paused: 12, active: 3});
const keys = ['wait', 'paused', 'meta', 'meta-paused', 'marker', 'prioritized', 'delayed', 'events'].map(key => `bull:orders:${key}`);

describe.each([
	['bull', 'bull', '0'],
	['bullmq', 3, '3'],
	['bullmq', 4, '4'],
	['bullmq', 5, '5'],
	['bullmq', 6, '6'],
] as const)('%s %s', (system, major, sent) => {
	const world = openQueueWorld({system, major, version: undefined});

	it('is told its own major, and the other one of the two is the way back', () => {
		const bound = bindByReading(queuePause, world, running);
		const [load, call] = bound.plan;
		expect(load).toEqual(['SCRIPT', 'LOAD', pauseQueue.text]);
		expect(call).toEqual(['EVALSHA', pauseQueue.sha1, '8', ...keys, 'paused', sent, 'first', '2000', 'bull:orders:paused']);
		const resume = bindByReading(queueResume, world, paused);
		expect(resume.plan[1]).toEqual(['EVALSHA', pauseQueue.sha1, '8', ...keys, 'resumed', sent, 'first', '2000', 'bull:orders:resumed']);
		expect(bound.undo).toEqual({plan: resume.plan, action: 'queue.resume', choice: {on: ['bull:orders'], set: {}}});
		expect(resume.undo).toEqual({plan: bound.plan, action: 'queue.pause', choice: {on: ['bull:orders'], set: {}}});
	});
});

it('begins with the database where it is not the first', () => {
	const target = {...stateWith().session.target, db: 3};
	expect(bindByReading(queuePause, {...openQueueWorld(), session: {target}}, running).plan.map(([command]) => command)).toEqual([
		'SELECT',
		'SCRIPT',
		'EVALSHA',
	]);
});

it('says what is there at this moment, not what the last look saw', () => {
	const {request} = bindByReading(queuePause, openQueueWorld({waiting: 4, active: 1, workers: 2}), running);
	expect(Object.fromEntries(request.facts)).toEqual({
		queue: 'bull:orders  BullMQ 5.81.5',
		waiting: '12',
		active: '3: they go on to their end',
		workers: '2 connections',
	});
});

describe('refusals', () => {
	it.each<[string, Partial<QueueStatus>, string]>([
		['an unknown major', {major: undefined}, 'It cannot be told which major of BullMQ works on it'],
		['a newer major', {major: 7}, 'BullMQ 7 is newer than what this program knows (6)'],
		['an older major', {major: 2}, 'BullMQ 2 is older than what has been tried (3 to 6)'],
		['mixed majors', {mixedMajors: {jobsAtRisk: 3, evidence: ['3 jobs in both']}}, 'Several majors work on it (3 jobs in both): another write may lose jobs'],
		['another system', {family: 'sidekiq', system: 'sidekiq', major: undefined}, 'Queues of sidekiq are read, never written to'],
	])('%s', (_what, change, reason) => {
		for (const action of [queuePause, queueResume]) expect(action.refusal(stateWith(openQueueWorld(change)))?.refused).toContain(reason);
	});

	it.each([
		['READONLY', 'It is a replica and takes no writes'],
		['MISCONF', 'It takes no writes (MISCONF)'],
	] as const)('a server that is %s', (kind, reason) => {
		expect(queuePause.refusal(stateWith({...openQueueWorld(), server: {kind}}))?.refused).toContain(reason);
	});

	it('what is so already, as it is read before the dialog', () => {
		expect(() => bindByReading(queuePause, openQueueWorld(), paused)).toThrow('It is paused already');
		expect(() => bindByReading(queueResume, openQueueWorld({paused: true}), running)).toThrow('It is not paused');
	});

	it('a queue that cannot be read', () => {
		expect(() => bindByReading(queuePause, openQueueWorld(), () => new ServerRefusedError('NOPERM no'))).toThrow('The queue cannot be read: ');
	});

	it('what somebody else has done while the dialog was open, as soon as it is seen', () => {
		const bound = bindByReading(queuePause, openQueueWorld(), running);
		const look = (change: Partial<QueueStatus>, atMs: number) => ({...openQueueWorld(), snapshot: {queues: received([queueStatus(change)], atMs)}});
		// The last look is older than the reading: it does not count.
		expect(failureIn(bound, look({paused: true}, noonMs))).toBeUndefined();
		expect(failureIn(bound, look({paused: true}, noonMs + 1))).toBe('It is paused already');
		expect(failureIn(bound, look({major: 6, version: '6.0.0'}, noonMs + 1))).toBe('Another version of the library has opened it meanwhile');
		expect(failureIn(bound, {snapshot: {queues: received([], noonMs + 1)}})).toBe('The queue has gone');
	});
});

describe('what the script answers', () => {
	const runWith = (replies: readonly unknown[], after: (argv: readonly string[]) => unknown) => {
		let isAsked = false;
		const answer = (argv: readonly string[]) => (isAsked ? after(argv) : running(argv));
		const run = setUp({action: queuePause, state: openQueueWorld(), after: openQueueWorld(), replies, answer});
		const {confirm} = run.deps;
		return {...run, deps: Object.assign(run.deps, {confirm: (request: Parameters<typeof confirm>[0]) => confirm(request).finally(() => (isAsked = true))})};
	};

	it('goes on as long as there are jobs to move', async () => {
		const {run, send} = runWith(['sha', ['MORE', 3000], ['MORE', 1000], ['DONE', 0]], paused);
		await expect(run()).resolves.toMatchObject({outcome: 'done', detail: 'paused: 12 waiting, 3 active and going on to their end'});
		expect(send.mock.calls.map(([argv]) => (argv[0] === 'EVALSHA' ? argv.at(-3) : argv[0]))).toEqual(['SCRIPT', 'first', 'again', 'again']);
	});

	it.each([
		[['ALREADY', 0], 'nothing was changed: somebody else had paused it a moment before'],
		[['VERSION', 0], 'nothing was changed: another version of the library has opened it meanwhile'],
		[['UNDONE', 0], 'nothing was changed: somebody has resumed it between two rounds'],
		['?', 'nothing was changed: the script answered nothing'],
	])('%j', async (reply, detail) => {
		const {run} = runWith(['sha', reply], paused);
		await expect(run()).resolves.toMatchObject({outcome: 'unverified', detail});
	});

	it.each([
		[running, 'it is not paused: 12 waiting, 3 active'],
		[answering({flag: 1, wait: 2, paused: 10}), 'it is paused, and 2 jobs in wait should not be there'],
		[() => new ServerRefusedError('NOPERM no'), 'it was sent; whether it is paused could not be read: '],
	])('is believed only as far as it is seen', async (after, detail) => {
		const {run} = runWith(['sha', ['DONE', 0]], after);
		await expect(run()).resolves.toMatchObject({outcome: 'unverified', detail: expect.stringContaining(detail)});
	});
});

describe('chosen by name', () => {
	const bindKnowing = (isComplete: boolean, name: string) => {
		const state = stateWith({snapshot: openQueueWorld().snapshot ?? {}});
		const snapshot = {...state.snapshot, queueSearch: {...state.snapshot.queueSearch, isComplete}};
		return queuePause.bind({...state, snapshot}, {...noChoice, on: [name]}, expect.anything());
	};

	it('in full, or by what it is called once all are known', () => {
		expect(bindKnowing(false, 'bull:orders')).toMatchObject({kind: 'reading'});
		expect(bindKnowing(true, 'orders')).toMatchObject({kind: 'reading'});
	});

	it('not by what another one may be called that has not been seen yet', () => {
		expect(bindKnowing(false, 'orders')).toMatchObject({
			refused: 'Not all queues are known yet, and another one may be called orders: name it in full, bull:orders',
		});
	});
});
