const unicode = {
	ellipsis: '…',
	none: '–',
	selected: '▸',
	marked: '●',
	descending: '▾',
	ascending: '▴',
	times: '×',
	dot: '·',
	done: '✓',
	failed: '✗',
	plusMinus: '±',
	cursor: '█',
	up: '▲',
	down: '▼',
	play: '▶',
	pause: '‖',
};

/** The signs the console draws itself. Views take them from here, so that `--ascii` needs no second layout: each is one cell wide in both. */
export type Glyphs = Readonly<typeof unicode>;

const ascii: Glyphs = {
	ellipsis: '~',
	none: '-',
	selected: '>',
	marked: '*',
	descending: 'v',
	ascending: '^',
	times: 'x',
	dot: '.',
	done: '+',
	failed: '!',
	plusMinus: '~',
	cursor: '_',
	up: '^',
	down: 'v',
	play: '>',
	pause: '=',
};

/** The signs for this terminal. */
export const glyphsFor = (isAscii: boolean): Glyphs => (isAscii ? ascii : unicode);
