import fc from 'fast-check';
import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {RowCodes} from '../../src/text/row-codes.ts';

const cells = (length: number) =>
	fc.string({minLength: length, maxLength: length, unit: fc.constantFrom('a', ' ', '漢', '│')}).map(text => `\u001b[31m${text}\u001b[0m`);

describe('RowCodes', () => {
	it('has a code of one cell, the same for the same row', () => {
		const codes = new RowCodes();
		const code = codes.codeFor('\u001b[1mabc\u001b[0m', 3);
		expect(stringWidth(code)).toBe(1);
		expect(codes.codeFor('\u001b[1mabc\u001b[0m', 3)).toBe(code);
		expect(codes.codeFor('abd', 3)).not.toBe(code);
		expect(codes.codeFor('\u001b[1mabc\u001b[0m', 4)).not.toBe(code);
	});

	it('puts rows back where their codes stand, in the place of code and blanks, and leaves the rest of the frame as it is', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({min: 1, max: 9}), {minLength: 1, maxLength: 4}), fc.infiniteStream(cells(9)), (widths, texts) => {
				const codes = new RowCodes();
				const rows = widths.map(width => ({width, text: texts.next().value?.slice(0, width) ?? ''}));
				const laidOut = rows.map(({text, width}) => codes.codeFor(text, width).padEnd(width)).join('');
				const meant = rows.map(({text}) => text).join('');
				expect(codes.unfold(`┌ a\n${laidOut}z \n${laidOut.trimEnd()}\n  b`)).toBe(`┌ a\n${meant}z \n${meant}\n  b`);
			}),
		);
	});

	it('uses a code again only when its row is in no frame any more', () => {
		const codes = new RowCodes();
		const kept = codes.codeFor('kept', 4);
		for (let frame = 0; frame < 8000; frame++) {
			const changed = codes.codeFor(`row ${frame}`, 9);
			expect(codes.unfold(`${kept}\n${changed}`)).toBe(`kept\nrow ${frame}`);
		}
	});

	it('never gives two rows of one frame the same code, however many there have been', () => {
		const codes = new RowCodes();
		for (let frame = 0; frame < 100; frame++) {
			const rows = Array.from({length: 200}, (_, row) => `${frame}/${row}`);
			expect(codes.unfold(rows.map(row => codes.codeFor(row, 8)).join('\n'))).toBe(rows.join('\n'));
		}
	});

	it('says so when a frame has more rows than there are codes', () => {
		const codes = new RowCodes();
		expect(() => {
			for (let row = 0; row < 7000; row++) codes.codeFor(`${row}`, 4);
		}).toThrow('more than 6400 rows in one frame');
	});
});
