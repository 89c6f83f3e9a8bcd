import {StringDecoder} from 'node:string_decoder';
import {redactText} from '../../redis/parse/redact.ts';
import {formatCount} from '../../text/format.ts';

const firstLines = 100;
const lastLines = 400;
const longestLine = 1000;

/** What a program has said, both its streams in the order in which it came, bounded whatever it says. */
export class ProgramOutput {
	readonly #first: string[] = [];
	readonly #last: string[] = [];
	readonly #streams = new Map<string, Stream>();
	#dropped = 0;

	add(name: 'stdout' | 'stderr', chunk: Buffer): void {
		const stream = this.#streams.get(name) ?? new Stream(line => this.#keep(line));
		this.#streams.set(name, stream);
		stream.add(chunk);
	}

	/** A line of ours among its own. */
	note(text: string): void {
		this.#keep(`(${text})`);
	}

	/** What has no end of line yet is the last line, at the end of the program for good. */
	get lines(): readonly string[] {
		const dropped = this.#dropped > 0 ? [`(${formatCount(this.#dropped)} lines left out here)`] : [];
		const unended = [...this.#streams.values()].map(({unended: line}) => line).filter(line => line !== '');
		return [...this.#first, ...dropped, ...this.#last, ...unended];
	}

	#keep(line: string): void {
		if (this.#first.length < firstLines) this.#first.push(line);
		else this.#last.push(line);
		if (this.#last.length <= lastLines) return;
		this.#last.shift();
		this.#dropped++;
	}
}

/** One stream cut into lines. A character may come in two chunks. */
class Stream {
	readonly #decoder = new StringDecoder('utf8');
	readonly #onLine: (line: string) => void;
	#line = '';
	/** Characters of this line that were not kept. */
	#tooMuch = 0;

	constructor(onLine: (line: string) => void) {
		this.#onLine = onLine;
	}

	get unended(): string {
		return this.#told();
	}

	add(chunk: Buffer): void {
		const [first = '', ...others] = this.#decoder.write(chunk).split('\n');
		this.#extend(first);
		for (const text of others) {
			this.#onLine(this.#told());
			this.#line = '';
			this.#tooMuch = 0;
			this.#extend(text);
		}
	}

	#extend(text: string): void {
		const room = longestLine - this.#line.length;
		this.#line += text.slice(0, room);
		this.#tooMuch += Math.max(0, text.length - room);
	}

	#told(): string {
		const line = redactText(this.#line.replace(/\r$/, ''));
		return this.#tooMuch > 0 ? `${line} (${formatCount(this.#tooMuch)} more characters)` : line;
	}
}
