import {othersTurn} from '../in-slices.ts';
import type {Pace} from '../pace.ts';
import type {Deps} from './deps.ts';
import type {Reading} from './trips.ts';

/** Carry out a reading in paced trips; ends early, with whatever, when the signal is aborted. Rejects as `look` does. */
export async function read<T>(
	reading: Reading<T>,
	{look, lookAtSentinels, clock, preparing}: Pick<Deps, 'look' | 'lookAtSentinels' | 'clock' | 'preparing'>,
	pace: Pace,
	signal: AbortSignal,
): Promise<T> {
	let turn = reading.next();
	while (turn.done !== true) {
		if (signal.aborted) throw new Left('left');
		const {argvs, micros, told, encoding = 'utf8', to, restMs = 0} = turn.value;
		if (to === 'nobody') {
			await othersTurn();
			turn = reading.next([]);
			continue;
		}
		preparing(told ?? 'Reading what it would do …');
		if (to === 'sentinels') {
			// Their time is not the server's: there is nothing to pace.
			turn = reading.next(await lookAtSentinels(argvs));
			continue;
		}
		const sentAtMs = clock.now();
		const replies = argvs.length === 0 ? [] : await look(argvs, encoding);
		if (argvs.length > 0) await clock.sleep(Math.max(restMs, pace.settle(micros, clock.now() - sentAtMs)), signal);
		turn = reading.next(replies);
	}
	return turn.value;
}

/** The operator has left meanwhile. */
class Left extends Error {
	override readonly name = 'Left' as const;
}
