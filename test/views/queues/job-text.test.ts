import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {cellWidth} from '../../../src/text/safe-text.ts';
import {breakText, indentJson} from '../../../src/views/queues/job-text.ts';

describe('breaking', () => {
	it.each([
		['a\nb\r\nc', ['a', 'b', 'c']],
		['\tat b:1', ['  at b:1']],
		['0123456789abcdef', ['0123456789', 'abcdef']],
		['', ['']],
		['\u001b[2J', ['␛[2J']],
	])('%j', (text, lines) => expect(breakText(text, 10, false)).toEqual(lines));

	it('never makes a line that is too wide, and loses nothing', () => {
		fc.assert(
			fc.property(fc.string({unit: 'binary'}), fc.integer({min: 10, max: 40}), fc.boolean(), (text, width, ascii) => {
				const lines = breakText(text, width, ascii);
				expect(lines.every(row => cellWidth(row, {ascii}) <= width)).toBe(true);
			}),
		);
	});

	it('takes no time over the largest text that is fetched', () => {
		const startedMs = performance.now();
		breakText('漢x'.repeat(32_768), 80, false);
		expect(performance.now() - startedMs).toBeLessThan(1000);
	});
});

describe('JSON', () => {
	it.each([
		['{"a":1,"b":[1,2]}', '{\n  "a": 1,\n  "b": [\n    1,\n    2\n  ]\n}'],
		['{"a":{},"b":[]}', '{\n  "a": {},\n  "b": []\n}'],
		['{"a": "x, {y}: \\"z\\""}', '{\n  "a": "x, {y}: \\"z\\""\n}'],
		['12345678901234567890', '12345678901234567890'],
		['{"id":12345678901234567890,"id":1.0}', '{\n  "id": 12345678901234567890,\n  "id": 1.0\n}'],
		['not json {', 'not json {'],
		['', ''],
	])('%s', (text, expected) => expect(indentJson(text)).toBe(expected));

	it('is only given blanks and line ends', () => {
		fc.assert(
			fc.property(fc.json(), text => {
				expect(JSON.parse(indentJson(text))).toEqual(JSON.parse(text));
				expect(indentJson(indentJson(text))).toBe(indentJson(text));
			}),
		);
	});
});
