import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {keyBytes, keyText} from '../../src/text/key-text.ts';

describe('a name on the screen', () => {
	it('is what it was written as', () => {
		fc.assert(
			fc.property(
				fc.string({unit: 'grapheme', maxLength: 60}).filter(text => !text.includes('\ufffd')),
				text => {
					expect(keyText(keyBytes(text))).toBe(text);
				},
			),
		);
	});

	it('shows bytes that are no UTF-8 as redis-cli does', () => {
		expect(keyText('\u00ac\u00ed:users')).toBe('\\xac\\xed:users');
	});

	it('is cut where it is endless', () => {
		expect(keyText('x'.repeat(10_000))).toHaveLength(515);
	});
});
