import {keepTimeline} from '../../src/commands/console/keep-timeline.ts';
import {type Recorded, recordedOf} from '../../src/incident/recording/recorded.ts';
import type {ReportSource} from '../../src/incident/report/source.ts';
import type {Finding} from '../../src/store/finding.ts';
import {appendSample, emptyHistory, type VitalName} from '../../src/store/history.ts';
import type {ConsoleStore} from '../../src/store/store.ts';
import {addEvents, type Happening} from '../../src/store/timeline.ts';
import {noonMs, type StateParts, stateWith, storeWith} from './fixtures.ts';

export const at = (second: number): number => noonMs + second * 1000;

/** Something that stands. Its title tells its name. */
export const finding = (id: string, severity: Finding['severity'], change: Partial<Finding> = {}): Finding => ({
	id,
	severity,
	title: `title of ${id}`,
	evidence: `evidence of ${id}`,
	meaning: [],
	components: ['every client of this server'],
	remedies: [],
	over: '',
	...change,
});

export type Second = StateParts & {readonly vitals?: Partial<Record<VitalName, number>>};

/** One frame in ten seconds. */
export const everyTenth =
	(secondAt: (second: number) => Second) =>
	(second: number): Second | undefined =>
		second % 10 === 0 ? secondAt(second) : undefined;

type Play = {
	readonly seconds: number;
	/** How the console was in that second; undefined: no frame was written. */
	readonly at: (second: number) => Second | undefined;
	/** What else the timeline is told then. */
	readonly events?: Readonly<Record<number, readonly Omit<Happening, 'atMs'>[]>>;
	readonly change?: Partial<ReportSource>;
};

/** What a console would have recorded from noon on, with the timeline that it keeps itself. */
export function played({seconds, at: partsAt, events = {}, change = {}}: Play): ReportSource {
	const first = partsAt(0) ?? {};
	const store = storeWith({...first, timeline: [], findings: []});
	let nowMs = noonMs;
	keepTimeline(store, {now: () => nowMs, sleep: async () => {}});
	const frames: (readonly [number, Recorded])[] = [];
	let history = emptyHistory;
	for (let second = 0; second <= seconds; second++) {
		nowMs = at(second);
		const parts = partsAt(second);
		if (!parts) continue;
		if (parts.vitals) history = appendSample(history, nowMs, parts.vitals);
		step(store, {...parts, nowMs, snapshot: {history, ...parts.snapshot}});
		const happened = events[second]?.map(event => ({...event, atMs: nowMs})) ?? [];
		store.setState(({timeline}) => ({timeline: addEvents(timeline, happened)}));
		frames.push([nowMs, recordedOf(store.getState())]);
	}
	return {...sourceOf(frames), ...change};
}

function step(store: ConsoleStore, parts: StateParts): void {
	const {nowMs, snapshot, findings, session, incident, recovery} = stateWith(parts);
	store.setState({nowMs, snapshot, findings, session, incident, recovery});
}

function sourceOf(frames: readonly (readonly [number, Recorded])[]): ReportSource {
	const [first, last] = [frames[0], frames.at(-1)];
	if (!first || !last) throw new Error('nothing was recorded');
	const frameAt = (ms: number) => frames.findLast(([atMs]) => atMs <= ms) ?? first;
	return {
		file: '/var/lib/alice/redis-triage/recordings/20250101T120000Z-cache-4711.rec',
		fromMs: first[0],
		toMs: last[0],
		isRedacted: false,
		isCut: false,
		damage: undefined,
		marks: last[1].timeline,
		chunkMoments: frames.filter((_, index) => index % 240 === 0).map(([atMs]) => atMs),
		at: ms => frameAt(ms)[1],
		momentAt: ms => frameAt(ms)[0],
		momentAfter: ms => frames[frames.indexOf(frameAt(ms)) + 1]?.[0],
	};
}
