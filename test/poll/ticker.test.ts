import {expect, it} from 'vitest';
import {nextKnock, noKnocks} from '../../src/poll/ticker.ts';

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
