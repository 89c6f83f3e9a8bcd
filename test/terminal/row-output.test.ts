import fc from 'fast-check';
import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import InkOutput from '../../node_modules/ink/build/output.js';
import {rowOutput} from '../../src/terminal/row-output.ts';

const size = {width: 40, height: 6};
const text = fc.string({unit: fc.constantFrom('a', 'b', ' ', '漢', '│', '\ue000'), minLength: 1, maxLength: 12});
const styled = fc
	.tuple(fc.constantFrom('', '\u001b[1m', '\u001b[31m', '\u001b[7m'), text)
	.map(([style, shown]) => (style === '' ? shown : `${style}${shown}\u001b[0m`));
const shout = (row: string) => row.replaceAll('a', 'A');
const write = fc.record({
	x: fc.integer({min: 0, max: 30}),
	y: fc.integer({min: -1, max: 7}),
	text: fc.oneof(
		styled,
		fc.tuple(text, text).map(lines => lines.join('\n')),
	),
	transformers: fc.constantFrom([], [shout]),
});
type Write = typeof write extends fc.Arbitrary<infer T> ? T : never;

function drawnBy(Output: new (of: typeof size) => Pick<InkOutput, 'write' | 'get'>, writes: readonly Write[]) {
	const output = new Output(size);
	for (const {x, y, text: shown, transformers} of writes) output.write(x, y, shown, {transformers: [...transformers]});
	return output.get();
}

/** What a terminal would show, cell by cell: the styles in force with each character. */
function cellsOf(frame: string): readonly string[] {
	let style = '';
	return [...frame.matchAll(/\u001b\[([0-9;]*)m|(.)/gsu)].flatMap(([, codes, character]) => {
		if (codes !== undefined) {
			style = /^(0|22|27|39|49)?$/.test(codes) ? '' : codes;
			return [];
		}
		return character === '\n' ? ['\n'] : [`${style}${character}`];
	});
}

class NeverInk extends InkOutput {
	override get(): never {
		throw new Error('left to Ink');
	}
}

describe('rowOutput', () => {
	it('draws what Ink draws, whatever lies over what', () => {
		fc.assert(
			fc.property(fc.array(write, {maxLength: 6}), writes => {
				const [ours, inks] = [drawnBy(rowOutput(InkOutput, stringWidth), writes), drawnBy(InkOutput, writes)];
				expect(ours.height).toBe(inks.height);
				expect(cellsOf(ours.output)).toEqual(cellsOf(inks.output));
			}),
			{numRuns: 500},
		);
	});

	it('does so itself where texts stand beside each other', () => {
		const output = drawnBy(rowOutput(NeverInk, stringWidth), [
			{x: 20, y: 1, text: '\u001b[31mright\u001b[0m', transformers: []},
			{x: 2, y: 1, text: '漢', transformers: []},
			{x: 0, y: 2, text: 'two\nrows', transformers: []},
		]);
		expect(output.output).toBe(`\n  漢${' '.repeat(16)}\u001b[31mright\u001b[0m\ntwo\nrows\n\n`);
	});

	it('leaves what is clipped to Ink', () => {
		const Output = rowOutput(InkOutput, stringWidth);
		const output = new Output(size);
		output.clip({x1: 0, x2: 3, y1: 0, y2: 1});
		output.write(0, 0, 'abcdef\nx', {transformers: []});
		output.unclip();
		output.write(0, 1, 'below', {transformers: []});
		expect(output.get().output).toBe('abc\nbelow\n\n\n\n');
	});
});
