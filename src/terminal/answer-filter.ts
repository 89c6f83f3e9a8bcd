/** What a terminal says to DSR: it is well, and has come so far. */
const answer = '\u001B[0n';
const esc = '\u001B';
const pasteStart = '\u001B[200~';
const pasteEnd = '\u001B[201~';

/** Ink takes a lone ESC for a key after 20 ms; what comes before then belongs to it, and an answer is dropped as a whole. */
const inkWaitsMs = 15;
/** What comes later than this behind an ESC was typed. */
const longestCutMs = 300;

type Parts = {readonly answers: number; readonly keys: string};

/** Takes answers out of what a terminal sends. What may be the beginning of one is held until the next read. */
export class AnswerFilter {
	#held = '';
	/** When the ESC of what may be an answer went on as a key; `#held` is then what came behind it. */
	#escAtMs: number | undefined;
	#isPaste = false;
	/** The last that went on: the marks of a paste may be cut over two reads. */
	#tail = '';

	get isHolding(): boolean {
		return this.#held !== '';
	}

	/** `isOwed`: the terminal has been asked, so an ESC alone may be the first of its answer; otherwise it is a key, and goes on. */
	feed(text: string, nowMs: number, isOwed: boolean): Parts {
		const all = this.#held + text;
		const escAtMs = this.#escAtMs;
		this.#held = '';
		this.#escAtMs = undefined;
		if (escAtMs === undefined || nowMs - escAtMs >= longestCutMs) return this.#split('', all, nowMs, isOwed);
		const rest = answer.slice(esc.length);
		if (all.startsWith(rest)) {
			const {answers, keys} = this.#split(nowMs - escAtMs < inkWaitsMs ? rest : '', all.slice(rest.length), nowMs, isOwed);
			return {answers: answers + 1, keys};
		}
		if (!rest.startsWith(all)) return this.#split('', all, nowMs, isOwed);
		this.#held = all;
		this.#escAtMs = escAtMs;
		return {answers: 0, keys: ''};
	}

	/** What was held, because it was no answer; or because it is an ESC that somebody may have typed. */
	letGo(nowMs: number): string {
		const held = this.#held;
		this.#held = '';
		this.#escAtMs = held === esc ? nowMs : undefined;
		return this.#passed(held);
	}

	#split(before: string, text: string, nowMs: number, isOwed: boolean): Parts {
		const pieces = text.split(answer);
		const last = pieces.at(-1) ?? '';
		const begun = [3, 2, 1].map(length => answer.slice(0, length)).find(start => last.endsWith(start)) ?? '';
		const joined = before + pieces.join('');
		const keys = this.#passed(joined.slice(0, joined.length - begun.length));
		const isKey = begun === esc && !this.#isPaste && !isOwed;
		this.#held = isKey ? '' : begun;
		this.#escAtMs = isKey ? nowMs : undefined;
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
