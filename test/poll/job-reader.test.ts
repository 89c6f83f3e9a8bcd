import {expect, it, onTestFinished} from 'vitest';
import type {Clock} from '../../src/clock.ts';
import {ServerRefusedError} from '../../src/errors.ts';
import {runJobReader} from '../../src/poll/job-reader.ts';
import type {Ask} from '../../src/queues/steps.ts';
import type {FoundQueue} from '../../src/queues/types.ts';
import type {QueueView} from '../../src/store/opened-queue.ts';
import {changeUi} from '../../src/store/ui-commands.ts';
import {frozenAt, noonMs, type StateParts, storeWith} from '../helpers/fixtures.ts';
import {queueView} from '../helpers/opened-queue.ts';
import {until} from '../helpers/until.ts';

const orders: FoundQueue = {id: 'bull:orders', family: 'bull', system: 'bullmq', prefix: 'bull', name: 'orders', isAlone: true};

/** Time passes only when the test says so: then every sleeper wakes that is due. */
function heldClock() {
	let nowMs = noonMs;
	const sleepers = new Set<{readonly dueMs: number; readonly wake: () => void}>();
	const clock: Clock = {
		now: () => nowMs,
		sleep: (ms, signal) =>
			new Promise(resolve => {
				if (signal.aborted) return resolve();
				const sleeper = {dueMs: nowMs + ms, wake: resolve};
				sleepers.add(sleeper);
				signal.addEventListener('abort', () => {
					sleepers.delete(sleeper);
					resolve();
				});
			}),
	};
	const pass = (ms: number) => {
		nowMs += ms;
		for (const sleeper of [...sleepers].filter(({dueMs}) => dueMs <= nowMs)) {
			sleepers.delete(sleeper);
			sleeper.wake();
		}
	};
	const asleep = () => until('the reader sleeps', () => sleepers.size > 0);
	return {clock, pass, asleep, nextInMs: () => Math.min(...Array.from(sleepers, ({dueMs}) => dueMs - nowMs))};
}

/** A reader of a queue with `jobs` waiting jobs; each look asks in two pipelines, of which the first begins with LLEN. */
async function start({
	view,
	answer,
	parts,
	isFound = true,
}: {
	readonly view?: QueueView;
	readonly answer?: Ask;
	readonly parts?: StateParts;
	readonly isFound?: boolean;
} = {}) {
	const held = heldClock();
	const store = storeWith({...parts, ui: {view: 'queues', focus: 'queues', queue: view, ...parts?.ui}});
	const looks: string[] = [];
	let reply: Ask = answer ?? (async argvs => argvs.map(([command]) => (command === 'LLEN' || command === 'ZCARD' ? 1 : command === 'LRANGE' ? ['7'] : [])));
	const stop = new AbortController();
	const ask: Ask = argvs => {
		if (argvs[0]?.[0] !== 'HMGET') looks.push(argvs[0]?.join(' ') ?? '');
		return reply(argvs);
	};
	const running = runJobReader({store, clock: held.clock, ask, findQueue: () => (isFound ? orders : undefined)}, stop.signal);
	onTestFinished(async () => {
		stop.abort();
		await running;
	});
	await held.asleep();
	return {
		...held,
		store,
		looks,
		answerWith: (next: Ask) => {
			reply = next;
		},
		show: (queue: QueueView | undefined) => changeUi(store, () => ({queue})),
	};
}

it('asks nothing before a queue is opened, then at once, and again every three seconds', async () => {
	const {looks, store, show, pass, asleep} = await start();
	expect(looks).toEqual([]);
	show(queueView());
	await until('it has looked', () => store.getState().opened?.page.data !== undefined);
	expect(looks).toEqual(['LLEN bull:orders:wait']);
	expect(store.getState().opened).toMatchObject({queueId: 'bull:orders', offers: {pageSize: 50}, page: {data: {total: 1, rows: [{id: '7'}]}}});
	await asleep();
	pass(2999);
	expect(looks).toHaveLength(1);
	pass(1);
	await until('it has looked again', () => looks.length === 2);
});

