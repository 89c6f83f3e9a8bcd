import {describe, expect, it} from 'vitest';
import {App} from '../src/app.tsx';
import {StoreContext} from '../src/hooks/use-console.ts';
import {emptyResource, failed, type Resource, received, refused} from '../src/store/resource.ts';
import type {Snapshot} from '../src/store/snapshot.ts';
import {noSurvey} from '../src/store/survey.ts';
import {type PaneName, paneNames, type ViewName} from '../src/store/ui.ts';
import type {RowCodes} from '../src/text/row-codes.ts';
import {RowCodesContext} from '../src/views/kit/rows.tsx';
import {ThemeContext} from '../src/views/kit/theme.tsx';
import {client, noonMs, type StateParts, slowlogEntry, stateWith, storeWith} from './helpers/fixtures.ts';
import {queueStatus} from './helpers/queue-status.ts';
import {openTerminal, type ScreenCell} from './helpers/terminal.tsx';
import {fullInfo, fullStats, growingHistory, shown, surveyed} from './views/memory/memory-fixtures.ts';

const sizes = [
	[60, 16],
	[80, 24],
	[120, 40],
	[200, 60],
] as const;
const views: readonly ViewName[] = ['overview', ...paneNames];

const crowd = Array.from({length: 120}, (_, index) => client({id: String(index + 100), name: `worker-${index}`, address: `10.0.0.${index}:${5000 + index}`}));
const log = Array.from({length: 60}, (_, index) => slowlogEntry({id: index, args: ['HGETALL', `session:${index}`]}));
const queues = Array.from({length: 30}, (_, index) =>
	queueStatus({id: `bull:queue-${index}`, name: `queue-${index}`, waiting: 12_041 - index, failed: index, delayed: 800, overdue: 12}),
);
const replicas = [
	{address: '10.0.0.8:6379', state: 'online', offset: 1000, lagSeconds: 0},
	{address: '10.0.0.9:6379', state: 'online', offset: 400, lagSeconds: 4},
];
const events = Array.from({length: 50}, (_, index) => ({
	id: index + 1,
	atMs: noonMs - 60_000 + index,
	kind: 'found' as const,
	severity: 'P1' as const,
	text: `memory.high: used memory is at ${index} %`,
	details: ['evidence'],
}));

const data: StateParts = {
	info: {...fullInfo, replicas, connectedReplicas: 2, masterReplOffset: 1000},
	clients: crowd,
	slowlog: log,
	timeline: events,
	survey: shown(surveyed),
	snapshot: {
		history: growingHistory(150_000),
		memoryStats: fullStats,
		queues: received(queues, noonMs),
		queueSearch: {phase: 'ended', keys: 120_000, endedAtMs: noonMs - 40_000, isComplete: true, unknown: []},
	},
};

/** The five states of a pane; `change` is made to every resource of the snapshot with data. */
function withResources(change: <T>(resource: Resource<T>) => Resource<T>): StateParts {
	const {snapshot} = stateWith(data);
	const resources: Partial<Snapshot> = {
		info: change(snapshot.info),
		clients: change(snapshot.clients),
		slowlog: change(snapshot.slowlog),
		queues: change(snapshot.queues),
	};
	return {...data, snapshot: {...data.snapshot, ...resources}};
}

const noperm = "NOPERM this user has no permissions to run the 'info' command";
const states: Readonly<Record<string, StateParts>> = {
	loading: {...withResources(() => emptyResource), survey: noSurvey, timeline: [], server: {kind: 'CONNECTING'}},
	empty: {
		info: {replicas: [], connectedReplicas: 0},
		clients: [],
		slowlog: [],
		snapshot: {queues: received([], noonMs), queueSearch: {phase: 'ended', keys: 0, endedAtMs: noonMs, isComplete: true, unknown: []}},
	},
	data,
	stale: {...withResources(resource => ({...failed(resource, 'no reply'), updatedAtMs: noonMs - 90_000})), server: {kind: 'SILENT', sinceMs: noonMs - 90_000}},
	refused: withResources(() => refused(emptyResource, 'INFO', noperm)),
};

async function screenOf(
	parts: StateParts,
	view: ViewName,
	[columns, rows]: readonly [number, number],
	theme = {colour: true, ascii: false},
	codes?: Pick<RowCodes, 'codeFor'>,
) {
	const focus: PaneName = view === 'overview' ? 'scripts' : view;
	const store = storeWith({...parts, ui: {view, focus, size: {columns, rows}}});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ThemeContext.Provider value={theme}>
				<RowCodesContext.Provider value={codes}>
					<App onKeys={() => {}} onPaste={() => {}} />
				</RowCodesContext.Provider>
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{columns, rows},
	);
	await terminal.settle();
	const screen = terminal
		.frame()
		.split('\n')
		.map(row => row.trimEnd());
	const cells = screen.flatMap((_, row) => terminal.cells(row));
	terminal.unmount();
	return {screen, cells};
}

