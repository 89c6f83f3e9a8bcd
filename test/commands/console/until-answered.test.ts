import {expect, it} from 'vitest';
import {untilAnswered} from '../../../src/commands/console/until-answered.ts';
import {received} from '../../../src/store/resource.ts';
import type {Snapshot} from '../../../src/store/snapshot.ts';
import {noonMs, serverInfo, storeWith} from '../../helpers/fixtures.ts';
import {handClock} from '../../helpers/hand-clock.ts';

/** A server that has told nothing yet, and whether the first frame still waits. */
function setUp() {
	const clock = handClock(noonMs);
	const nothing = {data: undefined, updatedAtMs: undefined, failures: 0, error: undefined, refused: undefined};
	const store = storeWith({snapshot: {info: nothing, clients: nothing, slowlog: nothing}});
	const stop = new AbortController();
	const seen = {isOver: false};
	void untilAnswered(store, clock, stop.signal).then(() => {
		seen.isOver = true;
	});
	const tell = (told: Partial<Snapshot>) => store.setState(({snapshot}) => ({snapshot: {...snapshot, ...told}}));
	const isOver = async () => {
		await new Promise(resolve => setImmediate(resolve));
		return seen.isOver;
	};
	return {clock, store, stop, tell, isOver};
}

it('the first frame comes with all of the first round, and not before', async () => {
	const {tell, isOver} = setUp();
	expect(await isOver()).toBe(false);
	tell({info: received(serverInfo(), noonMs)});
	tell({clients: received({clients: [], rejected: [], rejectedCount: 0}, noonMs)});
	expect(await isOver()).toBe(false);
	tell({slowlog: received({entries: [], rejectedCount: 0}, noonMs)});
	expect(await isOver()).toBe(true);
});

it('a server that is not well is shown at once', async () => {
	const {store, tell, isOver} = setUp();
	tell({server: {...store.getState().snapshot.server, kind: 'BUSY'}});
	expect(await isOver()).toBe(true);
});

it('nobody waits for a server that takes its time, nor when it is over', async () => {
	const slow = setUp();
	slow.clock.pass(59);
	expect(await slow.isOver()).toBe(false);
	slow.clock.pass(1);
	expect(await slow.isOver()).toBe(true);
	const {stop, isOver} = setUp();
	stop.abort();
	expect(await isOver()).toBe(true);
});
