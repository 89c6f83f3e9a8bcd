import {costliest, leastShownPercent} from '../../store/fleet.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatPercent} from '../../text/format.ts';

/** What this console costs the server; `slowed`: something is asked less often for it. The long form says what it costs the one that it costs most, where that is another. */
export function ownCostWords(state: Pick<ConsoleState, 'snapshot' | 'fleet' | 'session'>, ascii: boolean): readonly [long: string, short: string] | undefined {
	const {ownCostPercent: percent, slowed} = state.snapshot;
	if (percent === undefined) return undefined;
	const isSlowed = slowed.size > 0 || (state.fleet?.slowedBy ?? 1) > 1;
	const short = `cost ${percent < leastShownPercent ? '0%' : formatPercent(percent / 100, {ascii})}${isSlowed ? ' slowed' : ''}`;
	const worst = costliest(state);
	return [worst ? `${short}  ${formatPercent(worst.percent / 100, {ascii})} at ${worst.address}` : short, short];
}
