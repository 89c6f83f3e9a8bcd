import {describe, expect, it} from 'vitest';
import {keysUnlink} from '../../../src/actions/keys/keys-unlink.ts';
import {Pace} from '../../../src/pace.ts';
import {received} from '../../../src/store/resource.ts';
import {emptySnapshot} from '../../../src/store/snapshot.ts';
import type {Component} from '../../../src/store/store.ts';
import {bindByReading, failureIn} from '../../helpers/action-run.ts';
import {noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';
import {queueStatus} from '../../helpers/queue-status.ts';

const searched = {queueSearch: {...emptySnapshot(0).queueSearch, phase: 'ended', endedAtMs: noonMs, isComplete: true}} as const;
const world: StateParts = {snapshot: searched};

/** A server with these keys, all of them small strings, among a hundred thousand. */
const serverWith = (keys: readonly string[], others: Readonly<Record<string, string>> = {}) => {
	const says: Readonly<Record<string, (...args: readonly string[]) => unknown>> = {
		DBSIZE: () => 100_000,
		SCAN: cursor => (cursor === '0' ? ['7', keys.slice(0, 2)] : ['0', keys.slice(2)]),
		MEMORY: (_usage, key) => (key === keys[0] ? 1000 : 60),
		PTTL: key => (key === keys[0] ? -1 : 5000),
		EXISTS: (...names) => names.filter(name => keys.includes(name) || name in others).length,
		TYPE: (key = '') => others[key] ?? (keys.includes(key) ? 'string' : 'none'),
		HMGET: () => ['bullmq:5.81.5', '10000'],
	};
	return ([command = '', ...args]: readonly string[]): unknown => says[command]?.(...args);
};
const bound = (pattern: string, keys: readonly string[], parts: StateParts = world) =>
	bindByReading(keysUnlink, parts, serverWith(keys), {on: [pattern], set: {}});

describe('the dialog', () => {
	const {request} = bound('rl:*', ['rl:ip:1', 'rl:ip:2', 'rl:ip:\u00ff']);

	it('says how many there are and what they are like', () => {
		expect(request.facts).toEqual([
			['keys', 'rl:*   3 keys, about 1.1K, 33% without TTL'],
			['', 'e.g. rl:ip:1  rl:ip:2  rl:ip:\\xff'],
			['these are', '0.1% of 100,000 keys in db 0; string 100%; the largest of the sample has 1000B'],
			['counted', 'from 12:00:00Z on; bytes, TTL and types from a sample of 3'],
		]);
	});

	it('says what is sent, how it goes on, and what it costs', () => {
		expect(request.plan).toEqual([['SCAN', '0', 'MATCH', 'rl:*', 'COUNT', '500']]);
		expect(request.goesOn).toBe('then UNLINK with up to 200 of the keys that it names, then SCAN with the next cursor, until that is 0');
		expect(request.cost).toBe('about 203 rounds below 2.5 ms, 0.1s of server time over some 2.3s');
	});

	it.each([
		['rl:*', 'every rate limit starts again from zero: expect a burst'],
		['app:rate-limit:*', 'every rate limit starts again from zero: expect a burst'],
		['cb:*', 'circuit breakers close: calls go again to what may still be broken'],
		['session:*', 'users are logged out'],
		['lock:*', 'locks are gone while their holders still work: two may do the same at once'],
		['cache:product:*', 'the cache is cold: expect load on what is behind it'],
		['curl:*', 'whoever reads them finds nothing there'],
	])('says what clearing %s means', (pattern, meaning) => {
		expect(bound(pattern, [`${pattern.slice(0, -1)}1`]).request.effect[1]).toBe(meaning);
	});

	it('says it in the words of the config file, of every component that has keys among them', () => {
		const component = (name: string, keys: string, impact?: string): Component => ({name, keys: [keys], impact, isClearable: true});
		const components = [
			component('ip limits', 'rl:ip:*', 'no limits by address'),
			component('user limits', 'rl:user:*'),
			component('other', 'cache:*', 'slow'),
		];
		const {effect, affects} = bound('rl:*', ['rl:ip:1', 'rl:user:1', 'rl:user:2'], {...world, session: {components}}).request;
		expect(effect).toEqual(['3 keys are deleted, and what comes to match meanwhile', 'ip limits (1 key): no limits by address']);
		expect(affects).toBe('user limits, ip limits');
	});
});

describe('what must hold', () => {
	const target = bound('rl:*', ['rl:1']);

	it.each<[string, StateParts, string | undefined]>([
		['all is well', world, undefined],
		['memory is full: UNLINK is allowed', {...world, server: {kind: 'OOM'}}, undefined],
		['the server cannot save', {...world, server: {kind: 'MISCONF'}}, 'It takes no writes (MISCONF): it cannot save to disk'],
		['the server is loading', {...world, server: {kind: 'LOADING'}}, 'The server is still loading its dataset'],
		[
			'it has become a replica',
			{...world, info: {role: 'replica'}},
			'It has become a replica since this was opened, and was a master then: close this and look again',
		],
		['the queues are not known yet', {}, 'The search for queues has not ended yet: until then it is not known which keys are theirs'],
		[
			'a queue of such keys has been found since',
			{snapshot: {...searched, queues: received([queueStatus({id: 'rl:orders'})], noonMs)}},
			'They are keys of the queue rl:orders',
		],
		['this user may not', {...world, permissions: {UNLINK: false}}, 'This user has no permission to run UNLINK'],
	])('%s', (_what, parts, failure) => expect(failureIn(target, parts)).toBe(failure));

	it('is asked before anything is read', () => {
		expect(keysUnlink.bind(stateWith(), {on: ['rl:*'], set: {}}, new Pace(1))).toMatchObject({refused: expect.stringContaining('search for queues')});
	});
});

it('ticks that the queues are known only where the search has seen all, and goes by its own look where not', () => {
	const target = bound('rl:*', ['rl:1']);
	const unknown = [{command: 'TYPE', reason: 'NOPERM'}];
	const labels = [{}, {isComplete: false}, {unknown}].map(
		change => target.checks(stateWith({snapshot: {queueSearch: {...searched.queueSearch, ...change}}})).find(({label}) => /queues/.test(label)) ?? {},
	);
	const partly = {label: 'the search for queues has ended; it has not seen all, the matching keys were looked at one by one', ok: true};
	expect(labels).toMatchObject([{label: 'the queues are known', ok: true}, partly, partly]);
});

describe('a queue that is not in the list', () => {
	const read = (pattern: string, answer: (argv: readonly string[]) => unknown) => () => bindByReading(keysUnlink, world, answer, {on: [pattern], set: {}});
	const models = Array.from({length: 3000}, (_, index) => `app:${index}:x`);

	it('is found behind any number of names of its shape', () => {
		const keys = [...models, 'app:4711:7'];
		const answer = serverWith(keys, {'app:4711:meta': 'hash', 'app:4711:id': 'string'});
		expect(read('app:*', answer)).toThrow('app:* matches keys of the queue app:4711 (bullmq)');
		expect(read('app:*', serverWith(models))).not.toThrow();
	});

	it('is found below a job’s own keys', () => {
		const keys = ['app:q:repeat:5f:1700:lock'];
		expect(read('app:*', serverWith(keys, {'app:q:meta': 'hash'}))).toThrow('keys of the queue app:q');
	});

	it('is found though the config file hides it', () => {
		const hidden = [{...queueStatus({id: 'bull:orders'}), isAlone: true}];
		const parts = {snapshot: {queueSearch: {...searched.queueSearch, hidden}}};
		expect(keysUnlink.refusal(stateWith(parts), {on: ['bull:*'], set: {}})?.refused).toContain('keys of the queue orders');
	});

	it.each(['EXISTS', 'TYPE'])('may be there where %s is not answered', refused => {
		const keys = ['app:1', 'app:id'];
		const answers = serverWith(keys);
		const answer = (argv: readonly string[]) => (argv[0] === refused ? new Error('NOPERM no') : answers(argv));
		expect(read('app:*', answer)).toThrow(
			new RegExp(`^refused: Whether app:\\* matches keys of a queue cannot be told: ${refused} app:id was answered by NOPERM no\\. Name a narrower pattern`),
		);
	});

	it('is in the slot of its jobs: what another node has is none of it', () => {
		const keys = ['app:1'];
		const answers = serverWith(keys);
		expect(read('app:*', argv => (argv[0] === 'EXISTS' ? new Error('MOVED 1 10.0.0.1:6379') : answers(argv)))).not.toThrow();
	});

	it('may be there where more names look like one than are looked at', () => {
		const keys = Array.from({length: 1001}, (_, index) => `app:${index}:queues:x`);
		expect(read('app:*', serverWith(keys))).toThrow('1000 names or more look like those of queues, too many to look at');
	});
});

it('is refused where nothing matches', () => expect(() => bound('rl:*', [])).toThrow('No key matches rl:*'));

it('is refused where a key of a known queue is among them, although the pattern does not look like it', () => {
	const queues = received([queueStatus({id: 'rl:q'})], noonMs);
	expect(() => bound('rl:*:mine', ['rl:1:mine', 'rl:2:mine', 'rl:q:mine'], {snapshot: {...searched, queues}})).toThrow(
		'matches keys of the queue rl:q, as rl:q:mine',
	);
});
