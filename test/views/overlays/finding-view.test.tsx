import {describe, expect, it} from 'vitest';
import {App} from '../../../src/app.tsx';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {Finding} from '../../../src/store/finding.ts';
import type {ActionStatus} from '../../../src/store/store.ts';
import {uiCommands} from '../../../src/store/ui-commands.ts';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {withinFinding} from '../../../src/views/overlays/finding-layout.ts';
import {noonMs, stateWith, storeWith} from '../../helpers/fixtures.ts';
import {hostilePieces} from '../../helpers/foreign-text.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

const action = (id: string, change: Partial<ActionStatus> = {}): ActionStatus => ({
	id,
	title: `Do ${id}`,
	danger: 'disruptive',
	sends: `${id.toUpperCase()} now`,
	pane: 'queues',
	refusal: undefined,
	needsChoice: false,
	isReadOnly: false,
	takesRow: true,
	asks: false,
	...change,
});

const why = 'refused here: this user may not run SCRIPT KILL, and nobody else is connected who could do it instead of them';
const actions = [action('resume'), action('retry', {refusal: why}), action('choose', {refusal: 'choose a client first', needsChoice: true})];

const finding = (change: Partial<Finding> = {}): Finding => ({
	id: 'queue.stalled',
	severity: 'P1',
	title: '12 jobs of orders are active and held by nobody',
	evidence: 'orders: 12 of 40 active jobs held by nobody (7, 8, 9 …)',
	meaning: ['Their worker was killed or lost its connection.', 'The job may still be running.'],
	components: ['orders', 'mails'],
	remedies: ['not.built', 'resume', 'retry', 'choose'],
	steps: ['Start a worker of the queue', 'See whether a worker is at full CPU'],
	over: 'every active job is held by a worker again',
	...change,
});

const others: readonly Finding[] = [finding({id: 'first', title: 'first'}), finding({id: 'third', title: 'third'})];

type Shown = {
	readonly open?: Finding;
	readonly index?: number;
	readonly offset?: number;
	readonly ascii?: boolean;
	readonly isOpen?: boolean;
	readonly findings?: readonly Finding[];
};
type Size = readonly [columns: number, rows: number];

function stateOf([columns, rows]: Size, {open = finding(), index = 0, offset = 0, isOpen = true, findings}: Shown) {
	const overlay = isOpen ? ({kind: 'finding', findingId: open.id, index, offset} as const) : undefined;
	const [first, third] = others;
	const all = findings ?? [first ?? open, open, third ?? open];
	return {findings: all, actions, ui: {...stateWith().ui, size: {columns, rows}, walked: {findingId: open.id, atMs: noonMs}, overlay}};
}

async function screen(size: Size, shown: Shown = {}): Promise<readonly string[]> {
	const terminal = openTerminal(
		<StoreContext.Provider value={storeWith(stateOf(size, shown))}>
			<ThemeContext.Provider value={{colour: true, ascii: shown.ascii ?? false}}>
				<App onKeys={() => {}} onPaste={() => {}} />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{columns: size[0], rows: size[1]},
	);
	await terminal.settle();
	const rows = terminal.frame().split('\n');
	terminal.unmount();
	return rows;
}

const words = (rows: readonly string[]) => rows.join(' ').replace(/\s+/g, ' ');
const sizes: readonly Size[] = [
	[60, 16],
	[80, 24],
	[120, 40],
	[200, 60],
];

type Place = Required<Pick<Shown, 'index' | 'offset'>>;

/** Where these keys lead to in the open finding. */
function pressed(size: Size, shown: Shown, ...commands: readonly string[]): Place {
	let at = {index: 0, offset: 0, ...shown};
	for (const command of commands) {
		const state = stateWith(stateOf(size, {...shown, ...at}));
		const next = uiCommands[command]?.(state).overlay;
		if (next?.kind === 'finding') at = withinFinding(state, next);
	}
	return {index: at.index, offset: at.offset};
}

const isAt = (one: Place, other: Place | undefined) => one.index === other?.index && one.offset === other.offset;
const down = (count: number) => Array.from({length: count}, () => 'scroll.down');
const up = (count: number) => Array.from({length: count}, () => 'scroll.up');

/** What is shown on the way from the first remedy to the last row. */
async function walked(size: Size, shown: Shown = {}): Promise<string> {
	const places = [pressed(size, shown)];
	for (let next = pressed(size, shown, 'scroll.down'); !isAt(next, places.at(-1)); next = pressed(size, {...shown, ...next}, 'scroll.down')) places.push(next);
	const screens = await Promise.all(places.map(at => screen(size, {...shown, ...at})));
	return words(screens.flat());
}

