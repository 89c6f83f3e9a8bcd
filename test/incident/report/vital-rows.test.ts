import {describe, expect, it} from 'vitest';
import {axisText, chartText} from '../../../src/incident/report/chart.ts';
import type {Course} from '../../../src/incident/report/course.ts';
import type {Sample} from '../../../src/incident/report/observe.ts';
import {vitalTable} from '../../../src/incident/report/vital-rows.ts';
import {at, finding, played} from '../../helpers/played-recording.ts';
import {reportFrom} from '../../helpers/report.ts';

const source = played({seconds: 1000, at: second => (second === 0 || second === 1000 ? {} : undefined)});
const course = (from: number, to: number | undefined, change: Partial<Course> = {}): Course => ({
	status: 'over',
	severity: 'P1',
	fromMs: at(from),
	isBeginKnown: true,
	isNearFirstLook: false,
	toMs: to === undefined ? undefined : at(to),
	stretches: [],
	...change,
});
const samples = (value: (second: number) => Partial<Sample>) => Array.from({length: 1001}, (_, second): Sample => ({atMs: at(second), ...value(second)}));

describe('vitalTable', () => {
	it('compares the median before, the worst between, and the median of the last minutes', () => {
		const ops = (second: number) => (second < 400 ? 100 : second <= 500 ? (second === 450 ? 3 : 50) : 90);
		const table = vitalTable({samples: samples(second => ({opsPerSecond: ops(second), connectedClients: second})), source}, course(400, 500));
		expect(table.rows).toMatchObject([
			{name: 'opsPerSecond', before: 100, during: 3, after: 90, min: 3, max: 100},
			// 100 to 399, 400 to 500, 700 to 1000; the chart ends five minutes after the end.
			{name: 'connectedClients', before: 249.5, during: 500, after: 850, min: 100, max: 800},
		]);
		expect([table.from, table.to]).toEqual([new Date(at(100)).toISOString(), new Date(at(800)).toISOString()]);
	});

	it('compares with what was seen before trouble that was found within seconds of the first look', () => {
		const source = played({
			seconds: 60,
			at: second => ({vitals: {opsPerSecond: second < 5 ? 100 : 2}, findings: second >= 5 && second < 40 ? [finding('replication.lag', 'P1')] : []}),
		});
		const report = reportFrom(source);
		expect(report.vitals.rows).toMatchObject([{name: 'opsPerSecond', before: 100, during: 2}]);
		expect(report.summary[0]).toMatch(/^From 12:00:05Z on the console found/);
		expect(report.gaps).toContain('It may have begun before 12:00:05Z: it was found within seconds of the first look');
	});

	it('says nothing of before and after where neither was seen', () => {
		const facts = {samples: samples(() => ({opsPerSecond: 5})), source};
		expect(vitalTable(facts, course(5, undefined, {isBeginKnown: false})).rows[0]).toMatchObject({before: null, during: 5, after: null});
		expect(vitalTable(facts, undefined).rows[0]).toMatchObject({before: null, during: null, after: null});
	});

	it('has no row for what was never told, and a gap where nothing was heard', () => {
		const table = vitalTable({samples: samples(second => ({opsPerSecond: second >= 300 && second < 700 ? undefined : 7})), source}, undefined);
		expect(table.rows.map(({name}) => name)).toEqual(['opsPerSecond']);
		expect(table.rows[0]?.chart.filter(value => value === null).length).toBeGreaterThan(15);
		expect(table.incident).toBeNull();
	});

	it('shows the worst of each mark', () => {
		const table = vitalTable({samples: samples(second => ({opsPerSecond: second === 500 ? 1 : 9, cpuPercent: second === 500 ? 99 : 2})), source}, undefined);
		const [ops, cpu] = table.rows;
		expect([ops?.chart.filter(value => value === 1), cpu?.chart.filter(value => value === 99)]).toEqual([[1], [99]]);
	});
});

it('draws zero as the lowest bar, the greatest as a full one, and a dot where there is nothing', () => {
	expect(chartText([0, 1, 50, 100, null])).toBe('▁▂▅█·');
	expect(chartText([0, 0])).toBe('▁▁');
	const {vitals} = reportFrom(
		played({seconds: 100, at: second => ({vitals: {opsPerSecond: 5}, findings: second >= 50 && second < 60 ? [finding('a', 'P1')] : []})}),
	);
	expect(axisText(vitals)).toMatch(/^─+━+─+$/);
	expect(axisText(vitals)).toHaveLength(vitals.rows[0]?.chart.length ?? 0);
});
