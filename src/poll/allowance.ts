/**
 * How much server time a long job may take: some at once, then a fixed share of one core. What is not used in time is saved up
 * to what may be taken at once.
 */
export class Allowance {
	readonly #share: number;
	readonly #atOnceMs: number;
	#leftMs: number;
	#countedAtMs: number | undefined;

	/** `share` of one core (0.003: 0.3 %), `atOnceMs` of server time. */
	constructor({share, atOnceMs}: {readonly share: number; readonly atOnceMs: number}) {
		this.#share = share;
		this.#atOnceMs = atOnceMs;
		this.#leftMs = atOnceMs;
	}

	/** Take note of server time spent by `nowMs`; says how many ms to wait before more is asked for. */
	spend(serverMs: number, nowMs: number): number {
		const elapsedMs = this.#countedAtMs === undefined ? 0 : nowMs - this.#countedAtMs;
		this.#countedAtMs = nowMs;
		this.#leftMs = Math.min(this.#leftMs + elapsedMs * this.#share, this.#atOnceMs) - serverMs;
		return this.#leftMs >= 0 ? 0 : -this.#leftMs / this.#share;
	}
}
