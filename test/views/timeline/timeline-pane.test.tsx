import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import {emptyResource, failed, received, refused} from '../../../src/store/resource.ts';
import type {Timeline, TimelineEvent} from '../../../src/store/timeline.ts';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {eventDetail} from '../../../src/views/timeline/event-detail.ts';
import {TimelinePane} from '../../../src/views/timeline/timeline-pane.tsx';
import {frozenAt, noonMs, type StateParts, serverInfo, stateWith, storeWith} from '../../helpers/fixtures.ts';
import {hostilePieces} from '../../helpers/foreign-text.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

type Shown = {
	readonly parts?: StateParts;
	readonly ascii?: boolean;
	readonly colour?: boolean;
	readonly isFramed?: boolean;
	readonly size?: readonly [columns: number, rows: number];
};

async function show({parts, ascii = false, colour = true, isFramed = false, size: [columns, rows] = [80, 18]}: Shown) {
	const terminal = openTerminal(
		<StoreContext.Provider value={storeWith(parts)}>
			<ThemeContext.Provider value={{colour, ascii}}>
				<TimelinePane width={columns} height={rows} isFramed={isFramed} isFocused />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{columns, rows},
	);
	await terminal.settle();
	return {frame: terminal.frame(), terminal};
}

const events = (...parts: readonly Partial<TimelineEvent>[]): Timeline =>
	parts.map((part, index) => ({
		id: index + 1,
		atMs: noonMs - 60_000 + index * 1000,
		kind: 'note',
		severity: undefined,
		text: `event ${index}`,
		details: [],
		...part,
	}));

const started: Partial<TimelineEvent> = {kind: 'console', text: 'Console started on cache'};
const opened: Partial<TimelineEvent> = {kind: 'state', text: 'OK after 0.1s of CONNECTING'};
const incident = events(
	started,
	opened,
	{kind: 'state', text: 'BUSY after 3m12s of OK'},
	{kind: 'found', severity: 'P0', text: 'script.busy: A script blocks', details: ['1,204 wait'], returns: {count: 3, lastAtMs: noonMs}},
	{kind: 'action', text: 'script.kill sent by alice: SCRIPT KILL', details: ['SCRIPT KILL', 'audit id run-1']},
	{kind: 'action', text: 'script.kill done: the script has ended', outcome: 'done'},
	{kind: 'over', severity: 'P0', text: 'script.busy is over: stood 2s'},
	{kind: 'link', text: 'Connected again'},
	{kind: 'server', text: 'The server was restarted'},
	{kind: 'note', text: 'Restarted the workers'},
);

type State = readonly [name: string, parts: StateParts, texts: readonly (string | RegExp)[]];
const states: readonly State[] = [
	[
		'loading',
		{timeline: events(started), server: {kind: 'CONNECTING'}, snapshot: {info: emptyResource}},
		['Console started on cache', 'Nothing has happened since 11:59:00Z'],
	],
	['empty', {timeline: []}, ['Nothing has happened yet', '0 events']],
	['quiet', {timeline: events(started, opened)}, ['OK after 0.1s of CONNECTING', 'Nothing has happened since 11:59:01Z']],
	['data', {timeline: incident}, [/11:59:03 +57s found +P0 +script\.busy/, /action +script\.kill done/, /note +Restarted the workers/]],
	[
		'stale',
		{timeline: incident, nowMs: noonMs + 60_000, snapshot: {info: failed(received(serverInfo(), noonMs), 'timeout')}, server: {kind: 'SILENT'}},
		[/11:59:03 +1m57s found/],
	],
	['refused', {timeline: incident, snapshot: {info: refused(emptyResource, 'INFO', 'NOPERM')}}, [/note +Restarted the workers/]],
];
const fullSizes = [
	[60, 12],
	[80, 18],
	[120, 33],
	[200, 53],
] as const;

describe.each(states)('%s', (_name, parts, texts) => {
	it.each(fullSizes)('at %ix%i', async (...size) => {
		const {frame} = await show({parts, size});
		const rows = frame.split('\n');
		expect(rows[0]).toMatch(/^ 6 Timeline .* newest first$/);
		expect(rows.length).toBeLessThanOrEqual(size[1]);
		expect(rows.filter(row => stringWidth(row) > size[0])).toEqual([]);
		for (const text of texts) expect(frame).toMatch(text);
	});

	it('in a frame', async () => {
		const {frame} = await show({parts, size: [100, 26], isFramed: true});
		const rows = frame.split('\n');
		expect(rows).toHaveLength(26);
		expect(rows.every(row => stringWidth(row) === 100)).toBe(true);
		for (const text of texts) expect(frame).toMatch(text);
	});

	it.each(fullSizes)('in ASCII and without colour at %ix%i', async (...size) => {
		const {frame, terminal} = await show({parts, size, ascii: true, colour: false});
		expect(frame).toMatch(/^[ -~\n]*$/);
		for (const text of texts) expect(frame).toMatch(text);
		const cells = Array.from({length: size[1]}, (_, row) => terminal.cells(row)).flat();
		expect(cells.every(cell => cell.foreground === undefined)).toBe(true);
	});
});

