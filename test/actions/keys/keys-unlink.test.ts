import {describe, expect, it} from 'vitest';
import {keysUnlink} from '../../../src/actions/keys/keys-unlink.ts';
import {received} from '../../../src/store/resource.ts';
import {emptySnapshot} from '../../../src/store/snapshot.ts';
import type {Component} from '../../../src/store/store.ts';
import {bindByReading, failureIn} from '../../helpers/action-run.ts';
import {noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';
import {queueStatus} from '../../helpers/queue-status.ts';

const searched = {queueSearch: {...emptySnapshot(0).queueSearch, phase: 'ended', endedAtMs: noonMs}} as const;
const world: StateParts = {snapshot: searched};

/** A server with these keys, all of them small strings, among a hundred thousand. */
const serverWith = (keys: readonly string[]) => {
	const says: Readonly<Record<string, (first: string, second: string) => unknown>> = {
		DBSIZE: () => 100_000,
		SCAN: cursor => (cursor === '0' ? ['7', keys.slice(0, 2)] : ['0', keys.slice(2)]),
		MEMORY: (_usage, key) => (key === keys[0] ? 1000 : 60),
		PTTL: key => (key === keys[0] ? -1 : 5000),
		TYPE: key => (keys.includes(key) ? 'string' : 'none'),
	};
	return ([command = '', first = '', second = '']: readonly string[]): unknown => says[command]?.(first, second);
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
		['the server cannot save', {...world, server: {kind: 'MISCONF'}}, 'The server refuses writes: it cannot save to disk'],
		['the server is loading', {...world, server: {kind: 'LOADING'}}, 'The server is still loading its dataset'],
		['it has become a replica', {...world, info: {role: 'replica'}}, 'This is a replica: keys are deleted on its master'],
		['the queues are not known yet', {}, 'The search for queues has not ended yet: until then it is not known which keys are theirs'],
		[
			'a queue of such keys has been found since',
			{snapshot: {...searched, queues: received([queueStatus({id: 'rl:orders'})], noonMs)}},
			'They are keys of the queue rl:orders',
		],
		['this user may not', {...world, permissions: {UNLINK: false}}, 'This user has no permission to run UNLINK'],
	])('%s', (_what, parts, failure) => expect(failureIn(target, parts)).toBe(failure));

	it('is asked before anything is read', () => {
		expect(keysUnlink.bind(stateWith(), {on: ['rl:*'], set: {}}, undefined as never)).toMatchObject({refused: expect.stringContaining('search for queues')});
	});
});

it('is refused where nothing matches', () => expect(() => bound('rl:*', [])).toThrow('No key matches rl:*'));

it('is refused where a key of a known queue is among them, although the pattern does not look like it', () => {
	const queues = received([queueStatus({id: 'rl:q'})], noonMs);
	expect(() => bound('rl:*:mine', ['rl:1:mine', 'rl:2:mine', 'rl:q:mine'], {snapshot: {...searched, queues}})).toThrow(
		'matches keys of the queue rl:q, as rl:q:mine',
	);
});
