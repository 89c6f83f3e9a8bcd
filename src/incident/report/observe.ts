import type {Finding} from '../../store/finding.ts';
import {type History, isMeasured, type VitalName} from '../../store/history.ts';
import {type RecoveryItem, saysTheSame} from '../../store/recovery.ts';
import {callerWords, runningNow} from '../../store/running.ts';
import type {ServerState} from '../../store/server-state.ts';
import {type Component, targetText} from '../../store/store.ts';
import type {TimelineEvent} from '../../store/timeline.ts';
import type {Recorded} from '../recording/recorded.ts';
import {withHomeNames} from './home-names.ts';
import {eventsOf, momentsToLookAt} from './moments.ts';
import type {ReportSource} from './source.ts';
import {touchedBy} from './touched.ts';

/** The vitals of one moment. */
export type Sample = Readonly<Partial<Record<VitalName, number | undefined>>> & {readonly atMs: number};

/** What one frame tells beside the vitals. */
export type Look = {
	readonly atMs: number;
	readonly address: string;
	readonly server: ServerState;
	readonly findings: readonly Finding[];
	readonly recovery: readonly RecoveryItem[];
	/** Who may have called what blocks the server; undefined: nothing of that kind runs, or the console had no list of clients. */
	readonly caller: Caller | undefined;
	readonly runId: string | undefined;
	readonly evictedKeys: number | undefined;
	readonly changesSinceSave: number | undefined;
	readonly aofEnabled: boolean | undefined;
};

type Caller = {readonly of: 'script' | 'function'; readonly words: string; readonly seenAtMs: number | undefined};

/** All that a report reads off a recording, with bounds: not every frame is looked at, and the samples are whole all the same. */
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

/** Look through a recording. A generator, so that a live console can draw meanwhile. */
export function* observing(recording: ReportSource): Generator<undefined, Observed> {
	const source = withHomeNames(recording);
	const last = source.at(source.toMs);
	const {events, isCut} = eventsOf(source);
	const gathered = new Gathered();
	for (const atMs of momentsToLookAt(source, {events, intervalMs: last.session.intervalMs})) {
		gathered.add(source.at(atMs), atMs);
		yield undefined;
	}
	for (const turn of gathered.turns()) {
		for (const atMs of yield* bisected(source, turn)) gathered.insert(source.at(atMs), atMs);
	}
	return {...gathered.told(), source, last, events, isTimelineCut: isCut, components: last.session.components};
}

/** The two frames between which it turned. */
function* bisected(source: ReportSource, {fromMs, toMs, isTurned}: Turn): Generator<undefined, readonly number[]> {
	let [before, after] = [fromMs, toMs];
	for (;;) {
		const middle = source.momentAt(Math.floor((before + after) / 2));
		const next = middle > before ? middle : source.momentAfter(before);
		if (next === undefined || next >= after) return [before, after];
		yield undefined;
		if (isTurned(source.at(next))) after = next;
		else before = next;
	}
}

/** Something that was so at one look and is not at the next, and of which the timeline may tell nothing. */
type Turn = {readonly fromMs: number; readonly toMs: number; readonly isTurned: (recorded: Recorded) => boolean};
/** More of them are told as exactly as the looks are. */
const mostTurns = 12;

/** Another server, another process of it, and a finding that was trouble and is only a risk. */
function turnsBetween(before: Look, after: Look): readonly Turn[] {
	const between = {fromMs: before.atMs, toMs: after.atMs};
	if (before.address !== after.address) return [{...between, isTurned: ({session}) => session.target.address !== before.address}];
	const isAnotherProcess = before.runId !== undefined && after.runId !== undefined && before.runId !== after.runId;
	const restart: Turn = {...between, isTurned: ({snapshot}) => snapshot.info.data?.runId === after.runId};
	const eased = before.findings.filter(({id, severity}) => severity !== 'P2' && after.findings.some(each => each.id === id && each.severity === 'P2'));
	return [
		...(isAnotherProcess ? [restart] : []),
		...eased.map(({id}): Turn => ({...between, isTurned: ({findings}) => findings.some(each => each.id === id && each.severity === 'P2')})),
	];
}

