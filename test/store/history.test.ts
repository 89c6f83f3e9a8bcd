import {expect, it} from 'vitest';
import {appendSample, emptyHistory, type History, historyLength, historyOf, listsOf} from '../../src/store/history.ts';

const filled = (samples: number): History =>
	Array.from({length: samples}, (_, index) => index).reduce((history, index) => appendSample(history, index * 1000, {opsPerSecond: index}), emptyHistory);

it('keeps samples in order', () => {
	const history = filled(3);
	expect([...history.atMs]).toEqual([0, 1000, 2000]);
	expect([...history.vitals.opsPerSecond]).toEqual([0, 1, 2]);
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
	expect([...history.vitals.opsPerSecond]).toEqual([0, Number.NaN, Number.NaN]);
	expect([...history.vitals.cpuPercent]).toEqual([Number.NaN, Number.NaN, 3]);
});

it('leaves the history before as it was: a frozen display holds on to it', () => {
	const before = filled(2);
	const [after, other] = [9, 8].map(opsPerSecond => appendSample(before, 9000, {opsPerSecond}));
	expect([...before.atMs]).toEqual([0, 1000]);
	expect([after, other].map(history => history?.vitals.opsPerSecond.at(-1))).toEqual([9, 8]);
	expect([...emptyHistory.atMs]).toEqual([]);
});

it('is given back by the lists that a recording keeps', () => {
	const history = appendSample(filled(700), 700_000, {});
	const lists = listsOf(history);
	expect([lists.atMs.length, lists.vitals.opsPerSecond.slice(-2), lists.vitals.hitRate[0]]).toEqual([600, [699, undefined], undefined]);
	expect(historyOf(lists)).toEqual(history);
});

it('copies nothing for most samples', () => {
	const [one, two] = [filled(700), filled(700)];
	const next = appendSample(one, 700_000, {opsPerSecond: 1});
	expect(next.vitals.opsPerSecond.buffer).toBe(one.vitals.opsPerSecond.buffer);
	expect(next.vitals.opsPerSecond.buffer).not.toBe(two.vitals.opsPerSecond.buffer);
});