it('goes at once to what is looked at now, and rests when it is closed or another pane is shown', async () => {
	const {looks, store, show, pass, asleep} = await start({view: queueView()});
	show(queueView({state: 'failed'}));
	await until('it has looked', () => looks.length === 2);
	expect(looks[1]).toBe('ZCARD bull:orders:failed');
	await asleep();
	show(undefined);
	await asleep();
	pass(60_000);
	await asleep();
	show(queueView());
	await until('it has looked', () => looks.length === 3);
	await asleep();
	changeUi(store, () => ({view: 'scripts'}));
	await asleep();
	pass(60_000);
	await asleep();
	expect(looks).toHaveLength(3);
});

it.each(['SILENT', 'BUSY', 'DOWN', 'LOADING', 'NOAUTH', 'CONNECTING'] as const)(
	'asks nothing while the server is %s, and at once when it is over',
	async kind => {
		const {looks, store, pass, asleep} = await start({view: queueView(), parts: {server: {kind}}});
		pass(60_000);
		await asleep();
		expect(looks).toEqual([]);
		store.setState(({snapshot}) => ({snapshot: {...snapshot, server: {...snapshot.server, kind: 'OK'}}}));
		await until('it has looked', () => looks.length === 1);
	},
);

it('asks ever more rarely while it fails, and keeps what it has', async () => {
	const {store, answerWith, pass, asleep, nextInMs} = await start({view: queueView()});
	answerWith(() => Promise.reject(new Error('the connection is gone')));
	const pauses: number[] = [];
	pass(3000);
	for (let failures = 1; failures <= 7; failures += 1) {
		await until('it has failed', () => store.getState().opened?.page.failures === failures);
		await asleep();
		pauses.push(nextInMs());
		pass(nextInMs());
	}
	expect(pauses).toEqual([3000, 6000, 12_000, 24_000, 48_000, 60_000, 60_000]);
	expect(store.getState().opened?.page).toMatchObject({error: 'the connection is gone', data: {rows: [{id: '7'}]}});
});

it('has one question under way at a time, and drops the answer for a queue that was left', async () => {
	let answer: (replies: readonly unknown[]) => void = () => {};
	const waiting = new Promise<readonly unknown[]>(resolve => {
		answer = resolve;
	});
	const {looks, store, show, answerWith, pass, asleep} = await start({view: queueView()});
	answerWith(() => waiting);
	pass(3000);
	await until('it asks', () => looks.length === 2);
	show(queueView({id: 'bull:emails'}));
	expect(looks).toHaveLength(2);
	answerWith(async argvs => argvs.map(() => 0));
	answer([1, ['7']]);
	await until('it has asked for the other', () => store.getState().opened?.queueId === 'bull:emails');
	await asleep();
	expect(store.getState().opened?.page.data?.rows).toEqual([]);
});

it('fetches less often what takes long to come', async () => {
	const {answerWith, pass, asleep, nextInMs} = await start({view: queueView()});
	answerWith(async argvs => {
		pass(500);
		return argvs.map(([command]) => (command === 'LLEN' ? 0 : []));
	});
	pass(3000);
	await until('it sleeps longer', () => nextInMs() > 3000);
	await asleep();
	expect(nextInMs()).toBe(20 * 500);
});

it('fills a frozen display once and leaves it alone then', async () => {
	const frozen = frozenAt(storeWith().getState());
	const {looks, show, pass, asleep} = await start({view: queueView(), parts: {ui: {frozen}}});
	pass(60_000);
	await asleep();
	expect(looks).toHaveLength(1);
	show(queueView({state: 'active'}));
	await until('the other is read', () => looks.length === 2);
});

it('says that a queue is gone', async () => {
	const {store, looks} = await start({view: queueView(), isFound: false});
	expect([looks, store.getState().opened?.page.error]).toEqual([[], 'it is not among the queues found: its keys may be gone']);
});

it('does not ask again in a while what this user may not read', async () => {
	const {store, nextInMs} = await start({view: queueView(), answer: () => Promise.reject(new ServerRefusedError('NOPERM no LLEN for you'))});
	expect(store.getState().opened?.page.refused).toEqual({command: 'reading jobs', reason: 'NOPERM no LLEN for you'});
	expect(nextInMs()).toBe(60_000);
});

it('asks nothing of systems of which only figures are read', async () => {
	const {store, looks} = await start({view: queueView({id: 'rq:queue:mail', family: 'rq'})});
	expect([looks, store.getState().opened?.offers.states]).toEqual([[], []]);
});
