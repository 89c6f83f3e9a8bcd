import type {ConsoleState} from '../../store/store.ts';

/** What a recording keeps of the console's state. What is left out is the view (nobody's cursor is evidence) and what follows from the rest. */
export type Recorded = Pick<ConsoleState, 'nowMs' | 'session' | 'snapshot' | 'findings' | 'fleet' | 'incident' | 'recovery' | 'survey' | 'opened' | 'timeline'>;

/** The timeline goes into records of its own, so that it can be read without inflating the rest. */
export type Frame = Omit<Recorded, 'timeline'>;

export function recordedOf(state: ConsoleState): Recorded {
	return {...frameOf(state), timeline: state.timeline};
}

export function frameOf({nowMs, session, snapshot, findings, fleet, incident, recovery, survey, opened}: Recorded): Frame {
	return {nowMs, session, snapshot, findings, fleet, incident, recovery, survey, opened};
}
