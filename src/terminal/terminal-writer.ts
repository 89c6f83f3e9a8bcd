import {writeSync} from 'node:fs';

/** How often a terminal that takes nothing is asked again. */
const retryMs = 20;
/** For the last words to a terminal that takes nothing. A slow line gets them, one that nobody reads holds us no longer. */
const longestLastWordsMs = 300;

/**
 * Writes to a non-blocking file descriptor, and keeps what it does not take for later. Unlike a stream it can forget that again: nothing of a
 * frame may come out behind the words that leave the terminal.
 */
export class TerminalWriter {
	/** Called when a write that was not taken at once has been taken after all. */
	onTaken: () => void = () => {};
	readonly #fd: number;
	readonly #onError: (error: unknown) => void;
	#rest: Buffer = Buffer.alloc(0);
	#retry: NodeJS.Timeout | undefined;

	/** `onError` hears why the terminal cannot be written to any more; what was left to write is forgotten then. */
	constructor(fd: number, onError: (error: unknown) => void) {
		this.#fd = fd;
		this.#onError = onError;
	}

	/** In order, behind whatever is still waiting. False: not all of it was taken yet. */
	write(text: string): boolean {
		this.#rest = Buffer.concat([this.#rest, Buffer.from(text, 'utf8')]);
		if (!this.#retry) this.#push();
		return this.#rest.length === 0;
	}

	/** Forget what is waiting and write this, now or never. Synchronous, and bounded in time. Throws when the terminal is gone. */
	writeLast(text: string): void {
		clearTimeout(this.#retry);
		this.#retry = undefined;
		let rest: Buffer = Buffer.from(text, 'utf8');
		this.#rest = Buffer.alloc(0);
		const deadlineMs = performance.now() + longestLastWordsMs;
		for (;;) {
			rest = this.#taken(rest);
			if (rest.length === 0 || performance.now() > deadlineMs) return;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
		}
	}

	#push(): void {
		try {
			this.#rest = this.#taken(this.#rest);
		} catch (error) {
			this.#rest = Buffer.alloc(0);
			this.#onError(error);
			return;
		}
		if (this.#rest.length === 0) return;
		this.#retry = setTimeout(() => {
			this.#retry = undefined;
			this.#push();
			if (this.#rest.length === 0) this.onTaken();
		}, retryMs);
	}

	/** What is left after writing as much as the terminal takes without waiting. */
	#taken(bytes: Buffer): Buffer {
		let rest = bytes;
		try {
			while (rest.length > 0) rest = rest.subarray(writeSync(this.#fd, rest));
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
		}
		return rest;
	}
}
