import {describe, expect, it} from 'vitest';
import {shapeOf} from '../../src/queues/key-shapes.ts';
import {KeyspaceScan} from '../../src/queues/keyspace-scan.ts';

function scanned(...keys: readonly string[]) {
	const scan = new KeyspaceScan();
	scan.take(['0', keys]);
	return scan.candidates();
}

const bases = (...keys: readonly string[]) => Object.fromEntries([...scanned(...keys).bases].map(([base, suffixes]) => [base, [...suffixes]]));

describe('the scan', () => {
	it('goes page by page from cursor to cursor, and says when it is through', () => {
		const scan = new KeyspaceScan({countPerPage: 500});
		expect(scan.command).toEqual(['SCAN', '0', 'COUNT', '500']);
		scan.take(['17', ['a', 'b']]);
		expect(scan.command).toEqual(['SCAN', '17', 'COUNT', '500']);
		expect(scan.progress).toEqual({keys: 2, pages: 1, isComplete: false});
		scan.take(['0', []]);
		expect(scan.command).toBeUndefined();
		expect(scan.progress).toEqual({keys: 2, pages: 2, isComplete: true});
	});

	it('ends at its bound, and says that it was not all', () => {
		const scan = new KeyspaceScan({maxKeys: 2});
		scan.take(['17', ['a', 'b']]);
		expect(scan.command).toBeUndefined();
		expect(scan.progress.isComplete).toBe(false);
	});

	it.each([new Error('NOPERM this user has no permissions to run the "scan" command'), null, 'OK', [[], []]])('throws at %j', reply =>
		expect(() => new KeyspaceScan().take(reply)).toThrow(expect.objectContaining({name: 'ServerRefusedError'})),
	);

	it('takes a page whose names are no text as far as it goes', () => expect(() => new KeyspaceScan().take(['0', [null, 'a', 7]])).not.toThrow());
});

describe('what belongs together', () => {
	it.each([
		['bull:orders', ['id', 'wait']],
		['{shop}:webhooks', ['meta', 'events']],
		['app:prod:q', ['meta', 'stalled-check']],
		['bq:mail', ['id', 'jobs', 'stallBlock']],
	])('%s by its suffixes', (base, suffixes) => {
		expect(bases(...suffixes.map(suffix => `${base}:${suffix}`))).toEqual({[base]: expect.arrayContaining(suffixes)});
	});

	it('leaves out what BullMQ keeps under a queue: metrics, schedulers, jobs and their parts', () =>
		expect(bases('bull:q:metrics:completed', 'bull:q:metrics:failed', 'bull:q:repeat:id', 'bull:q:17', 'bull:q:17:lock', 'bull:q:17:logs')).toEqual({}));

	it('tells the other systems by their anchors', () => {
		const found = scanned(
			'queues',
			'app:queues',
			'rq:queues',
			'asynq:queues',
			'asynq:{low}:active',
			'q:job:types',
			'_kombu.binding.celery',
			'dramatiq:default.msgs',
			'dramatiq:mail.DQ.msgs',
			'dramatiq:__acks__.w1.slow',
			'dramatiq:__heartbeats__',
			'shop_database_queues:mail:reserved',
			'shop_database_queues:mail',
		);
		expect(found).toMatchObject({
			namespaces: ['', 'app:', 'rq:', 'asynq:'],
			kuePrefixes: ['q'],
			kombuBindings: ['celery'],
			dramatiq: new Map([['dramatiq', new Set(['default', 'mail', 'slow'])]]),
			dramatiqHeartbeats: new Set(['dramatiq']),
			laravel: ['shop_database_queues:mail'],
			others: [],
		});
		expect(found.bases.size).toBe(0);
	});
});

describe('memory', () => {
	it('is bounded for a data model that looks like queues', () => {
		const scan = new KeyspaceScan();
		for (let page = 0; page < 100; page++) scan.take(['1', Array.from({length: 1000}, (_, index) => `order:${page * 1000 + index}:id`)]);
		scan.take(['0', ['bull:orders:id', 'bull:orders:wait']]);
		const {bases: found} = scan.candidates();
		expect(found.size).toBeLessThan(3000);
		expect(found.get('bull:orders')).toEqual(new Set(['id', 'wait']));
	});

	it('keeps a few keys of every shape that nobody claims', () => {
		const keys = Array.from({length: 5000}, (_, index) => `rl:ip:${index}`);
		const {others} = scanned(...keys, 'audit:trail', ...keys.map(key => `${key}:x`), 'leaderboard');
		expect(others.map(([first]) => shapeOf(first))).toEqual(['rl:ip:#', 'audit:trail', 'rl:ip:#:x', 'leaderboard']);
		expect(others[0]).toHaveLength(4);
	});

	it('is bounded for names without any pattern, and still keeps those that sound like a stream', () => {
		const letters = (number: number) => [...String(number)].map(digit => 'abcdefghij'[Number(digit)]).join('');
		const {others} = scanned(...Array.from({length: 20_000}, (_, index) => `user:${letters(index)}`), 'user:events-stream');
		expect(others.length).toBeLessThan(400);
		expect(others.flat()).toContain('user:events-stream');
	});
});

it.each([
	['user:123:meta', 'user:#:meta'],
	['sess:9f3ab', 'sess:#'],
	['a.b2.c', 'a.#.c'],
	['plain', 'plain'],
	['', ''],
])('%j has the shape %j', (key, shape) => expect(shapeOf(key)).toBe(shape));
