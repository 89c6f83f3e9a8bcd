import {describe, expect, it} from 'vitest';
import {keysUnlink} from '../../../src/actions/keys/keys-unlink.ts';
import {received} from '../../../src/store/resource.ts';
import type {Component} from '../../../src/store/store.ts';
import {noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';
import {queueStatus} from '../../helpers/queue-status.ts';
import {surveyed} from '../../views/memory/memory-fixtures.ts';

const component = (name: string, keys: readonly string[], isClearable: boolean): Component => ({name, keys, isClearable, impact: undefined});
const components = [
	component('sessions', ['sess:*'], false),
	component('rate limits', ['rl:*', 'quota:*'], true),
	component('circuit breakers', ['cb:*'], true),
];
const world = (parts: StateParts = {}) => stateWith({session: {components}, survey: {latest: surveyed, shown: surveyed}, ...parts});
const proposed = (parts: StateParts) => keysUnlink.fields(world(parts))[0]?.value;
const cursor = (selectedId: string, grouping?: string): StateParts => ({panes: {memory: {selectedId, grouping}}});
const orders = {snapshot: {queues: received([queueStatus({id: 'bull:publishing'})], noonMs)}};

describe('what is proposed', () => {
	it.each<[string, StateParts, string]>([
		['the first that the config file calls clearable', {}, 'rl:*'],
		['the prefix under the cursor', cursor('prefix:sess:*'), 'sess:*'],
		['the component under the cursor', cursor('component:circuit breakers', 'components'), 'cb:*'],
		['not a row of keys without a common beginning', cursor('prefix:(no prefix)'), 'rl:*'],
		['not a single key', cursor('prefix:leaderboard:global'), 'rl:*'],
		['not a prefix of queue keys', {...cursor('prefix:bull:publishing:*'), ...orders}, 'rl:*'],
		['nothing where nothing is clearable', {session: {components: components.slice(0, 1)}}, ''],
	])('%s', (_what, parts, pattern) => expect(proposed(parts)).toBe(pattern));

	it('is asked for where there is nothing to propose', () => {
		expect(keysUnlink.refusal(stateWith())).toEqual({refused: 'Type a key pattern, as in rl:*', needsInput: true});
	});
});

describe('a pattern', () => {
	it.each([
		['*', 'may match every key'],
		['*:lock', 'may match every key'],
		['[a-z]*', 'may match every key'],
		['\\*', 'may match every key'],
		['', 'Type a key pattern'],
		['a\u0007b*', 'characters that can be seen'],
		['x'.repeat(501), 'up to 500 characters'],
		['bull:pub*', 'keys of the queue publishing: jobs would be lost. queue.clean'],
	])('%s is refused, and may be typed again', (pattern, reason) => {
		const refusal = keysUnlink.refusal(world(orders), {on: [pattern], set: {}});
		expect(refusal).toMatchObject({refused: expect.stringContaining(reason), needsInput: true});
	});

	it('is one at a time', () => {
		expect(keysUnlink.refusal(world(), {on: ['rl:*', 'cb:*'], set: {}})?.refused).toBe('One pattern at a time');
	});
});
