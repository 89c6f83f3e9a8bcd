import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {pacedStore} from '../../src/store/paced-store.ts';
import {received} from '../../src/store/resource.ts';
import type {ConsoleStore} from '../../src/store/store.ts';
import {changeUi} from '../../src/store/ui-commands.ts';
import {noonMs, type StateParts, serverInfo, storeWith} from '../helpers/fixtures.ts';

beforeEach(() => {
	vi.useFakeTimers({now: noonMs});
});
afterEach(() => {
	vi.useRealTimers();
});

/** A server that has been read once, and when its console drew since. */
function setUp(parts: StateParts = {}) {
	const store = storeWith({clients: [], slowlog: [], ...parts});
	const paced = pacedStore(store, Date.now);
	const frames: number[] = [];
	const beganAtMs = Date.now();
	paced.subscribe(() => frames.push(Date.now() - beganAtMs));
	changeUi(store, () => ({}));
	frames.length = 0;
	return {store, paced, frames};
}

function read(store: ConsoleStore, what: 'info' | 'clients' | 'slowlog' | 'contact'): void {
	const nowMs = Date.now();
	const changes = {
		info: received(serverInfo(), nowMs),
		clients: received({clients: [], rejected: [], rejectedCount: 0}, nowMs),
		slowlog: received({entries: [], rejectedCount: 0}, nowMs),
		contact: {...store.getState().snapshot.contact, lastReplyAtMs: nowMs},
	};
	store.setState(({snapshot}) => ({nowMs, snapshot: {...snapshot, [what]: changes[what]}}));
}

describe('pacedStore', () => {
	it('draws a round of reads once, when it is likely to be whole', () => {
		const {store, frames} = setUp();
		vi.advanceTimersByTime(1000);
		for (const what of ['info', 'slowlog', 'clients'] as const) {
			read(store, what);
			vi.advanceTimersByTime(30);
		}
		vi.advanceTimersByTime(800);
		expect(frames).toEqual([1100]);
	});

	it('draws one frame a second of a healthy server, however its probes fall', () => {
		const {store, frames} = setUp();
		for (let second = 1; second <= 10; second++) {
			for (let probe = 0; probe < 4; probe++) {
				vi.advanceTimersByTime(250);
				read(store, 'contact');
			}
			for (const what of ['info', 'slowlog', 'clients'] as const) read(store, what);
		}
		vi.advanceTimersByTime(100);
		expect(frames).toHaveLength(10);
	});

	it('draws a key at once, with all that is known by then', () => {
		const {store, paced, frames} = setUp();
		vi.advanceTimersByTime(1000);
		read(store, 'info');
		vi.advanceTimersByTime(1);
		changeUi(store, () => ({focus: 'clients'}));
		expect(frames).toEqual([1001]);
		expect(paced.getState()).toBe(store.getState());
		vi.advanceTimersByTime(2000);
		expect(frames).toEqual([1001]);
	});

	it('draws at most two frames a second where it polls five times as often', () => {
		const {store, frames} = setUp({session: {intervalMs: 200}});
		for (let round = 0; round < 25; round++) {
			vi.advanceTimersByTime(200);
			read(store, 'info');
		}
		expect(frames.length).toBeGreaterThan(4);
		expect(frames.length).toBeLessThanOrEqual(12);
	});

	it('is not kept from drawing by reads that follow each other without a pause', () => {
		const {store, frames} = setUp();
		for (let round = 0; round < 100; round++) {
			vi.advanceTimersByTime(50);
			read(store, 'info');
		}
		expect(frames.length).toBeGreaterThanOrEqual(3);
	});

	it.each(['SILENT', 'BUSY'] as const)('draws the tenths of %s', kind => {
		const {store, frames} = setUp({server: {kind}});
		for (let step = 0; step < 50; step++) {
			vi.advanceTimersByTime(20);
			read(store, 'contact');
		}
		expect(frames.length).toBeGreaterThanOrEqual(9);
		expect(frames.length).toBeLessThanOrEqual(10);
	});

	it('goes on with the clock where nothing is read', () => {
		const {store, frames} = setUp({server: {kind: 'DOWN'}});
		for (let step = 0; step < 60; step++) {
			vi.advanceTimersByTime(50);
			read(store, 'contact');
		}
		expect(frames).toEqual([1000, 2000, 3000]);
	});
});
