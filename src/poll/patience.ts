/** How long each command usually takes on this link, so that a slow link does not look like a silent server. */
export class Patience {
	readonly #recentMs = new Map<string, number[]>();
	readonly #givenUp = new Set<string>();

	/**
	 * Remember how long a command took to be answered, or how long it was waited for in vain. A wait in vain is a frozen
	 * server and says nothing of the link, so patience must not grow by it while the silence lasts; two in a row are a slow link.
	 */
	learn(command: string, tookMs: number): void {
		const isInVain = tookMs === this.for(command) || tookMs >= mostMs;
		if (isInVain && !this.#givenUp.has(command)) return void this.#givenUp.add(command);
		if (!isInVain) this.#givenUp.delete(command);
		const recent = this.#recentMs.get(command) ?? [];
		this.#recentMs.set(command, [...recent.slice(-(remembered - 1)), tookMs]);
	}

	/** Milliseconds after which a missing reply is silence: half a second on a good link, several round trips on a bad one. */
	for(command: string): number {
		const slowestMs = Math.max(0, ...(this.#recentMs.get(command) ?? []));
		const least = command === 'PING' || command === 'HELLO' ? leastMs : leastForDataMs;
		return Math.min(Math.max(least, slowestMs * 4 + 100), mostMs);
	}
}

const remembered = 10;
const leastMs = 500;
/** A reply with data in it may take a moment longer to make and to carry. */
const leastForDataMs = 800;
const mostMs = 8000;
