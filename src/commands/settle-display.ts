import type {DisplayFlags, DisplayOptions} from './flags.ts';
import type {Settled} from './settle.ts';

/** What is read-only by flag, by default or by target is so; none of them can make another guarded. */
export function settleDisplay(flags: DisplayFlags, settled?: Settled): DisplayOptions {
	const {intervalSeconds, readOnly} = settled?.config.defaults ?? {intervalSeconds: 1, readOnly: false};
	const isTargetReadOnly = (settled?.target.configured?.readOnly ?? false) !== false;
	return {...flags, intervalSeconds: flags.intervalSeconds ?? intervalSeconds, readOnly: flags.readOnly || readOnly || isTargetReadOnly};
}
