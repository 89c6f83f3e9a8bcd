import {describe, expect, it} from 'vitest';
import {ServerRefusedError} from '../../src/errors.ts';
import type {SurveyProgress, SurveyResult} from '../../src/store/survey.ts';
import {runSurvey, type SurveyJob} from '../../src/survey/run-survey.ts';
import {jumpingClock, noonMs} from '../helpers/fixtures.ts';

type Argv = readonly string[];

/** A stand-in for the server: pages of keys, each a string of 100 bytes without TTL. */
function setUp(pages: readonly (readonly string[])[], {answer, ...job}: Partial<SurveyJob> & {answer?: (argv: Argv) => unknown} = {}) {
	const rounds: (readonly Argv[])[] = [];
	const clock = jumpingClock();
	const replyTo = (argv: Argv): unknown => {
		const special = answer?.(argv);
		if (special !== undefined) return special;
		const [command, argument] = argv;
		if (command === 'DBSIZE') return pages.flat().length;
		if (command === 'SCAN') return [Number(argument) + 1 < pages.length ? String(Number(argument) + 1) : '0', pages[Number(argument)] ?? []];
		return {SELECT: 'OK', MEMORY: 100, TYPE: 'string', PTTL: -1, STRLEN: 7}[command ?? ''];
	};
	const told: {progress: SurveyProgress; result: SurveyResult | undefined}[] = [];
	const stop = new AbortController();
	return {
		rounds,
		told,
		stop,
		clock,
		run: () =>
			runSurvey(
				{
					ask: async argvs => {
						rounds.push(argvs);
						return argvs.map(replyTo);
					},
					clock,
					db: 0,
					components: [],
					isOrderRandom: true,
					onProgress: (progress, result) => told.push({progress, result}),
					...job,
				},
				stop.signal,
			),
	};
}

const commandsOf = (rounds: readonly (readonly Argv[])[]) => rounds.map(round => [...new Set(round.map(([command]) => command))].join(' '));

