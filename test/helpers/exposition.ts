import {messageOf} from '../../src/errors.ts';

/** One sample line. */
export type Series = {readonly labels: Readonly<Record<string, string>>; readonly value: number};
export type ParsedMetric = {readonly type: 'gauge' | 'counter'; readonly help: string; readonly series: readonly Series[]};

/**
 * Prometheus text 0.0.4, read more strictly than Prometheus does: HELP and TYPE of every metric, once, in front of its samples; all of a metric in one
 * place; no series twice; every value a finite decimal; no timestamp, which the textfile collector refuses; nothing that could act on a terminal.
 * Throws an error that names the line.
 */
export function parseExposition(text: string): ReadonlyMap<string, ParsedMetric> {
	if (!text.endsWith('\n')) throw new Error('the last line has no line feed');
	if (/[^\n\P{C}]/u.test(text)) throw new Error('there are control characters in it');
	const reader = new Reader();
	for (const line of text.slice(0, -1).split('\n')) {
		try {
			reader.read(line);
		} catch (error) {
			throw new Error(`${messageOf(error)}: ${line}`);
		}
	}
	for (const [name, {series}] of reader.metrics) if (series.length === 0) throw new Error(`${name} has no series`);
	return reader.metrics;
}

const metricName = '([a-zA-Z_:][a-zA-Z0-9_:]*)';
const helpLine = new RegExp(`^# HELP ${metricName} (\\S.*)$`);
const typeLine = new RegExp(`^# TYPE ${metricName} (gauge|counter)$`);
const sampleLine = new RegExp(`^${metricName}(?:\\{(.+)\\})? (-?\\d+(?:\\.\\d+)?(?:e[+-]\\d+)?)$`);

class Reader {
	readonly metrics = new Map<string, {readonly type: ParsedMetric['type']; readonly help: string; readonly series: Series[]}>();
	readonly #seen = new Set<string>();
	#current = '';
	/** A HELP whose TYPE must be next. */
	#help: {readonly name: string; readonly text: string} | undefined;

	read(line: string): void {
		const [help, type, sample] = [helpLine, typeLine, sampleLine].map(form => form.exec(line));
		if (help) this.#takeHelp(help);
		else if (type) this.#takeType(type);
		else if (sample) this.#takeSample(sample);
		else throw new Error('neither HELP, TYPE nor a sample');
	}

	#takeHelp([, name = '', text = '']: RegExpExecArray): void {
		if (this.#help) throw new Error('a HELP without its TYPE stands before');
		if (this.metrics.has(name)) throw new Error('there is a HELP already');
		if (/^(?:[^\\]|\\[\\n])*$/.test(text)) this.#help = {name, text};
		else throw new Error('an escape that there is not');
	}

	#takeType([, name = '', type]: RegExpExecArray): void {
		if (this.#help?.name !== name) throw new Error('a TYPE behind no HELP of its own');
		if ((type === 'counter') !== name.endsWith('_total')) throw new Error('counters end with _total, and they alone');
		this.metrics.set(name, {type: type as ParsedMetric['type'], help: this.#help.text, series: []});
		this.#current = name;
		this.#help = undefined;
	}

	#takeSample([, name = '', labelText = '', value]: RegExpExecArray): void {
		if (this.#help || name !== this.#current) throw new Error('a sample outside of its metric');
		const labels = parseLabels(labelText);
		const key = JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
		if (this.#seen.has(key)) throw new Error('the same series twice');
		this.#seen.add(key);
		this.metrics.get(name)?.series.push({labels, value: Number(value)});
	}
}

const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(,(?=.)|$)/;

function parseLabels(text: string): Readonly<Record<string, string>> {
	const labels: Record<string, string> = {};
	for (let rest = text; rest !== ''; ) {
		const [all, name = '', value = ''] = label.exec(rest) ?? [];
		if (all === undefined) throw new Error('no label');
		if (name in labels || name.startsWith('__')) throw new Error(`the label ${name}`);
		labels[name] = value.replace(/\\(.)/g, (_escape, character: string) => (character === 'n' ? '\n' : character));
		rest = rest.slice(all.length);
	}
	return labels;
}

/** The value of the one series with these labels, whatever other labels it has; undefined where there is none. */
export function figureOf(metrics: ReadonlyMap<string, ParsedMetric>, name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
	const matching = seriesOf(metrics, name).filter(series => Object.entries(labels).every(([key, value]) => series.labels[key] === value));
	if (matching.length > 1) throw new Error(`${name}${JSON.stringify(labels)} is ${matching.length} series`);
	return matching[0]?.value;
}

export const seriesOf = (metrics: ReadonlyMap<string, ParsedMetric>, name: string): readonly Series[] => metrics.get(`redis_triage_${name}`)?.series ?? [];

/** What is there with 1, as `memory.high P1`. */
export const foundIn = (metrics: ReadonlyMap<string, ParsedMetric>): readonly string[] =>
	seriesOf(metrics, 'finding')
		.filter(({value}) => value === 1)
		.map(({labels: {id, severity}}) => `${id} ${severity}`);
