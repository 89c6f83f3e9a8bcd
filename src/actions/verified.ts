import {isTrouble} from '../errors.ts';
import type {Pace} from '../pace.ts';
import type {Deps} from './deps.ts';
import {read} from './read.ts';
import type {BoundAction, Done, Verdict} from './types.ts';

const verifyEveryMs = 60;
const reviewEveryMs = 250;

type Context = {readonly deps: Deps; readonly pace: Pace; readonly signal: AbortSignal};

/** Was it of use? Looks on fresh facts, and again for a while as long as it does not seem so. */
export async function verified(bound: BoundAction, done: Done, context: Context): Promise<Verdict> {
	const {deps, signal} = context;
	const untilMs = deps.clock.now() + bound.verifyForMs;
	for (;;) {
		const verdict = await judged(bound, done, context);
		if ((verdict.isFinal ?? verdict.ok) || deps.clock.now() >= untilMs || signal.aborted) return verdict;
		await deps.clock.sleep(bound.review ? reviewEveryMs : verifyEveryMs, signal);
	}
}

async function judged(bound: BoundAction, done: Done, {deps, pace, signal}: Context): Promise<Verdict> {
	await deps.refresh(bound.evidence);
	if (!bound.review) return bound.verify(done, deps.store.getState());
	try {
		return await read(bound.review(done, pace), {...deps, preparing: () => {}}, pace, signal);
	} catch (error) {
		if (signal.aborted) return {ok: false, detail: 'it was sent; the look whether it was of use was ended', isFinal: true};
		if (!isTrouble(error)) throw error;
		return {ok: false, detail: `it was sent; whether it was of use could not be read: ${error.message}`};
	}
}