/** When the recovery list became what it is at the end. */
function lastJudgement(looks: readonly Look[]): readonly Turn[] {
	const items = looks.at(-1)?.recovery ?? [];
	const index = looks.findLastIndex(look => !saysTheSame(items, look.recovery));
	const [before, after] = [looks[index], looks[index + 1]];
	if (items.length === 0 || !before || !after) return [];
	return [{fromMs: before.atMs, toMs: after.atMs, isTurned: ({recovery}) => saysTheSame(items, recovery.items)}];
}

function lookOf({session, snapshot, findings, recovery}: Recorded, atMs: number): Look {
	const {data} = snapshot.info;
	return {
		atMs,
		address: session.target.address,
		server: snapshot.server,
		findings,
		recovery: recovery.items,
		caller: callerOf(snapshot),
		runId: data?.runId,
		evictedKeys: data?.evictedKeys,
		changesSinceSave: data?.changesSinceSave,
		aofEnabled: data?.aofEnabled,
	};
}

/** Of a silence nobody knows whether it is a script. */
function callerOf(snapshot: Recorded['snapshot']): Caller | undefined {
	const running = runningNow(snapshot);
	if (running?.kind !== 'script' && running?.kind !== 'function') return undefined;
	const words = callerWords(running);
	return words === '' ? undefined : {of: running.kind, words, seenAtMs: running.callersSeenAtMs};
}

class Gathered {
	readonly #looks: Look[] = [];
	readonly #samples: Sample[] = [];
	readonly #targets = new Set<string>();
	readonly #touched = new Map<string, Set<string>>();

	/** In the order of time. */
	add(recorded: Recorded, atMs: number): void {
		const {snapshot, session, findings} = recorded;
		this.#targets.add(targetText(session.target));
		this.#looks.push(lookOf(recorded, atMs));
		this.#addSamples(recorded);
		for (const finding of findings) for (const name of touchedBy(finding, session.components, snapshot.queues.data ?? [])) this.#touch(finding.id, name);
	}

	/** One between others, for what it tells of its findings. */
	insert(recorded: Recorded, atMs: number): void {
		const after = this.#looks.findIndex(look => look.atMs >= atMs);
		if (after >= 0 && this.#looks[after]?.atMs !== atMs) this.#looks.splice(after, 0, lookOf(recorded, atMs));
	}

	turns(): readonly Turn[] {
		const looks = this.#looks;
		return [...looks.flatMap((look, index) => turnsBetween(looks[index - 1] ?? look, look)).slice(0, mostTurns), ...lastJudgement(looks)];
	}

	#touch(id: string, component: string): void {
		const known = this.#touched.get(id) ?? new Set();
		this.#touched.set(id, known.add(component));
	}

	/** What the history of this frame has beyond that of the last one. */
	#addSamples({snapshot}: Recorded): void {
		const knownUntilMs = this.#samples.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
		for (const sample of samplesAfter(snapshot.history, knownUntilMs)) this.#samples.push(sample);
	}

	told(): Pick<Observed, 'looks' | 'samples' | 'targets' | 'touched'> {
		return {looks: this.#looks, samples: this.#samples, targets: [...this.#targets], touched: this.#touched};
	}
}

function samplesAfter({atMs, vitals}: History, knownUntilMs: number): readonly Sample[] {
	const from = atMs.findIndex(each => each > knownUntilMs);
	if (from < 0) return [];
	const names = Object.keys(vitals) as VitalName[];
	const valueAt = (name: VitalName, index: number) => (isMeasured(vitals[name][index]) ? vitals[name][index] : undefined);
	return Array.from(
		atMs.subarray(from),
		(each, index): Sample => ({atMs: each, ...Object.fromEntries(names.map(name => [name, valueAt(name, from + index)]))}),
	);
}