describe('a survey', () => {
	it('asks for the size, then page by page, and ends with the cursor', async () => {
		const {rounds, told, run} = setUp([['a:1', 'a:2'], ['b:1'], []], {db: 2});
		expect(await run()).toEqual({kind: 'finished', detail: ''});
		expect(commandsOf(rounds)).toEqual([
			'SELECT',
			'DBSIZE',
			'DBSIZE',
			'DBSIZE',
			'SCAN',
			'MEMORY TYPE PTTL',
			'STRLEN',
			'SCAN',
			'MEMORY TYPE PTTL',
			'STRLEN',
			'SCAN',
			'DBSIZE',
		]);
		expect(rounds[4]).toEqual([['SCAN', '0', 'COUNT', '500']]);
		expect(rounds[5]?.slice(0, 3)).toEqual([
			['MEMORY', 'USAGE', 'a:1', 'SAMPLES', '5'],
			['TYPE', 'a:1'],
			['PTTL', 'a:1'],
		]);
		expect(told.at(-1)).toMatchObject({
			progress: {scannedKeys: 3, totalKeys: 3, measuredKeys: 3, everyNth: 1},
			result: {total: {keys: 3, bytes: 300}, bigKeys: [{length: 7}, {}, {}]},
		});
	});

	it('asks for the size again every three seconds and at the end, and extends to the latest', async () => {
		let size = 200;
		const grown = () => {
			size += 10;
			return size;
		};
		const pages = Array.from({length: 100}, (_, page) => [`a:${page}`, `a:${page}x`]);
		const {rounds, told, clock, run} = setUp(pages, {answer: ([command]) => (command === 'DBSIZE' ? grown() : undefined)});
		await run();
		const sizes = rounds.flat().filter(([command]) => command === 'DBSIZE').length;
		const seconds = (clock.now() - noonMs) / 1000;
		expect(sizes - 4).toBeGreaterThan(seconds / 3.2 - 1);
		expect(sizes - 4).toBeLessThanOrEqual(seconds / 3);
		expect(told.at(-1)).toMatchObject({
			progress: {scannedKeys: 200, totalKeys: size},
			result: {total: {keys: size}, prefixes: [{keys: size, bytes: size * 100}]},
		});
	});

	it('does not ask again for a size that it may not know', async () => {
		const {rounds, run} = setUp([['a:1'], ['a:2']], {answer: ([command]) => (command === 'DBSIZE' ? new ServerRefusedError('NOPERM no') : undefined)});
		await run();
		expect(rounds.flat().filter(([command]) => command === 'DBSIZE')).toHaveLength(3);
	});

	it('pauses after every round that costs something', async () => {
		const {clock, run} = setUp([['a:1'], ['a:2'], ['a:3']]);
		await run();
		expect(clock.now() - noonMs).toBeGreaterThanOrEqual(3 * 75);
	});

	it('measures one in N of what is alike, and all that is rare', async () => {
		const keys = Array.from({length: 1000}, (_, index) => `sess:${index}`);
		const {rounds, told, run} = setUp([[...keys, 'queue:a', 'queue:b']], {limits: {measuredKeys: 100}});
		await run();
		const measured = rounds
			.flat()
			.filter(([command]) => command === 'MEMORY')
			.map(([, , key]) => key);
		expect(told.at(-1)?.progress).toMatchObject({everyNth: 11, measuredKeys: measured.length});
		expect(measured).toContain('queue:a');
		expect(measured).toContain('queue:b');
		expect(measured.length).toBeGreaterThan(100);
		expect(measured.length).toBeLessThan(120);
	});

	it('never asks about more at once than a round may take', async () => {
		const keys = Array.from({length: 5000}, (_, index) => `sess:${index}`);
		const {rounds, run} = setUp([keys]);
		await run();
		expect(Math.max(...rounds.map(round => round.length))).toBeLessThanOrEqual(1000);
	});

	it('leaves out of the count what went between SCAN and now', async () => {
		const {told, run} = setUp([['a:1', 'a:2', 'a:3']], {
			answer: ([command, usage, key]) => (command === 'MEMORY' && usage === 'USAGE' && key === 'a:2' ? null : undefined),
		});
		await run();
		expect(told.at(-1)?.progress.measuredKeys).toBe(2);
		expect(told.at(-1)?.result?.total).toMatchObject({keys: 3, bytes: 300});
	});

	it('on a cluster node speaks of what it has seen only', async () => {
		const pages = [Array.from({length: 10}, (_, index) => `a:${index}`), Array.from({length: 10}, (_, index) => `b:${index}`)];
		const {told, stop, run} = setUp(pages, {
			isOrderRandom: false,
			answer: ([command, cursor]) => {
				if (command === 'SCAN' && cursor === '1') stop.abort();
				return undefined;
			},
		});
		expect(await run()).toEqual({kind: 'stopped', detail: ''});
		expect(told.at(-1)).toMatchObject({progress: {isExtended: false, totalKeys: 20}, result: {total: {keys: 20}}});
		const early = setUp(pages, {
			isOrderRandom: false,
			answer: ([command, cursor]) => (command === 'SCAN' && cursor === '1' ? new ServerRefusedError('BUSY Redis is busy') : undefined),
		});
		await early.run();
		expect(early.told.at(-1)?.result?.total.keys).toBe(10);
	});
});

describe('an end before the end', () => {
	it.each(['BUSY Redis is busy running a script.', 'LOADING Redis is loading the dataset in memory', 'NOAUTH Authentication required.'])(
		'comes with %s',
		async message => {
			const {told, run} = setUp([['a:1'], ['a:2']], {
				answer: ([command, cursor]) => (command === 'SCAN' && cursor === '1' ? new ServerRefusedError(message) : undefined),
			});
			expect(await run()).toEqual({kind: 'broken', detail: message});
			expect(told.at(-1)).toMatchObject({progress: {scannedKeys: 1}, result: {total: {keys: 2}}});
		},
	);

	it('comes with a database that cannot be chosen', async () => {
		const {rounds, run} = setUp([['a:1']], {
			db: 99,
			answer: ([command]) => (command === 'SELECT' ? new ServerRefusedError('ERR DB index is out of range') : undefined),
		});
		expect(await run()).toEqual({kind: 'refused', detail: 'SELECT 99: ERR DB index is out of range'});
		expect(rounds).toHaveLength(1);
	});

	it('comes within a round once it is stopped', async () => {
		const {rounds, stop, run} = setUp([['a:1'], ['a:2'], ['a:3']], {
			answer: ([command, cursor]) => {
				if (command === 'SCAN' && cursor === '1') stop.abort();
				return undefined;
			},
		});
		expect(await run()).toEqual({kind: 'stopped', detail: ''});
		expect(commandsOf(rounds).at(-1)).toBe('SCAN');
	});

	it('is a defect when it is one', async () => {
		const {run} = setUp([['a:1']], {ask: () => Promise.reject(new TypeError('defect'))});
		await expect(run()).rejects.toThrow(TypeError);
	});
});