/** What each pane says of each state, below the tabs: the frame around it says other things with the same words. `overview` shows the first pane at least. */
const says: Readonly<Record<string, Readonly<Record<ViewName, RegExp>>>> = {
	loading: {
		overview: /loading|Not read yet/,
		scripts: /Not read yet/,
		clients: /Not read yet/,
		memory: /Not read yet/,
		queues: /Not read yet|not searched|loading/,
		ha: /Not read yet/,
		timeline: /Nothing has happened/,
	},
	empty: {
		overview: /slowlog is empty/,
		scripts: /slowlog is empty/,
		clients: /No clients/,
		memory: /Not surveyed/,
		queues: /No (job )?queues?/i,
		ha: /no replica/,
		timeline: /Nothing has happened/,
	},
	data: {
		overview: /HGETALL/,
		scripts: /HGETALL/,
		clients: /worker-1 /,
		memory: /bull:publishing|3\.6G of 4\.0G/,
		queues: /queue-0 /,
		ha: /10\.0\.0\.8:6379/,
		timeline: /memory\.high/,
	},
	stale: {
		overview: /stale: 1m30s old/,
		scripts: /stale: 1m30s old/,
		clients: /stale: 1m30s old/,
		memory: /stale: 1m30s old/,
		queues: /stale: 1m30s old/,
		ha: /stale: 1m30s old|as of 11:58:30Z/,
		timeline: /memory\.high/,
	},
	refused: {
		overview: /refused: INFO/,
		scripts: /refused: INFO/,
		clients: /refused: INFO/,
		memory: /refused: INFO/,
		queues: /refused: INFO/,
		ha: /refused: INFO|INFO is refused/,
		timeline: /memory\.high/,
	},
};

describe.each(sizes)('at %ix%i', (columns, rows) => {
	describe.each(Object.keys(states))('%s', state => {
		it.each(views)('%s: whole, and the pane itself says so', async view => {
			const {screen} = await screenOf(states[state] ?? {}, view, [columns, rows]);
			expect(screen).toHaveLength(rows);
			expect(screen[0]).toContain('cache');
			expect(screen.at(-1)).toContain('q quit');
			// Identity, vitals, finding, tabs.
			const pane = screen.slice(rows >= 30 && columns >= 100 ? 5 : 4).join('\n');
			expect(pane).toMatch(says[state]?.[view] ?? /^$/);
		});
	});

	it.each(views)('%s: every row that is drawn arrives, none is clipped', async view => {
		const given = new Map<string, string>();
		const codeFor = (text: string) => {
			const code = String.fromCharCode(0xe000 + given.size);
			given.set(code, text);
			return code;
		};
		const {screen} = await screenOf(data, view, [columns, rows], {colour: true, ascii: false}, {codeFor});
		const seen = screen.join('');
		expect(given.size).toBeGreaterThan(10);
		expect([...given].filter(([code]) => !seen.includes(code)).map(([, text]) => text)).toEqual([]);
	});

	it.each(views)('%s with data: nothing but ASCII with --ascii', async view => {
		const {screen} = await screenOf(data, view, [columns, rows], {colour: true, ascii: true});
		expect(screen.join('\n')).toMatch(/^[\n\x20-\x7E]*$/);
	});

	it.each(views)('%s with data: no colour where none is wanted, and the same words', async view => {
		const plain = await screenOf(data, view, [columns, rows], {colour: false, ascii: false});
		const coloured = await screenOf(data, view, [columns, rows]);
		expect(plain.cells.filter(hasColour)).toEqual([]);
		expect(coloured.cells.some(hasColour)).toBe(true);
		expect(plain.screen).toEqual(coloured.screen);
	});

	it.each(views)('%s with data: of the sixteen colours those that can be read on light and on dark', async view => {
		const {cells} = await screenOf(data, view, [columns, rows]);
		const used = new Set(cells.flatMap(({foreground, background}) => [foreground, background]));
		// Red, green, blue, magenta, cyan; the terminal's own.
		for (const colour of used) expect([undefined, 1, 2, 4, 5, 6]).toContain(colour);
	});
});

const hasColour = ({foreground, background}: ScreenCell): boolean => foreground !== undefined || background !== undefined;

describe('the overview', () => {
	const titles = ['1 Scripts', '2 Clients', '3 Memory', '4 Queues'];
	const framed = async (size: readonly [number, number], focus: PaneName) => {
		const store = storeWith({...data, ui: {view: 'overview', focus, size: {columns: size[0], rows: size[1]}}});
		const terminal = openTerminal(
			<StoreContext.Provider value={store}>
				<App onKeys={() => {}} onPaste={() => {}} />
			</StoreContext.Provider>,
			{columns: size[0], rows: size[1]},
		);
		await terminal.settle();
		const screen = terminal.frame();
		terminal.unmount();
		return titles.filter(title => new RegExp(`[┌╔] ${title} `).test(screen));
	};

	it.each([
		[[120, 40], 'scripts', titles],
		[[200, 60], 'queues', titles],
		[[120, 26], 'scripts', titles.slice(0, 2)],
		[[120, 26], 'queues', titles.slice(2)],
		[[80, 24], 'scripts', []],
	] as const)('at %j with the focus on %s has %j', async (size, focus, expected) => {
		expect(await framed(size, focus)).toEqual(expected);
	});
});
