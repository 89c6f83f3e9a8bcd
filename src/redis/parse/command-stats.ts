import {type Info, subFields} from './info.ts';
import {toCount} from './number.ts';

/** Totals of one command since start or CONFIG RESETSTAT. */
export type CommandStat = {
	/** Lower case, with its subcommand from 7.0 on (`client|list`). */
	readonly name: string;
	readonly calls: number;
	readonly totalMicros: number;
	readonly microsPerCall: number;
	/** Refused before they ran: syntax, ACL, OOM, BUSY … (6.2 and newer). */
	readonly rejectedCalls: number;
	/** Ended in an error while they ran (6.2 and newer). */
	readonly failedCalls: number;
};

/** Read `INFO commandstats`. */
export function toCommandStats({fields}: Info): readonly CommandStat[] {
	const stats: CommandStat[] = [];
	for (const [field, value] of fields) {
		if (!field.startsWith(prefix)) continue;
		const parts = subFields(value);
		const count = (name: string) => toCount(parts.get(name)) ?? 0;
		stats.push({
			name: field.slice(prefix.length),
			calls: count('calls'),
			totalMicros: count('usec'),
			microsPerCall: count('usec_per_call'),
			rejectedCalls: count('rejected_calls'),
			failedCalls: count('failed_calls'),
		});
	}
	return stats;
}

const prefix = 'cmdstat_';
