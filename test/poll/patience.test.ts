import {describe, expect, it} from 'vitest';
import {Patience} from '../../src/poll/patience.ts';

function learned(command: string, ...tookMs: readonly number[]): Patience {
	const patience = new Patience();
	for (const ms of tookMs) patience.learn(command, ms);
	return patience;
}

const times = (count: number, ms: number): readonly number[] => Array.from({length: count}, () => ms);

describe('a reply may take', () => {
	it.each([
		['PING', 500],
		['HELLO', 500],
		['INFO', 800],
		['CLIENT', 800],
	])('%s: %i ms at least, whatever is known', (command, expected) => {
		expect(new Patience().for(command)).toBe(expected);
		expect(learned(command, ...times(10, 1)).for(command)).toBe(expected);
	});

	it.each([
		[100, 500],
		[101, 504],
		[300, 1300],
		[1500, 6100],
	])('several round trips: on a link of %i ms a PING %i ms', (tookMs, expected) => expect(learned('PING', ...times(10, tookMs)).for('PING')).toBe(expected));

	it.each([1976, 60_000, 1e9])('eight seconds at most, though it usually takes %i ms', tookMs =>
		expect(learned('PING', ...times(10, tookMs)).for('PING')).toBe(8000),
	);
});

describe('what is remembered', () => {
	it('is each command on its own: a big list says nothing of a PING', () => {
		const patience = learned('CLIENT', ...times(10, 2000));
		expect(patience.for('CLIENT')).toBe(8000);
		expect(patience.for('PING')).toBe(500);
	});

	it('is the last ten: a link that has become good again is trusted again', () => {
		expect(learned('PING', ...times(10, 1000), ...times(9, 1), 1).for('PING')).toBe(500);
		expect(learned('PING', ...times(10, 1), ...times(10, 1000)).for('PING')).toBe(4100);
	});

	it('is not a freeze or two among good replies: they must not delay the news of the next one', () => {
		expect(learned('PING', ...times(4, 1), 5000, 5000, ...times(4, 1)).for('PING')).toBe(500);
	});
});
