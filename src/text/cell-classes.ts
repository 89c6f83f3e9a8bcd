/** What one code point does to a terminal row: not to be printed, one cell, two cells, or drawn over the letter before it. */
export type CellClass = 'unsafe' | 'narrow' | 'wide' | 'mark';

const classes = ['unsafe', 'narrow', 'wide', 'mark'] as const satisfies readonly CellClass[];

/*
 * An allowlist, not a blocklist: what is absent is shown as its number. A code point is in only if string-width 8 (which lays out
 * Ink's rows), xterm's default table (Unicode 6) and tmux 3.3 advance the same number of cells: each one listed was measured
 * in all three. Fixed here instead of \p{…}, because each Node brings another Unicode version and the terminal at the far end keeps its own.
 * Left out although they agree: every blank but U+0020 (it looks like one), right-to-left scripts (VTE, Konsole and Terminal.app
 * reorder the cells around them), scripts that are joined or stacked across cells, private use, and marks that reach into the next cell.
 */
const narrowRanges =
	// Latin, phonetic, Greek, Cyrillic, Armenian, Thai, Georgian
	'20-7e a1-ac ae-2ff 370-377 37a-37f 384-38a 38c 38e-3a1 3a3-482 48a-52f 531-556 559-58a 58d-58f e01-e30 e32 e3f-e46 e4f-e5b 10d0-10ff 1d00-1dbf ' +
	'1e00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe ' +
	// Punctuation, currency, arrows, mathematics, boxes, symbols without the emoji that newer tables made wide
	'2010-2027 2030-205e 2070-2071 2074-208e 2090-209c 20a0-20bf 2100-218b 2190-2319 231c-2328 232b-23e8 23ed-23ef 23f1-23f2 23f4-23fe 2400-2426 2440-244a ' +
	'2460-25fc 25ff-2613 2616-262f 2638-2647 2654-267e 2680-2689 2690-2692 2694-26a0 26a2-26a9 26ac-26bc 26bf-26c3 26c6-26cd 26cf-26d3 26d5-26e9 26eb-26f1 ' +
	'26f4 26f6-26f9 26fb-26fc 26fe-2704 2706-2709 270c-2727 2729-274b 274d 274f-2752 2756 2758-2794 2798-27af 27b1-27be 27c0-27ff 2801-2b1a 2c60-2c7f a720-a78c ' +
	// Latin ligatures, halfwidth forms, and the sign a decoder puts for bytes that are no UTF-8
	'fb00-fb06 ff61-ff9f ffe8-ffee fffd';
const wideRanges =
	'2e80-2e99 2e9b-2ef3 2f00-2fd5 3001-3029 3030-303e 3041-3096 309b-30ff 3105-312d 3131-3163 3165-318e 3190-31ba 31c0-31e3 31f0-321e 3220-3247 3250-32fe ' +
	'3300-4db5 4e00-9fcc a000-a48c ac00-d7a3 f900-fa6d fa70-fad9 ff01-ff60 ffe0-ffe6';
const markRanges = '300-34e 350-35b 363-36f 483-486 e31 e34-e3a e47-e4e 3099-309a';
/** Han ideographs beyond 16 bits: extensions B to E and the compatibility supplement, as first and last code point. */
const astralWide: readonly (readonly [number, number])[] = [
	[0x20000, 0x2a6d6],
	[0x2a700, 0x2b734],
	[0x2b740, 0x2b81d],
	[0x2b820, 0x2cea1],
	[0x2f800, 0x2fa1d],
];

let table: Uint8Array | undefined;

/** The class of a code point (0 to 0x10ffff; a lone surrogate is unsafe). */
export function cellClass(codePoint: number): CellClass {
	// Built when first needed: a screen of plain ASCII, and the start of the program, never pay for it.
	table ??= buildTable();
	if (codePoint < table.length) return classes[table[codePoint] ?? 0] ?? 'unsafe';
	return astralWide.some(([first, last]) => codePoint >= first && codePoint <= last) ? 'wide' : 'unsafe';
}

function buildTable(): Uint8Array {
	const built = new Uint8Array(0x10000);
	for (const [ranges, name] of [
		[narrowRanges, 'narrow'],
		[wideRanges, 'wide'],
		[markRanges, 'mark'],
	] as const) {
		for (const range of ranges.split(' ')) {
			const [first = '', last = first] = range.split('-');
			built.fill(classes.indexOf(name), Number.parseInt(first, 16), Number.parseInt(last, 16) + 1);
		}
	}
	return built;
}
