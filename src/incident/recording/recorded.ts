import {memoizeLatest} from '../../store/memoize.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import type {ConsoleState} from '../../store/store.ts';

/** What a recording keeps of the console's state. What is left out is the view (nobody's cursor is evidence) and what follows from the rest. */
export type Recorded = Pick<ConsoleState, 'nowMs' | 'session' | 'snapshot' | 'findings' | 'fleet' | 'incident' | 'recovery' | 'survey' | 'opened' | 'timeline'>;

/** The timeline goes into records of its own, so that it can be read without inflating the rest. */
export type Frame = Omit<Recorded, 'timeline'>;

export function recordedOf(state: ConsoleState): Recorded {
	return {...frameOf(state), timeline: state.timeline};
}

/** Findings are kept as they were judged: what only the judging needs is not. */
const queueHistory: Snapshot['queueHistory'] = new Map();
const shownPart = memoizeLatest((snapshot: Snapshot): Snapshot => ({...snapshot, queueHistory}));

export function frameOf({nowMs, session, snapshot, findings, fleet, incident, recovery, survey, opened}: Recorded): Frame {
	return {nowMs, session, snapshot: shownPart(snapshot), findings, fleet, incident, recovery, survey, opened};
}
