/** How long each command usually takes on this link, so that a slow link does not look like a silent server. */
export class Patience {
	readonly #recentMs = new Map<string, number[]>();

	/** Remember how long a command took to be answered, in time or late. A wait that nobody answered says nothing of the link. */
	learn(command: string, tookMs: number): void {
		const recent = this.#recentMs.get(command) ?? [];
		this.#recentMs.set(command, [...recent.slice(-(remembered - 1)), tookMs]);
	}

	/** Milliseconds after which a missing reply is silence: half a second on a good link, several round trips on a bad one. */
	for(command: string): number {
		const least = command === 'PING' || command === 'HELLO' ? leastMs : leastForDataMs;
		return Math.min(Math.max(least, this.usualMs(command) * 4 + 100), mostMs);
	}

	/** 0 where it has not been answered yet. */
	usualMs(command: string): number {
		const sorted = [...(this.#recentMs.get(command) ?? [])].sort((a, b) => a - b);
		// The quicker ones tell of the link, the slower ones of the server: a freeze or two must not delay the news of the next.
		return sorted[Math.floor((sorted.length - 1) / 4)] ?? 0;
	}
}

const remembered = 10;
const leastMs = 500;
/** A reply with data in it may take a moment longer to make and to carry. */
const leastForDataMs = 800;
const mostMs = 8000;
