import type {DisplayFlags, DisplayOptions} from './flags.ts';
import type {Settled} from './settle.ts';

/** What the config file says where nothing was typed. */
export function settleDisplay(flags: DisplayFlags, settled?: Settled): DisplayOptions {
	const {intervalSeconds, record} = settled?.config.defaults ?? {intervalSeconds: 1, record: true};
	return {
		...flags,
		intervalSeconds: flags.intervalSeconds ?? intervalSeconds,
		readOnly: isReadOnly(flags, settled),
		record: {...flags.record, isOn: flags.record.isOn ?? record},
	};
}

/** What is read-only by flag, by default or by target is so; none of them can make another guarded. */
export function isReadOnly({readOnly}: Pick<DisplayFlags, 'readOnly'>, settled?: Settled): boolean {
	const isTargetReadOnly = (settled?.target.configured?.readOnly ?? false) !== false;
	return readOnly || (settled?.config.defaults.readOnly ?? false) || isTargetReadOnly;
}
