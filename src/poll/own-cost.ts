import type {CommandStat} from '../redis/parse/command-stats.ts';

/** Counts the console's own commands, so that the server's own figure per call says what they cost it. */
export class OwnCost {
	#calls = new Map<string, number>();
	#sinceMs: number | undefined;

	count([command = '', subcommand = '']: readonly string[]): void {
		const name = containers.has(command) ? `${command}|${subcommand}` : command;
		this.#calls.set(name.toLowerCase(), (this.#calls.get(name.toLowerCase()) ?? 0) + 1);
	}

	/**
	 * Per cent of one core since the last call: our calls times the server's microseconds per call of that command
	 * (INFO commandstats). Undefined the first time, and where the server tells no figures. Before 7.0 it knows only whole containers (`client`).
	 */
	settle(stats: readonly CommandStat[], nowMs: number): number | undefined {
		const perCall = new Map(stats.map(stat => [stat.name, stat.microsPerCall]));
		let micros = 0;
		for (const [name, calls] of this.#calls) micros += calls * (perCall.get(name) ?? perCall.get(name.split('|')[0] ?? '') ?? 0);
		const elapsedMs = this.#sinceMs === undefined ? 0 : nowMs - this.#sinceMs;
		this.#calls = new Map();
		this.#sinceMs = nowMs;
		return elapsedMs > 0 && stats.length > 0 ? micros / 10 / elapsedMs : undefined;
	}
}

const containers: ReadonlySet<string> = new Set(['ACL', 'CLIENT', 'CONFIG', 'FUNCTION', 'LATENCY', 'MEMORY', 'SCRIPT', 'SLOWLOG']);