describe.each(sizes)('at %ix%i', (...size) => {
	it('says everything, on the way down where it does not fit', async () => {
		const text = await walked(size);
		for (const part of ['evidence', 'by hand 1. Start a worker', '2. See whether', 'meaning Their worker', 'affects orders, mails', 'ends when every'])
			expect(text).toContain(part);
		for (const part of ['Do resume', 'ready: Enter', 'Do retry', 'Enter: choose which', 'queue.stalled', '2 of 3']) expect(text).toContain(part);
		expect(text).not.toContain('not.built');
	});

	it('shows the remedy under the cursor, and why it cannot be chosen', async () => {
		const text = words(await screen(size, {index: 1}));
		expect(text).toMatch(/▸[^▸]*Do retry/);
		expect(text.replace(/ (│|remedies)/g, '')).toContain('refused here: this user may not run SCRIPT KILL');
	});

	it('shows what Enter runs, wherever it is scrolled to: up moves the marker at once', async () => {
		const remedies = ['resume', 'retry', 'choose'];
		for (const [commands, index] of [
			[down(40), 2],
			[[...down(4), ...up(2)], 0],
			[['scroll.page-down', 'scroll.page-down'], 0],
			[['scroll.page-down', ...down(1)], 1],
		] as const) {
			const at = pressed(size, {}, ...commands);
			expect(at.index).toBe(index);
			const rows = (await screen(size, at)).filter(row => row.includes('▸') && !row.includes(' P1 '));
			expect(rows).toHaveLength(1);
			expect(rows[0]).toContain(`Do ${remedies[index]}`);
		}
	});

	it('goes back to its first row', () => expect(pressed(size, {}, ...down(40), ...up(40))).toEqual({index: 0, offset: 0}));

	it('is not cut, and keeps first and last row', async () => {
		const rows = await screen(size, pressed(size, {}, ...down(40)));
		expect(rows).toHaveLength(size[1]);
		expect(rows.at(-1)).toContain('Esc back');
		expect(words(rows)).toContain('ends when every active job');
	});

	it('writes nothing but ASCII with --ascii', async () => {
		const plain = finding({evidence: 'orders: 12 of 40', remedies: []});
		for (const remedies of [[], ['resume']]) expect((await screen(size, {open: {...plain, remedies}, ascii: true})).join('\n')).toMatch(/^[\n\x20-\x7E]*$/);
	});

	it('lets no foreign text out of its row', async () => {
		const hostile = finding({title: hostilePieces.join(' '), evidence: hostilePieces.join(' '), components: hostilePieces, steps: hostilePieces});
		const rows = await screen(size, {open: hostile});
		expect(rows).toHaveLength(size[1]);
		expect(rows.at(-1)).toContain('Esc back');
	});
});

it.each([
	['remedies that are all to come', finding({remedies: ['not.built']}), 'remedies none that the console can send: below is what helps'],
	['none at all', finding({remedies: [], steps: []}), 'remedies none that the console can send: below is what helps'],
])('%s: says so, and offers no key for it', async (_what, open, text) => {
	const rows = await screen([120, 40], {open});
	expect(words(rows)).toContain(text);
	expect(rows.at(-1)).not.toContain('remedy');
});

it('says that it has ended', async () => {
	expect(words(await screen([80, 24], {findings: others}))).toContain('queue.stalled has ended Esc back');
});

describe('the strip', () => {
	it.each(sizes)('at %ix%i says which of how many it shows', async (...size) => {
		const strip = (await screen(size, {isOpen: false})).find(row => row.includes(' P1 '));
		expect(strip).toMatch(/12 jobs of orders are active and held.* F .*2( of |\/)3 f/);
		// On the smallest screen the words of the finding count more than those behind the key.
		expect(strip?.includes('F what to do')).toBe(size[0] >= 80);
	});

	it('counts no single finding', async () => {
		const open = finding({remedies: ['resume']});
		expect((await screen([120, 40], {open, findings: [open], isOpen: false})).find(row => row.includes(' P1 '))).toMatch(/F do resume *$/);
	});
});

describe('f', () => {
	const next = (shown: Shown) => {
		const state = stateWith(stateOf([80, 24], shown));
		return uiCommands['finding.next']?.(state);
	};

	it('goes on from the open one, wherever it stands by now', () => {
		expect(next({})).toMatchObject({walked: {findingId: 'third'}, overlay: {findingId: 'third', index: 0, offset: 0}});
	});

	it('walks the strip where none is open', () => {
		expect(next({isOpen: false})).toEqual({walked: {findingId: 'third', atMs: noonMs}});
	});
});
