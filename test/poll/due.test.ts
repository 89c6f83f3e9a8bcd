import {describe, expect, it} from 'vitest';
import {dueAtMs, isDue, nextDueAtMs} from '../../src/poll/due.ts';
import {type Source, type SourceName, sources} from '../../src/poll/sources.ts';
import {emptyResource, received} from '../../src/store/resource.ts';
import {noonMs, serverInfo, stateWith} from '../helpers/fixtures.ts';

const named = (name: SourceName): Source => {
	const found = sources.find(source => source.name === name);
	if (!found) throw new Error(`no source ${name}`);
	return found;
};
const refused = {...emptyResource, refused: {command: 'SLOWLOG GET', reason: 'no permission'}};
const lastReads = new Map([['info', noonMs]] as const);

describe('nextDueAtMs', () => {
	it('is at once for what has never been read', () => {
		expect(nextDueAtMs([named('info'), named('slowlog')], stateWith(), lastReads)).toBe(0);
	});

	it('does not wait for what has been refused and will never be read: the loop would go round for it without end', () => {
		const state = stateWith({snapshot: {slowlog: refused}});
		expect(nextDueAtMs([named('info'), named('slowlog')], state, lastReads)).toBe(noonMs + 1000);
	});

	it('is never where nothing is to be read', () => {
		expect(nextDueAtMs([named('slowlog')], stateWith({snapshot: {slowlog: refused}}), lastReads)).toBe(Number.POSITIVE_INFINITY);
	});
});

it('waits longer after each failure, up to half a minute', () => {
	const afterFailures = (failures: number) =>
		dueAtMs(named('info'), stateWith({snapshot: {info: {...received(serverInfo(), noonMs), failures}}}), lastReads) - noonMs;
	expect([0, 1, 2, 10].map(afterFailures)).toEqual([1000, 2000, 4000, 30_000]);
});

it('what would be due a moment later is read now, with the rest', () => {
	const isReadAfter = (ms: number, intervalMs: number) => isDue(named('info'), stateWith({session: {intervalMs}}), lastReads, noonMs + ms);
	expect([974, 975, 1000].map(ms => isReadAfter(ms, 1000))).toEqual([false, true, true]);
	expect([194, 195].map(ms => isReadAfter(ms, 200))).toEqual([false, true]);
	expect([9974, 9975].map(ms => isReadAfter(ms, 10_000))).toEqual([false, true]);
});
