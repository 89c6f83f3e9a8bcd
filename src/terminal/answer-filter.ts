/** What a terminal says to DSR: it is well, and has come so far. */
const answer = '\u001B[0n';
const esc = '\u001B';
const pasteStart = '\u001B[200~';
const pasteEnd = '\u001B[201~';

type Parts = {readonly answers: number; readonly keys: string};

/** Takes answers out of what a terminal sends. What may be the beginning of one is held until the next read, but for a lone ESC: that is a key. */
export class AnswerFilter {
	#held = '';
	/** The beginning of what may be an answer, when its ESC has gone on already. */
	#gone = '';
	#isPaste = false;
	/** The last that went on: the marks of a paste may be cut over two reads. */
	#tail = '';

	get isHolding(): boolean {
		return this.#held !== '';
	}

	feed(text: string): Parts {
		const all = this.#gone + text;
		if (this.#gone === '') return this.#split('', text);
		// The ESC of this one is gone. The rest must follow, and at once: Ink, which waits for it, drops the whole.
		const isWhole = all.startsWith(answer);
		const rest = isWhole ? answer.slice(this.#gone.length) : '';
		const isBegun = answer.startsWith(all) && !isWhole;
		this.#gone = isBegun ? all : '';
		if (isBegun) return {answers: 0, keys: this.#passed(text)};
		const {answers, keys} = this.#split(rest, text.slice(rest.length));
		return {answers: answers + (isWhole ? 1 : 0), keys};
	}

	/** What was held, because it was no answer. */
	letGo(): string {
		const held = this.#held;
		this.#held = '';
		return this.#passed(held);
	}

	#split(before: string, text: string): Parts {
		const pieces = (this.#held + text).split(answer);
		const last = pieces.at(-1) ?? '';
		const begun = [3, 2, 1].map(length => answer.slice(0, length)).find(start => last.endsWith(start)) ?? '';
		const joined = before + pieces.join('');
		const keys = this.#passed(joined.slice(0, joined.length - begun.length));
		const isKey = begun === esc && !this.#isPaste;
		this.#held = isKey ? '' : begun;
		this.#gone = isKey ? begun : '';
		return {answers: pieces.length - 1, keys: isKey ? keys + this.#passed(begun) : keys};
	}

	#passed(keys: string): string {
		const seen = this.#tail + keys;
		const start = seen.lastIndexOf(pasteStart);
		const end = seen.lastIndexOf(pasteEnd);
		if (start !== end) this.#isPaste = start > end;
		this.#tail = seen.slice(1 - pasteStart.length);
		return keys;
	}
}
