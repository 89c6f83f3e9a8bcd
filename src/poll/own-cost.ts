import type {CommandStat} from '../redis/parse/command-stats.ts';
import {nextSlowed} from '../store/slowed.ts';
import type {Snapshot} from '../store/snapshot.ts';
import type {ConsoleState} from '../store/store.ts';

/** Counts the console's own commands, so that the server's own figure per call says what they cost it. */
export class OwnCost {
	readonly #budgetPercent: number;
	#calls = new Map<string, number>();
	/** Commands sent since the console was opened, on all of its connections. */
	sent = 0;
	#sinceMs: number | undefined;
	#told: ReadonlyMap<string, CommandStat> = new Map();

	/** `budgetPercent`: of one core; beyond it some sources are asked less often. */
	constructor(budgetPercent: number) {
		this.#budgetPercent = budgetPercent;
	}

	count([command = '', subcommand = '']: readonly string[]): void {
		this.sent += 1;
		const name = containers.has(command) ? `${command}|${subcommand}` : command;
		this.#calls.set(name.toLowerCase(), (this.#calls.get(name.toLowerCase()) ?? 0) + 1);
	}

	/** What it costs now, and what is asked less often from here on; nothing where the cost is not known yet. */
	reckon(
		stats: readonly CommandStat[],
		nowMs: number,
		{snapshot: {slowed}, findings, session, fleet}: Pick<ConsoleState, 'snapshot' | 'findings' | 'session' | 'fleet'>,
	): Partial<Pick<Snapshot, 'ownCostPercent' | 'slowed'>> {
		const settled = this.settle(stats, nowMs);
		if (settled === undefined) return {};
		// The light connection to the same server costs it too.
		const percent = settled + (fleet?.nodes.find(({address}) => address === session.target.address)?.ownCostPercent ?? 0);
		return {ownCostPercent: percent, slowed: nextSlowed(slowed, {percent, budgetPercent: this.#budgetPercent, worstFindingId: findings[0]?.id})};
	}

	/**
	 * Per cent of one core since the last call: our calls times the server's microseconds per call of that command
	 * (INFO commandstats) in that time, or since its start where it tells of no call in that time. Undefined the first time, and where the server tells no figures. Before 7.0 it knows only whole containers (`client`).
	 */
	settle(stats: readonly CommandStat[], nowMs: number): number | undefined {
		const perCall = new Map(stats.map(stat => [stat.name, recentMicrosPerCall(stat, this.#told.get(stat.name))]));
		let micros = 0;
		for (const [name, calls] of this.#calls) micros += calls * (perCall.get(name) ?? perCall.get(name.split('|')[0] ?? '') ?? 0);
		const elapsedMs = this.#sinceMs === undefined ? 0 : nowMs - this.#sinceMs;
		this.#calls = new Map();
		this.#sinceMs = nowMs;
		this.#told = new Map(stats.map(stat => [stat.name, stat]));
		return elapsedMs > 0 && stats.length > 0 ? micros / 10 / elapsedMs : undefined;
	}
}

/** The average since the server's start hides that a list has grown tenfold since. A reset of the statistics leaves fewer calls than before. */
function recentMicrosPerCall(stat: CommandStat, before: CommandStat | undefined): number {
	const calls = stat.calls - (before?.calls ?? stat.calls);
	const micros = stat.totalMicros - (before?.totalMicros ?? stat.totalMicros);
	return calls > 0 && micros >= 0 ? micros / calls : stat.microsPerCall;
}

const containers: ReadonlySet<string> = new Set([
	'ACL',
	'CLIENT',
	'CLUSTER',
	'COMMANDLOG',
	'CONFIG',
	'FUNCTION',
	'LATENCY',
	'MEMORY',
	'SCRIPT',
	'SLOWLOG',
	'XINFO',
]);
