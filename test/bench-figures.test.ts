import {expect, it} from 'vitest';

type Read = {
	readonly atMs: number;
	readonly bytes: number;
	readonly isChanged: boolean;
	readonly wipes: number;
	readonly flashed: number;
	readonly endsFrame: boolean;
};
type Terminal = {readonly columns: number; readonly rows: number; readonly records: readonly object[]};

/** Plain JavaScript, as all scripts. */
const {replay, keyLatencies, steadyFigures} = (await import(new URL('../scripts/bench/figures.mjs', import.meta.url).href)) as {
	readonly replay: (terminal: Terminal) => Promise<readonly Read[]>;
	readonly keyLatencies: (terminal: Terminal, reads: readonly Read[], options?: {readonly mayIgnore: boolean}) => readonly number[];
	readonly steadyFigures: (reads: readonly Read[], fromMs: number, toMs: number) => Readonly<Record<string, number>>;
};

const {judged} = (await import(new URL('../scripts/bench/targets.mjs', import.meta.url).href)) as {
	readonly judged: (measured: object, asked: readonly string[]) => readonly {readonly name: string; readonly isKept: boolean}[];
};

const at = (output: number, text: string) => ({output, bytes: Buffer.from(text).toString('base64')});
const terminal = (...records: readonly object[]): Terminal => ({columns: 20, rows: 4, records});

it('counts cells that are erased and written again as they were, within a frame and not beyond it', async () => {
	const reads = await replay(
		terminal(
			at(0, '\u001B[?25l\u001B[1;1Hhello wörld'),
			// The blank between the words cannot flash; the last letter is another one.
			at(100, '\u001B[1;1H\u001B[K'),
			at(103, 'hello wörls'),
			at(200, '\u001B[1;1H\u001B[2K'),
			at(300, 'hello wörls'),
		),
	);
	expect(reads.map(({flashed}) => flashed)).toEqual([0, 0, 9, 0, 0]);
});

it('knows a change of colour from a frame that changes nothing', async () => {
	const reads = await replay(
		terminal(
			at(0, '\u001B[?25l\u001B[1;1Habc'),
			at(100, '\u001B[1;1Habc'),
			at(200, '\u001B[1;1H\u001B[31mabc'),
			at(300, '\u001B[1;1H\u001B[38;2;1;2;3mabc\u001B[0m'),
			at(400, '\u001B[1;1H\u001B[2Jabc'),
		),
	);
	expect(reads.map(({isChanged}) => isChanged)).toEqual([true, false, true, true, true]);
	expect(steadyFigures(reads, 50, 450)).toMatchObject({idleBytes: 9, wipes: 1});
});

it('times a key until something is seen of it, also when the next one has come before that', async () => {
	const pressed = terminal(
		at(0, '\u001B[?25l\u001B[1;1H1'),
		{key: 100, text: 'j'},
		{key: 130, text: 'j'},
		at(110, '\u001B[1;1H1'),
		at(150, '\u001B[1;1H3'),
		{key: 200, text: 'j'},
		at(204, '\u001B[1;1H4'),
	);
	expect(keyLatencies(pressed, await replay(pressed))).toEqual([50, 20, 4]);
	expect(keyLatencies(pressed, await replay(pressed), {mayIgnore: true})).toEqual([20, 4]);
});

it('does not keep a promise that could not be measured, and says nothing of one that nobody asked for', () => {
	const verdicts = judged({demo: {cpuPercent: 1}, nodes: [{major: 20, why: 'no network'}]}, ['demo', 'nodes']);
	const told = Object.fromEntries(verdicts.map(({name, isKept}) => [name, isKept]));
	expect(told).toMatchObject({
		"The demo's traffic, 120x40: CPU at an interval of 1 s": true,
		"The demo's traffic, 120x40: a key to the first changed cell, p95": false,
		'First full paint with live data, beyond the floor of Node 20': false,
		'First full paint with live data, beyond the floor of Node 24': false,
	});
	expect(verdicts.filter(({name}) => name.startsWith('Eight hours'))).toEqual([]);
});
