import {type HistoryLists, historyOf, listsOf} from '../../store/history.ts';
import {memoizeLatest} from '../../store/memoize.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import type {ConsoleState} from '../../store/store.ts';

/** What a recording keeps of the console's state. What is left out is the view (nobody's cursor is evidence) and what follows from the rest. */
export type Recorded = Pick<ConsoleState, 'nowMs' | 'session' | 'snapshot' | 'findings' | 'fleet' | 'incident' | 'recovery' | 'survey' | 'opened' | 'timeline'>;

/** As it is written: plain data. The timeline goes into records of its own, so that it can be read without inflating the rest. */
export type Frame = Omit<Recorded, 'timeline' | 'snapshot'> & {readonly snapshot: Omit<Snapshot, 'history'> & {readonly history: HistoryLists}};

export function recordedOf({nowMs, session, snapshot, findings, fleet, incident, recovery, survey, opened, timeline}: ConsoleState): Recorded {
	return {nowMs, session, snapshot: shownPart(snapshot), findings, fleet, incident, recovery, survey, opened, timeline};
}

export function frameOf({timeline: _apart, snapshot, ...rest}: Recorded): Frame {
	return {...rest, snapshot: {...snapshot, history: toLists(snapshot.history)}};
}

/** What `frameOf` was made of, without the timeline. */
export function recordedFrom({snapshot, ...rest}: Frame): Omit<Recorded, 'timeline'> {
	return {...rest, snapshot: {...snapshot, history: toHistory(snapshot.history)}};
}

const toLists = memoizeLatest(listsOf);
const toHistory = memoizeLatest(historyOf);

/** Findings are kept as they were judged: what only the judging needs is not. */
const queueHistory: Snapshot['queueHistory'] = new Map();
const shownPart = memoizeLatest((snapshot: Snapshot): Snapshot => ({...snapshot, clients: withoutIds(snapshot.clients), queueHistory}));

/** A hundred thousand ids, which only actions need. */
const withoutIds = memoizeLatest((clients: Snapshot['clients']): Snapshot['clients'] => {
	const {data} = clients;
	return data?.whole ? {...clients, data: {...data, whole: {...data.whole, ids: undefined}}} : clients;
});
