import {expect, it} from 'vitest';
import {appendSample, emptyHistory, type History, historyLength} from '../../src/store/history.ts';

const filled = (samples: number): History =>
	Array.from({length: samples}, (_, index) => index).reduce((history, index) => appendSample(history, index * 1000, {opsPerSecond: index}), emptyHistory);

it('keeps samples in order', () => {
	const history = filled(3);
	expect(history.atMs).toEqual([0, 1000, 2000]);
	expect(history.vitals.opsPerSecond).toEqual([0, 1, 2]);
});

it.each([historyLength - 1, historyLength, historyLength + 1, historyLength + 250])(
	'is a ring: of %i samples it keeps the newest, and never more than it holds',
	samples => {
		const {atMs, vitals} = filled(samples);
		const kept = Math.min(samples, historyLength);
		expect([atMs.length, vitals.opsPerSecond.length, vitals.hitRate.length]).toEqual([kept, kept, kept]);
		expect([atMs[0], atMs.at(-1)]).toEqual([(samples - kept) * 1000, (samples - 1) * 1000]);
		expect([vitals.opsPerSecond[0], vitals.opsPerSecond.at(-1)]).toEqual([samples - kept, samples - 1]);
	},
);

it('leaves a gap for what is not known, never a zero', () => {
	const history = appendSample(appendSample(filled(1), 1000, {}), 2000, {opsPerSecond: undefined, cpuPercent: 3});
	expect(history.vitals.opsPerSecond).toEqual([0, undefined, undefined]);
	expect(history.vitals.cpuPercent).toEqual([undefined, undefined, 3]);
});

it('leaves the history before as it was: a frozen display holds on to it', () => {
	const before = filled(2);
	appendSample(before, 9000, {opsPerSecond: 9});
	expect(before.atMs).toEqual([0, 1000]);
	expect(emptyHistory.atMs).toEqual([]);
});
