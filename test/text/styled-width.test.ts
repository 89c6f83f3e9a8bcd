import fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, it} from 'vitest';
import {RowCodes} from '../../src/text/row-codes.ts';
import {toVisible} from '../../src/text/safe-text.ts';
import {styledWidth} from '../../src/text/styled-width.ts';
import {foreignText} from '../helpers/foreign-text.ts';

const styles = fc.constantFrom('', '\u001b[0m', '\u001b[1;31;7m', '\u001b[38;5;200m');

it('says what string-width says of any text that has been made visible, styles or none', () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(styles, foreignText), {maxLength: 5}), parts => {
			const text = parts.map(([style, foreign]) => style + toVisible(foreign)).join('');
			expect(styledWidth(text)).toBe(stringWidth(text));
		}),
	);
});

it('says what string-width says of every code of a row', () => {
	const codes = new RowCodes();
	for (let row = 0; row < 6400; row++) {
		const code = codes.codeFor(`${row}`, 4);
		expect([styledWidth(code), stringWidth(code)]).toEqual([1, 1]);
	}
});
