import {systemClock} from '../clock.ts';
import type {Role} from './traffic.ts';

/** Commands that walk through everything: slow, and below what counts as a burst of them. */
const habits: readonly {readonly argv: readonly string[]; readonly everyMs: number}[] = [
	{argv: ['KEYS', 'rl:*'], everyMs: 12_000},
	{argv: ['ZRANGE', 'leaderboard:global', '0', '-1', 'WITHSCORES'], everyMs: 20_000},
];

/** Two old scripts that nobody dares to touch, for the slowlog. */
export const slowReports: readonly Role[] = habits.map(({argv, everyMs}, index) => ({
	name: `cron-report-${index + 1}`,
	hostNumber: 91 + index,
	async session(client, signal) {
		while (!signal.aborted) {
			await systemClock.sleep(everyMs, signal);
			if (!signal.aborted) await client.call(...argv);
		}
	},
}));
