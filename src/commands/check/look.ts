import type {Clock} from '../../clock.ts';
import type {ConsoleState, ConsoleStore} from '../../store/store.ts';
import {type Course, follow, isEnough, newCourse} from './enough.ts';

/** A check ends within ten seconds in every state of the server; this leaves room for start and end. */
export const longestLookMs = 8000;

const lookEveryMs = 50;

/** What is known at the end, and of what there have been two looks. */
export type Looked = {readonly state: ConsoleState; readonly course: Course; readonly endedAtMs: number};

/** `isAllKnown`: of what is beside the server. Wait until all that is wanted is known, or will not be known in this state of the server, or time is up. */
export async function look(store: ConsoleStore, clock: Clock, isAllKnown: (state: ConsoleState) => boolean = () => true): Promise<Looked> {
	const {signal} = new AbortController();
	let course = newCourse(clock.now());
	const take = (state: ConsoleState) => {
		course = follow(course, state);
	};
	take(store.getState());
	const unsubscribe = store.subscribe(take);
	const isDone = (state: ConsoleState) => isEnough(state, course, clock.now()) && isAllKnown(state);
	while (clock.now() - course.startedAtMs < longestLookMs && !isDone(store.getState())) {
		await clock.sleep(lookEveryMs, signal);
	}
	unsubscribe();
	return {state: store.getState(), course, endedAtMs: clock.now()};
}