it('is read from the newest on', async () => {
	const {frame} = await show({parts: {timeline: incident}});
	expect(frame).toMatchInlineSnapshot(`
		" 6 Timeline                                             10 events  newest first
		  UTC▾        AGO KIND    SEV WHAT
		  11:59:09    51s note        Restarted the workers
		  11:59:08    52s server      The server was restarted
		  11:59:07    53s link        Connected again
		  11:59:06    54s over    P0  script.busy is over: stood 2s
		  11:59:05    55s action      script.kill done: the script has ended
		  11:59:04    56s action      script.kill sent by alice: SCRIPT KILL
		  11:59:03    57s found   P0  script.busy: A script blocks (back 3 times, last …
		  11:59:02    58s state       BUSY after 3m12s of OK
		  11:59:01    59s state       OK after 0.1s of CONNECTING
		  11:59:00  1m00s console     Console started on cache"
	`);
});

it('says the day of what was not today', async () => {
	const {frame} = await show({parts: {timeline: events({atMs: noonMs - 86_400_000, text: 'yesterday'}, {text: 'today'}), nowMs: noonMs}});
	expect(frame).toMatch(/^ {2}11:59:01 +59s note +today$|^ {2}12:00:00Z/m);
	expect(frame).toMatch(/2024-12-31 12:00:00 +1d note +yesterday/);
});

it.each<[string, StateParts, RegExp]>([
	['a filter', {panes: {timeline: {filter: 'kill'}}}, /2 events \/kill .*\n.*\n.*script\.kill done.*\n.*script\.kill sent/],
	['a severity', {panes: {timeline: {filter: 'P0 over'}}}, /1 event \/P0 over/],
	['a filter that nothing meets', {panes: {timeline: {filter: 'nowhere'}}}, /Nothing matches \/nowhere/],
	['the oldest first', {panes: {timeline: {sort: {column: 'when', descending: false}}}}, /oldest first\n.*\n.*Console started/],
	['the cursor', {panes: {timeline: {selectedId: '3'}}}, /▸ 11:59:02 +58s state +BUSY after/],
	['how often it came back', {}, /A script blocks \(back 3 times, last at 12:00:00Z\)/],
])('shows %s', async (_what, parts, text) => {
	expect((await show({parts: {timeline: incident, ...parts}, size: [120, 33]})).frame).toMatch(text);
});

it('stands still in a freeze', async () => {
	const frozen = frozenAt(stateWith({timeline: incident.filter(({atMs}) => atMs <= noonMs - 58_000)}), noonMs - 58_000);
	const {frame} = await show({parts: {timeline: incident, ui: {frozen}}});
	expect(frame).toMatch(/3 events/);
	expect(frame).toMatch(/11:59:02 +0s state/);
});

it('shows foreign text as text', async () => {
	const {terminal} = await show({parts: {timeline: events({text: hostilePieces.join('')})}, size: [200, 53]});
	expect(terminal.rawOutput()).not.toContain('\u001b]0;owned');
	expect(terminal.rawOutput()).not.toContain('\u009b');
});

describe('one event in full', () => {
	const detail = (selectedId: string) => eventDetail(stateWith({timeline: incident, panes: {timeline: {selectedId}}}), false);

	it('has the moment, the words, and all that was noted', () => {
		expect(detail('4')).toEqual({
			title: 'Event 4',
			facts: [
				['when', '2025-01-01 11:59:03.000Z, 57s ago'],
				['kind', 'found'],
				['severity', 'P0'],
				['what', 'script.busy: A script blocks'],
				['', 'back 3 times, last at 12:00:00Z'],
				['more', '1,204 wait'],
			],
		});
		expect(detail('5')?.facts.slice(-2)).toEqual([
			['more', 'SCRIPT KILL'],
			['', 'audit id run-1'],
		]);
	});

	it('is none where the row has gone', () => expect(detail('99')).toBeUndefined());
});
