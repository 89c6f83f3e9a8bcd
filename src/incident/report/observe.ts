import type {Finding} from '../../store/finding.ts';
import type {History, VitalName} from '../../store/history.ts';
import type {ServerState} from '../../store/server-state.ts';
import type {Component} from '../../store/store.ts';
import type {TimelineEvent} from '../../store/timeline.ts';
import type {Recorded} from '../recording/recorded.ts';
import type {ReportSource} from './source.ts';
import {touchedBy} from './touched.ts';

/** The vitals of one moment. */
export type Sample = Readonly<Partial<Record<VitalName | 'replicationLagSeconds', number | undefined>>> & {readonly atMs: number};

/** What one frame tells beside the vitals. */
export type Look = {
	readonly atMs: number;
	readonly address: string;
	readonly server: ServerState;
	readonly findings: readonly Finding[];
	readonly runId: string | undefined;
	readonly evictedKeys: number | undefined;
	readonly changesSinceSave: number | undefined;
	readonly aofEnabled: boolean | undefined;
};

/** All that a report reads off a recording, with bounds: its frames are looked at in steps, its samples all the same are whole. */
export type Observed = {
	readonly source: ReportSource;
	readonly last: Recorded;
	readonly looks: readonly Look[];
	readonly samples: readonly Sample[];
	/** Oldest first, with all their details. */
	readonly events: readonly TimelineEvent[];
	/** Events before these are told by the marks alone. */
	readonly isTimelineCut: boolean;
	/** How the audit log spells the servers that were looked at. */
	readonly targets: readonly string[];
	readonly components: readonly Component[];
	/** By id of a finding: the components of the config file that it has touched. */
	readonly touched: ReadonlyMap<string, ReadonlySet<string>>;
};

/** Frames that are looked at; every one of them brings the samples of the minutes before it. */
const mostLooks = 600;
const leastStepMs = 1000;

/** Look through a recording. A generator, so that a live console can draw meanwhile. */
export function* observing(source: ReportSource): Generator<undefined, Observed> {
	const gathered = new Gathered();
	for (const atMs of momentsOf(source)) {
		if (gathered.isNews(source.momentAt(atMs))) gathered.add(source.at(atMs), source.momentAt(atMs));
		yield undefined;
	}
	const last = source.at(source.toMs);
	const {events, isCut} = eventsOf(source);
	return {...gathered.told(), source, last, events, isTimelineCut: isCut, components: last.session.components};
}

function* momentsOf({fromMs, toMs}: ReportSource): Generator<number> {
	const stepMs = Math.max(leastStepMs, Math.ceil((toMs - fromMs) / mostLooks));
	for (let atMs = fromMs; atMs < toMs; atMs += stepMs) yield atMs;
	yield toMs;
}

class Gathered {
	readonly #looks: Look[] = [];
	readonly #samples: Sample[] = [];
	readonly #targets = new Set<string>();
	readonly #touched = new Map<string, Set<string>>();

	/** A frame stands until the next one; the same one again tells nothing. */
	isNews(momentMs: number): boolean {
		return momentMs > (this.#looks.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY);
	}

	add(recorded: Recorded, atMs: number): void {
		const {snapshot, session, findings} = recorded;
		const {name, address} = session.target;
		this.#targets.add(name === address ? address : `${name} ${address}`);
		const {data} = snapshot.info;
		this.#looks.push({
			atMs,
			address,
			server: snapshot.server,
			findings,
			runId: data?.runId,
			evictedKeys: data?.evictedKeys,
			changesSinceSave: data?.changesSinceSave,
			aofEnabled: data?.aofEnabled,
		});
		this.#addSamples(recorded);
		for (const finding of findings) for (const name of touchedBy(finding, session.components, snapshot.queues.data ?? [])) this.#touch(finding.id, name);
	}

	#touch(id: string, component: string): void {
		const known = this.#touched.get(id) ?? new Set();
		this.#touched.set(id, known.add(component));
	}

	/** What the history of this frame has beyond that of the last one, and the figures that only the frame has. */
	#addSamples({snapshot}: Recorded): void {
		const knownUntilMs = this.#samples.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
		for (const sample of samplesAfter(snapshot.history, knownUntilMs)) this.#samples.push(sample);
		const {replicationLagSeconds} = snapshot.vitals;
		const last = this.#samples.at(-1);
		if (last && last.atMs > knownUntilMs) this.#samples[this.#samples.length - 1] = {...last, replicationLagSeconds};
	}

	told(): Pick<Observed, 'looks' | 'samples' | 'targets' | 'touched'> {
		return {looks: this.#looks, samples: this.#samples, targets: [...this.#targets], touched: this.#touched};
	}
}

function samplesAfter({atMs, vitals}: History, knownUntilMs: number): readonly Sample[] {
	const from = atMs.findIndex(each => each > knownUntilMs);
	if (from < 0) return [];
	const names = Object.keys(vitals) as VitalName[];
	return atMs.slice(from).map((each, index): Sample => ({atMs: each, ...Object.fromEntries(names.map(name => [name, vitals[name][from + index]]))}));
}

/** The timeline is bounded, so what its end has let go is taken from earlier frames, and before those from the marks. */
function eventsOf(source: ReportSource): {readonly events: readonly TimelineEvent[]; readonly isCut: boolean} {
	let events = source.at(source.toMs).timeline;
	for (;;) {
		const [first] = events;
		if (!first || first.id <= 1 || first.atMs <= source.fromMs) break;
		const earlier = source.at(first.atMs - 1).timeline.filter(({id}) => id < first.id);
		if (earlier.length === 0) break;
		events = [...earlier, ...events];
	}
	const [first] = events;
	const before = source.marks.filter(({atMs}) => first === undefined || atMs < first.atMs);
	if (before.length === 0 || (first?.id ?? 0) <= 1) return {events, isCut: false};
	return {events: [...before.map((mark, index): TimelineEvent => ({...mark, id: index - before.length, details: []})), ...events], isCut: true};
}
