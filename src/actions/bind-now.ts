import {isTrouble} from '../errors.ts';
import type {Pace} from '../pace.ts';
import {serverAnswers} from './checks.ts';
import type {Deps} from './deps.ts';
import {read} from './read.ts';
import {type AnyAction, type BoundAction, type Choice, isRefusal, type Refusal} from './types.ts';

type Context = {readonly deps: Pick<Deps, 'store' | 'refresh'> & Parameters<typeof read>[1]; readonly pace: Pace; readonly signal: AbortSignal};

/** Freeze the target as it is now, and read what else must be known to say what would happen. Sends plain reads only. */
export async function bindNow(action: AnyAction, choice: Choice, {deps, pace, signal}: Context): Promise<BoundAction | Refusal | 'left'> {
	await reread(action, deps);
	if (signal.aborted) return 'left';
	const binding = action.bind(deps.store.getState(), choice, pace);
	if (isRefusal(binding)) return binding;
	if (binding.kind === 'bound') return binding.bound;
	try {
		const bound = await read(binding.reading, deps, pace, signal);
		return signal.aborted ? 'left' : bound;
	} catch (error) {
		if (signal.aborted) return 'left';
		if (isTrouble(error)) return {refused: `What it would do could not be read: ${error.message}`};
		throw error;
	} finally {
		deps.preparing(undefined);
	}
}

/** A server that does not answer is for the checks to tell of. */
async function reread({rereads = []}: AnyAction, {store, refresh, preparing}: Context['deps']): Promise<void> {
	if (rereads.length === 0 || serverAnswers(store.getState()).ok === false) return;
	preparing('Reading what it is now …');
	await refresh(rereads);
	preparing(undefined);
}
