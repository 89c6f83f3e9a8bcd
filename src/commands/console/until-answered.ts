import type {Clock} from '../../clock.ts';
import {isFilling} from '../../store/paced-store.ts';
import type {ConsoleStore} from '../../store/store.ts';

/** A server that is near and well has told all of the first screen by then; any other is not waited for. */
const longestMs = 60;

/** Until the first round of reads is whole, or the server has shown that it is not well, or that it takes its time: the first frame is dear to draw, and one with all of it is there sooner than two. */
export async function untilAnswered(store: ConsoleStore, clock: Clock, signal: AbortSignal): Promise<void> {
	const answered = new AbortController();
	const unsubscribe = store.subscribe(state => {
		if (!isFilling(state)) answered.abort();
	});
	await clock.sleep(longestMs, AbortSignal.any([signal, answered.signal]));
	unsubscribe();
}
