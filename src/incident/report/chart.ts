import type {VitalTable} from './incident-report.ts';

const bars = '▁▂▃▄▅▆▇█';
/** Blanks would be run together where code is shown as HTML. */
const unheard = '·';

/** One bar a mark; what is above zero stands at least one step above it, and the greatest is full. */
export function chartText(values: readonly (number | null)[]): string {
	const full = values.reduce((most: number, value) => Math.max(most, value ?? 0), 0);
	return values.map(value => (value === null ? unheard : barFor(value, full))).join('');
}

function barFor(value: number, full: number): string {
	const top = bars.length - 1;
	if (value <= 0 || full <= 0) return bars.charAt(0);
	return bars.charAt(Math.min(top, Math.max(1, Math.round((value / full) * top))));
}

/** The line below the charts: thick where the incident was. */
export function axisText({incident, rows}: Pick<VitalTable, 'incident' | 'rows'>): string {
	const marks = rows[0]?.chart.length ?? 0;
	return Array.from({length: marks}, (_, mark) => (incident && mark >= incident.first && mark <= incident.last ? '━' : '─')).join('');
}
