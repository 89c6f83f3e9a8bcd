import {describe, expect, it} from 'vitest';
import {discoverQueues, mergeFound, type ReadOptions, readQueues} from '../../src/queues/reader.ts';
import type {Ask} from '../../src/queues/steps.ts';
import {client, noonMs} from '../helpers/fixtures.ts';
import {type Answers, answer, queue} from './answers.ts';

const asking =
	(answers: Answers): Ask =>
	async argvs =>
		argvs.map(argv => answer(argv, answers));

const meta: Answers = {'HMGET bull:orders:meta version opts.maxLenEvents paused concurrency max': ['bullmq:5.81.5', null, null, null, null]};
const options = (change: Partial<ReadOptions> = {}): ReadOptions => ({
	queues: [queue()],
	memories: new Map(),
	clients: undefined,
	db: 0,
	nowMs: noonMs,
	...change,
});
const worker = client({name: `bull:${Buffer.from('orders').toString('base64')}:w:pod`});

describe('a reading', () => {
	it('goes by the clock of the server, and by ours where it does not tell', async () => {
		const serverMs = noonMs - 90_000;
		expect((await readQueues(asking({...meta, TIME: [String(serverMs / 1000), '123456']}), options())).atMs).toBe(serverMs + 123);
		expect((await readQueues(asking({...meta, TIME: new Error('NOPERM no')}), options())).atMs).toBe(noonMs);
	});

	it('remembers what it has seen, and forgets queues that are gone', async () => {
		const queues = [queue(), queue({id: 'bull:old', name: 'old'})];
		const reading = await readQueues(asking(meta), options({queues}));
		expect(reading.queues.map(({id}) => id)).toEqual(['bull:orders']);
		expect(reading.goneIds).toEqual(['bull:old']);
		expect([...reading.memories.keys()]).toEqual(['bull:orders']);
	});

	it.each([
		['where the list of clients is not known', undefined, undefined],
		['where none is named like one', [client()], undefined],
		['where two are', [worker, worker], 2],
		['in the database that is looked at', [worker, {...worker, db: 1}], 1],
	])('counts workers %s', async (_where, clients, workers) => expect((await readQueues(asking(meta), options({clients}))).queues[0]?.workers).toBe(workers));

	it('rejects where the server refuses everything', async () => {
		const ask: Ask = async argvs => argvs.map(() => new Error('LOADING Redis is loading the dataset in memory'));
		await expect(readQueues(ask, options())).rejects.toMatchObject({name: 'ServerRefusedError', code: 'LOADING'});
	});
});

describe('discovery', () => {
	const first: Answers = {'SCAN 0 COUNT 1000': ['5', ['bull:a:meta', 'bull:b:meta']], 'SCAN 5 COUNT 1000': ['0', ['bull:c:meta']]};
	const settings = (name: string): Answers => ({
		[`TYPE bull:${name}:meta`]: 'hash',
		[`HMGET bull:${name}:meta version opts.maxLenEvents`]: ['bullmq:6.7.0', null],
	});
	const answers = {...first, ...settings('a'), ...settings('b'), ...settings('c')};

	it('finds what all pages hold', async () => {
		const {queues, keys, pages, isComplete, unknown} = await discoverQueues(asking(answers));
		expect({ids: queues.map(({id}) => id), keys, pages, isComplete, unknown}).toEqual({
			ids: ['bull:a', 'bull:b', 'bull:c'],
			keys: 3,
			pages: 2,
			isComplete: true,
			unknown: [],
		});
	});

	it('keeps what it has when it is stopped between pages', async () => {
		const {queues, isComplete} = await discoverQueues(asking(answers), {beforePage: async ({pages}) => pages < 1});
		expect({ids: queues.map(({id}) => id), isComplete}).toEqual({ids: ['bull:a', 'bull:b'], isComplete: false});
	});

	it('says what it was not permitted to ask', async () => {
		const refused = new Error("NOPERM this user has no permissions to run the 'type' command");
		const {queues, unknown} = await discoverQueues(asking({...answers, 'TYPE bull:a:meta': refused, 'TYPE bull:b:meta': refused, 'TYPE bull:c:meta': refused}));
		expect({queues, unknown}).toEqual({queues: [], unknown: [{command: 'TYPE', reason: refused.message}]});
	});

	it('rejects where SCAN is refused', async () => {
		const ask = asking({'SCAN 0 COUNT 1000': new Error('NOPERM no scan')});
		await expect(discoverQueues(ask)).rejects.toMatchObject({name: 'ServerRefusedError', message: 'NOPERM no scan'});
	});

	it('is added to by what connections tell', () => {
		const [a, b] = [queue({id: 'bull:a'}), queue({id: 'bull:b'})];
		expect(mergeFound([a], [{...a, isAlone: false}, b])).toEqual([a, b]);
	});
});
