import {toVisible} from '../../text/safe-text.ts';

/** A label without a value is left out, and so is a sample without one: what is not known is no 0. */
export type Sample = {readonly labels?: Readonly<Record<string, string | null | undefined>>; readonly value: number | boolean | null};

/** One metric: its name without the prefix, what it says, and its series. */
export type Metric = {readonly name: string; readonly type: 'gauge' | 'counter'; readonly help: string; readonly samples: readonly Sample[]};

/**
 * Metrics as Prometheus text (format 0.0.4): HELP and TYPE once for each, its series behind them. `common`: labels of every series, so that several
 * servers can be told in one folder of a collector, which refuses all of it when two files have the same series. No timestamps, for it takes none.
 */
export function exposition(prefix: string, common: Readonly<Record<string, string>>, metrics: readonly Metric[]): string {
	return metrics
		.map(({name, type, help, samples}) => {
			const rows = new Map(samples.flatMap(({labels, value}) => row(`${prefix}${name}${labelsText({...common, ...labels})}`, value)));
			const head = [`# HELP ${prefix}${name} ${escaped(help)}`, `# TYPE ${prefix}${name} ${type}`];
			return rows.size === 0 ? '' : [...head, ...[...rows].map(([series, value]) => `${series} ${value}`), ''].join('\n');
		})
		.join('');
}

function row(series: string, value: Sample['value']): readonly (readonly [string, number])[] {
	return value === null || !Number.isFinite(Number(value)) ? [] : [[series, Number(value)]];
}

function labelsText(labels: NonNullable<Sample['labels']>): string {
	const pairs = Object.entries(labels).flatMap(([name, value]) => (value ? [`${name}="${escaped(toVisible(value)).replaceAll('"', '\\"')}"`] : []));
	return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
