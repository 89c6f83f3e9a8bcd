import {expect, it} from 'vitest';
import type {Clock} from '../../src/clock.ts';
import {nextKnock, nextTickMs, noKnocks, runTicker} from '../../src/poll/ticker.ts';
import {Link} from '../../src/redis/link.ts';
import {noonMs, storeWith} from '../helpers/fixtures.ts';
import {handClock} from '../helpers/hand-clock.ts';
import {targetOf} from '../helpers/server-session.ts';

/** The seconds of quiet at which it knocks, `?` where it asks as well. */
function knocksIn(seconds: number, acceptsTcp?: boolean): string {
	const heard: string[] = [];
	let knocks = noKnocks;
	for (let nowMs = 0; nowMs <= seconds * 1000; nowMs += 100) {
		const next = nextKnock(knocks, 0, acceptsTcp, nowMs);
		if (next.knock) heard.push(`${nowMs / 1000}${next.knock.asks ? '?' : ''}`);
		knocks = next.knocks;
	}
	return heard.join(' ');
}

it('knocks less and less often, and asks nothing in the first ten seconds', () => {
	expect(knocksIn(260, true)).toBe('3 10? 30? 70? 130? 190? 250?');
	expect(knocksIn(9.9)).toBe('3');
});

it('goes on knocking, without a question, where no connection is taken', () => {
	expect(knocksIn(21, false)).toBe('5 10 15 20');
});

it('begins anew with every quiet', () => {
	const first = nextKnock(noKnocks, 0, undefined, 3000);
	expect(first.knock).toEqual({quietSinceMs: 0, asks: false});
	expect(nextKnock(first.knocks, 50_000, undefined, 52_900).knock).toBeUndefined();
	expect(nextKnock(first.knocks, 50_000, undefined, 53_000).knock).toEqual({quietSinceMs: 50_000, asks: false});
	expect(nextKnock(first.knocks, undefined, undefined, 53_000)).toEqual({knocks: noKnocks, knock: undefined});
});

it('a stopwatch counts tenths; else a second is told when nobody else has told the time for one', () => {
	expect(nextTickMs({kind: 'BUSY'}, undefined, 5300)).toBe(5400);
	expect(nextTickMs({kind: 'SILENT'}, 100, 5300)).toBe(5400);
	expect(nextTickMs({kind: 'OK'}, undefined, 5300)).toBe(6300);
	expect(nextTickMs({kind: 'DOWN'}, undefined, 5300)).toBe(6000);
});

it('a reply that is owed is looked after when it gets late, and from then on ten times a second', () => {
	expect(nextTickMs({kind: 'OK'}, 5250, 5300)).toBe(5550);
	expect(nextTickMs({kind: 'OK'}, 5250, 5550)).toBe(5650);
	expect(nextTickMs({kind: 'DOWN'}, 5950, 5960)).toBe(6000);
});

it('has nothing to do while the probes of a server that answers tell the time', async () => {
	const hand = handClock();
	let turns = 0;
	const clock: Clock = {
		now: hand.now,
		sleep(ms, signal) {
			turns += 1;
			return hand.sleep(ms, signal);
		},
	};
	const store = storeWith();
	const link = new Link({target: await targetOf(['127.0.0.1:1']), name: 'unopened', clock});
	let applied = 0;
	const stop = new AbortController();
	const apply = () => {
		applied += 1;
		store.setState({nowMs: clock.now()});
	};
	const running = runTicker({store, link, clock, apply, knock: async () => ({kind: 'accepts'})}, stop.signal);
	for (let ms = 0; ms < 10_000; ms += 50) {
		if (ms % 500 === 0) store.setState({nowMs: noonMs + ms});
		hand.pass(50);
		await new Promise(setImmediate);
	}
	expect(applied).toBe(0);
	expect(turns).toBeLessThan(25);
	stop.abort();
	await running;
});
