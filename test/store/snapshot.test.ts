import {expect, it} from 'vitest';
import {received} from '../../src/store/resource.ts';
import {emptySnapshot, serverClockMs, withRoundTrip} from '../../src/store/snapshot.ts';
import {noonMs, serverInfo} from '../helpers/fixtures.ts';

it('keeps the last twenty round trips, oldest first', () => {
	const took = Array.from({length: 25}, (_, index) => index);
	const {roundTrips} = took.reduce((snapshot, ms) => withRoundTrip(snapshot, {atMs: noonMs + ms, ms}), emptySnapshot(noonMs));
	expect(roundTrips.map(({ms}) => ms)).toEqual(took.slice(5));
});

it.each([
	['ahead', noonMs + 7000, 10_000],
	['behind', noonMs - 7000, -4000],
	['not told', undefined, 3000],
])('the server’s clock, three seconds after it was read at noon: %s', (_how, clockMs, expected) => {
	const snapshot = {...emptySnapshot(noonMs), info: received(serverInfo({clockMs}), noonMs)};
	expect(serverClockMs(snapshot, noonMs + 3000) - noonMs).toBe(expected);
});
