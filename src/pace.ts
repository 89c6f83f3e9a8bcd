/** No round may take the server longer than this, as far as can be told from here. */
const roundMicros = 2500;
/** Our own part of a round, and the grain of the clock. */
const ownMs = 2;
/** The server may be this much slower than assumed; what is beyond that is somebody else's work. */
const slowest = 3;
/** For every millisecond that answers are late, somebody else gets so many without us. */
const pausePerLateMs = 4;
const shortestPauseMs = 2;
const longestPauseMs = 10_000;

/**
 * How much to ask of the server at once and how long to wait between two rounds, so that a long job takes a fixed share of one core and less
 * when answers come late. Server time cannot be seen from here: it is what was assumed, corrected by what the answer took beyond the way.
 */
export class Pace {
	readonly #share: number;
	#wayMs = Number.POSITIVE_INFINITY;
	/** What rounds have taken lately, as a multiple of what was assumed. */
	#factor = 1;
	serverMs = 0;
	slowestRoundMs = 0;
	pauseMs = 0;

	/** `share` of one core: 0.01 is one per cent. */
	constructor(share: number) {
		this.#share = share;
	}

	/** The way there and back, from a command that costs next to nothing. */
	learnWay(tookMs: number): void {
		this.#wayMs = Math.min(this.#wayMs, tookMs);
	}

	/** So many units of assumed cost fit into the next round. */
	fit(microsPerUnit: number): number {
		return Math.floor(roundMicros / (microsPerUnit * this.#factor));
	}

	/** A round of that assumed cost is over: how long to pause now, in ms. */
	settle(assumedMicros: number, tookMs: number): number {
		const assumedMs = assumedMicros / 1000;
		const beyondMs = Math.max(0, tookMs - (Number.isFinite(this.#wayMs) ? this.#wayMs : 0) - ownMs);
		const serverMs = Math.min(Math.max(beyondMs, assumedMs), assumedMs * slowest);
		this.#factor = assumedMs === 0 ? this.#factor : this.#factor * 0.8 + (serverMs / assumedMs) * 0.2;
		this.serverMs += serverMs;
		this.slowestRoundMs = Math.max(this.slowestRoundMs, tookMs);
		const pauseMs = serverMs / this.#share + Math.max(0, beyondMs - serverMs) * pausePerLateMs;
		this.pauseMs = Math.round(Math.min(Math.max(pauseMs, shortestPauseMs), longestPauseMs));
		return this.pauseMs;
	}
}
