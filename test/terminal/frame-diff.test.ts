import fc from 'fast-check';
import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {frameDiff, isTooWide} from '../../src/terminal/frame-diff.ts';
import {openScreen} from '../helpers/terminal.tsx';

const size = {columns: 10, rows: 4};
const bold = (text: string) => `\u001B[1;7m${text}\u001B[27;22m`;

/** What a terminal shows that was written these texts in turn, attributes included. */
async function shown(...outputs: readonly string[]) {
	const screen = openScreen(size);
	for (const output of outputs) screen.stdout.write(output);
	await screen.settle();
	return Array.from({length: size.rows}, (_, row) => screen.cells(row));
}

const steps: readonly (readonly [string, readonly string[], readonly string[]])[] = [
	['nothing changed', ['one', 'two'], ['one', 'two']],
	['one row', ['one', 'two', 'three'], ['one', 'TWO', 'three']],
	['a shorter row', ['a long one'], ['short']],
	['a row as wide as the screen', ['short'], ['0123456789']],
	['from a row as wide as the screen', ['0123456789', 'next'], ['012345678', 'next']],
	['the last row full', ['', '', '', '0123456789'], ['', '', '', '9876543210']],
	['fewer rows', ['one', 'two', 'three', 'four'], ['one']],
	['more rows', ['one'], ['one', 'two', 'three', 'four']],
	['more rows than there are', ['one'], ['1', '2', '3', '4', '5', '6']],
	['wide characters', ['漢字漢字漢'], ['a漢字b']],
	['wide characters to the edge', ['ab'], ['漢字漢字漢']],
	['half of a wide character overwritten', ['漢字'], ['a漢']],
	['attributes', [bold('one')], ['one']],
	['attributes that are left on', ['\u001B[7mone', 'two'], ['\u001B[7mONE', 'two']],
];

describe('frameDiff', () => {
	it.each(steps)('a terminal that shows the one frame shows the next: %s', async (_what, before, after) => {
		const whole = frameDiff(undefined, before, size);
		expect(await shown(whole, frameDiff(before, after, size))).toEqual(await shown(frameDiff(undefined, after, size)));
	});

	it('any frame after any other', async () => {
		const cell = fc.constantFrom('a', 'b', ' ', '漢', 'é', bold('c'));
		const row = fc.array(cell, {maxLength: 10}).map(cells => cells.reduce((text, next) => (stringWidth(text + next) > size.columns ? text : text + next), ''));
		const frame = fc.array(row, {maxLength: 5});
		const check = async (frames: readonly (readonly string[])[], last: readonly string[]) => {
			const all = [...frames, last];
			const outputs = all.map((next, index) => frameDiff(all[index - 1], next, size));
			expect(await shown(...outputs)).toEqual(await shown(frameDiff(undefined, last, size)));
		};
		await fc.assert(fc.asyncProperty(fc.array(frame, {maxLength: 3}), frame, check), {numRuns: 100});
	});

	it('writes each row at its place, so that nothing scrolls', async () => {
		const [first] = await shown(frameDiff(undefined, ['top', '', '', 'last', 'below'], size));
		expect(first?.map(({text}) => text).join('')).toBe('top');
	});

	it('covers whatever an unknown screen shows', async () => {
		const rubbish = `\u001B[41m${'rubbish '.repeat(5)}`;
		expect(await shown(rubbish, frameDiff(undefined, ['one'], size))).toEqual(await shown(frameDiff(undefined, ['one'], size)));
	});

	it('costs nothing where nothing changed, and nothing of the rows that stay', () => {
		expect(frameDiff(['one', 'two'], ['one', 'two'], size)).toBe('');
		expect(frameDiff(['one', 'two'], ['one', 'TWO'], size)).not.toContain('one');
	});
});

it.each([
	['0123456789', false],
	['0123456789a', true],
	['漢字漢字漢', false],
	['漢字漢字漢a', true],
	[bold('0123456789'), false],
])('knows which row would wrap: %s', (row, expected) => {
	expect(isTooWide(['', row], size)).toBe(expected);
});
