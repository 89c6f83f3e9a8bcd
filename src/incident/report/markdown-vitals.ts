import type {VitalName} from '../../store/history.ts';
import {formatBytes, formatCount, formatPercent, formatRate, formatSeconds} from '../../text/format.ts';
import {axisText, chartText} from './chart.ts';
import type {IncidentReport, VitalRow} from './incident-report.ts';
import {momentOf, table} from './markdown-text.ts';

type Word = {readonly title: string; readonly format: (value: number) => string};

const words: Readonly<Record<VitalName, Word>> = {
	opsPerSecond: {title: 'Commands', format: value => formatRate(value)},
	cpuPercent: {title: 'CPU of one core', format: value => formatPercent(value / 100)},
	connectedClients: {title: 'Clients', format: value => formatCount(value)},
	blockedClients: {title: 'Blocked clients', format: value => formatCount(value)},
	usedMemoryBytes: {title: 'Memory', format: value => formatBytes(value)},
	hitRate: {title: 'Hit rate', format: value => formatPercent(value)},
	evictedPerSecond: {title: 'Evictions', format: value => formatRate(value)},
	networkBytesPerSecond: {title: 'Network', format: value => `${formatBytes(value)}/s`},
	replicationLagSeconds: {title: 'Replication lag', format: value => formatSeconds(value)},
};

/** Vitals before, during and after, and how they went. */
export function vitalSection(report: IncidentReport): readonly string[] {
	const {vitals} = report;
	if (vitals.rows.length === 0) return ['## Vitals', '', 'The server told no figures while it was recorded.'];
	const shown = vitals.rows.filter(({max}) => max !== 0);
	const zero = vitals.rows.filter(({max}) => max === 0).map(({name}) => words[name].title.toLowerCase());
	const isIncident = report.status !== 'none';
	const moment = momentOf(report);
	const figures = isIncident ? ['Before', 'Worst', 'After'] : [];
	const axis = ['', ...figures.map(() => ''), `\`${axisText(vitals)}\``, ''];
	return [
		'## Vitals',
		'',
		`From ${moment(vitals.from)} (left) to ${moment(vitals.to)} (right), ${formatSeconds(vitals.secondsPerMark)} a mark, its worst moment. A dot: no figure.${isIncident ? ' The thick line is the incident.' : ''}`,
		'',
		...table(['', ...figures, 'Course', 'Least to most'], [...shown.map(row => vitalCells(row, isIncident)), axis]),
		...(zero.length === 0 ? [] : ['', `Zero all the time: ${zero.join(', ')}.`]),
		...(isIncident
			? [
					'',
					'Before: the median of up to five minutes before the start. Worst: between start and end. After: the median of the last five minutes of the record.',
				]
			: []),
	];
}

function vitalCells({name, before, during, after, min, max, chart}: VitalRow, isIncident: boolean): readonly string[] {
	const {title, format} = words[name];
	const shown = (value: number | null) => (value === null ? '–' : format(value));
	const figures = isIncident ? [shown(before), `**${shown(during)}**`, shown(after)] : [];
	return [title, ...figures, `\`${chartText(chart)}\``, `${format(min)} to ${format(max)}`];
}
