type Transformer = (row: string, index: number) => string;
type WriteOptions = {readonly transformers: readonly Transformer[]};
type Clip = Readonly<Record<'x1' | 'x2' | 'y1' | 'y2', number | undefined>>;

/** What Ink's renderer writes the texts of a frame into, each at its place, and what it takes the frame from. */
type InkOutput = {
	write(x: number, y: number, text: string, options: WriteOptions): void;
	clip(clip: Clip): void;
	unclip(): void;
	get(): {readonly output: string; readonly height: number};
};
type OutputClass = new (size: {readonly width: number; readonly height: number}) => InkOutput;

type Segment = {readonly x: number; readonly text: string; readonly width: number};

/**
 * Ink's output, the short way: texts that stand beside each other are put together as they are. Ink makes a cell with its styles of every character
 * of the screen first, a quarter of a frame's cost. What is clipped, lies over something else or hangs over the left edge is left to Ink.
 */
export function rowOutput(Original: OutputClass, widthOf: (text: string) => number): OutputClass {
	return class RowOutput implements InkOutput {
		readonly #size: {readonly width: number; readonly height: number};
		readonly #operations: ((output: InkOutput) => void)[] = [];
		readonly #rows: Segment[][];
		#isSimple = true;

		constructor(size: {readonly width: number; readonly height: number}) {
			this.#size = size;
			this.#rows = Array.from({length: size.height}, () => []);
		}

		write(x: number, y: number, text: string, options: WriteOptions): void {
			if (text === '') return;
			this.#operations.push(output => output.write(x, y, text, options));
			this.#isSimple &&= standsAlone(x, text);
			if (this.#isSimple) this.#place(x, y, text, options);
		}

		clip(clip: Clip): void {
			this.#isSimple = false;
			this.#operations.push(output => output.clip(clip));
		}

		unclip(): void {
			this.#operations.push(output => output.unclip());
		}

		get(): {readonly output: string; readonly height: number} {
			const rows = this.#isSimple ? joinRows(this.#rows) : undefined;
			return rows ? {output: rows.join('\n'), height: rows.length} : this.#byInk();
		}

		#place(x: number, y: number, text: string, {transformers}: WriteOptions): void {
			for (const [index, line] of text.split('\n').entries()) {
				const row = this.#rows[y + index];
				if (!row || line === '') continue;
				const shown = transformers.reduce((done, transform) => transform(done, index), line);
				if (shown !== '') row.push({x, text: shown, width: widthOf(shown)});
			}
		}

		#byInk(): {readonly output: string; readonly height: number} {
			const output = new Original(this.#size);
			for (const operation of this.#operations) operation(output);
			return output.get();
		}
	};
}

/** Styles that go on over a line's end are Ink's affair. */
const standsAlone = (x: number, text: string): boolean => Number.isInteger(x) && x >= 0 && !(text.includes('\n') && text.includes('\u001b'));

/** Undefined where two segments lie over each other. */
function joinRows(rows: readonly Segment[][]): readonly string[] | undefined {
	const joined: string[] = [];
	for (const segments of rows) {
		let text = '';
		let end = 0;
		for (const segment of segments.length > 1 ? segments.toSorted((a, b) => a.x - b.x) : segments) {
			if (segment.x < end) return undefined;
			text += ' '.repeat(segment.x - end) + segment.text;
			end = segment.x + segment.width;
		}
		joined.push(text.trimEnd());
	}
	return joined;
}
