import fc from 'fast-check';
import {expect, it} from 'vitest';
import {cellWidth, toVisible} from '../../src/text/safe-text.ts';
import {cutMiddle} from '../../src/text/shorten.ts';

it.each([
	['/home/alice/state/x.json', 24, '/home/alice/state/x.json'],
	['/home/alice/state/x.json', 23, '/home…lice/state/x.json'],
	['/home/alice/state/x.json', 12, '/h…te/x.json'],
	['/home/alice/state/x.json', 1, '/'],
	['/home/alice/state/x.json', 0, ''],
	['日本語日本語日本語', 10, '日…日本語'],
])('%s in %i cells', (text, width, expected) => {
	expect(cutMiddle(text, width, '…')).toBe(expected);
});

it('never takes more cells than there are, and loses nothing that fits', () => {
	fc.assert(
		fc.property(fc.string({unit: 'grapheme'}), fc.nat(40), (text, width) => {
			const short = cutMiddle(text, width, '~');
			expect(cellWidth(short)).toBeLessThanOrEqual(width);
			if (cellWidth(text) <= width) expect(short).toBe(toVisible(text));
		}),
	);
});
