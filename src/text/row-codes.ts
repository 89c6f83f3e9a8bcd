/** Private use: no text on the screen holds one, foreign text is made visible before (safe-text.ts), and string-width counts one cell. */
const firstCode = 0xe000;
const codeCount = 0x1900;
const codeAndBlanks = /([\ue000-\uf8ff])( *)/g;

type Entry = {text: string; width: number; frame: number};

/**
 * Rows that are drawn already, each known by a code of one character. Ink lays out the code, and `unfold` puts the row back into Ink's frame: the
 * layout is Ink's, but no row is taken apart into cells and put together again for every frame, which is most of what a frame of Ink costs.
 */
export class RowCodes {
	readonly #codes = new Map<string, number>();
	readonly #entries: Entry[] = [];
	#next = 0;
	#frame = 0;

	/** The code of a row `width` cells wide, printable text and styles; it must stand alone in as much room. */
	codeFor(text: string, width: number): string {
		const key = `${width}:${text}`;
		const known = this.#codes.get(key);
		const index = known ?? this.#free();
		if (known === undefined) {
			this.#forget(index);
			this.#codes.set(key, index);
			this.#entries[index] = {text, width, frame: this.#frame + 1};
		} else {
			const entry = this.#entries[index];
			if (entry) entry.frame = this.#frame + 1;
		}
		return String.fromCharCode(firstCode + index);
	}

	/** A frame as it is meant. What is in it keeps its code until a frame without it has been seen, so what is mounted has to be in every frame. */
	unfold(frame: string): string {
		this.#frame += 1;
		return frame.replace(codeAndBlanks, (_, code: string, blanks: string) => {
			const entry = this.#entries[code.charCodeAt(0) - firstCode];
			if (!entry) return blanks;
			entry.frame = this.#frame;
			return entry.text + blanks.slice(entry.width - 1);
		});
	}

	/** The next one that neither the last frame nor the one that is being made has. */
	#free(): number {
		for (let tried = 0; tried < codeCount; tried++) {
			const index = this.#next;
			this.#next = (index + 1) % codeCount;
			const entry = this.#entries[index];
			if (!entry || entry.frame < this.#frame) return index;
		}
		throw new Error(`more than ${codeCount} rows in one frame`);
	}

	#forget(index: number): void {
		const entry = this.#entries[index];
		if (entry) this.#codes.delete(`${entry.width}:${entry.text}`);
	}
}
