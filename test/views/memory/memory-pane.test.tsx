import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import {emptyResource, failed, type Resource, received, refused} from '../../../src/store/resource.ts';
import {noSurvey, type Survey, type SurveyProgress, type SurveyState, surveyEnded, surveyStarted} from '../../../src/store/survey.ts';
import type {PaneUi} from '../../../src/store/ui.ts';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {MemoryPane} from '../../../src/views/memory/memory-pane.tsx';
import {noonMs, type StateParts, serverInfo, storeWith} from '../../helpers/fixtures.ts';
import {hostilePieces} from '../../helpers/foreign-text.ts';
import {openTerminal} from '../../helpers/terminal.tsx';
import {bigKey, fullInfo, fullStats, group, growingHistory, progress, shown, surveyed, surveying} from './memory-fixtures.ts';

type Shown = {
	readonly survey?: SurveyState;
	readonly pane?: Partial<PaneUi>;
	readonly parts?: StateParts;
	readonly ascii?: boolean;
	readonly colour?: boolean;
	readonly isFramed?: boolean;
	readonly size?: readonly [columns: number, rows: number];
};

async function show({survey = noSurvey, pane, parts, ascii = false, colour = true, isFramed = false, size: [columns, rows] = [80, 18]}: Shown) {
	const store = storeWith({info: fullInfo, ...parts, snapshot: {history: growingHistory(150_000), ...parts?.snapshot}});
	const memory: PaneUi = {selectedId: undefined, sort: {column: 'size', descending: true}, grouping: undefined, filter: '', ...pane};
	const {ui, snapshot} = store.getState();
	store.setState({survey, snapshot: {...snapshot, memoryStats: fullStats}, ui: {...ui, panes: {...ui.panes, memory}}});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ThemeContext.Provider value={{colour, ascii}}>
				<MemoryPane width={columns} height={rows} isFramed={isFramed} isFocused />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{columns, rows},
	);
	await terminal.settle();
	return {frame: terminal.frame(), terminal};
}

const info = serverInfo(fullInfo);
const infoIs = (resource: Resource<typeof info>, nowMs = noonMs): StateParts => ({nowMs, snapshot: {info: resource}});
const scanRefused: Survey = {...surveyed, result: undefined, ending: {kind: 'refused', detail: 'SCAN: NOPERM', atMs: noonMs}};
const stoppedAt = (scannedKeys: number, change: Partial<SurveyProgress> = {}): SurveyState =>
	shown({...surveyed, progress: progress({scannedKeys, ...change}), ending: {kind: 'stopped', detail: '', atMs: noonMs - 3000}});
const brokenAfter = (first: Survey): SurveyState =>
	surveyEnded({kind: 'broken', detail: 'no reply to SCAN in 2000 ms: it may still run', atMs: noonMs - 5000})(surveyStarted(0, noonMs - 9000)(shown(first)));

type State = readonly [name: string, shown: Shown, texts: readonly (string | RegExp)[]];
const states: readonly State[] = [
	['loading', {parts: infoIs(emptyResource)}, ['Not read yet', 'Not surveyed', 'loading']],
	['empty', {survey: {latest: {...surveyed, result: undefined}, shown: undefined}}, ['it has no keys', '90%']],
	['data', {}, ['90%', '3.6G of 4.0G, noeviction', 'full in about', 'Not surveyed']],
	['stale', {parts: infoIs(failed(received(info, noonMs - 20_000), 'timeout')), survey: shown(surveyed)}, ['! stale: 20s old', '90%', 'sess:*']],
	['refused', {parts: infoIs(refused(emptyResource, 'INFO', 'NOPERM no INFO for you')), survey: shown(surveyed)}, ['INFO is refused', 'sess:*']],
	['survey refused', {survey: {latest: scanRefused, shown: undefined}}, ['survey of db0 refused, 0s ago: SCAN: NOPERM']],
	['connecting', {survey: surveyStarted(0, noonMs)(noSurvey)}, ['surveying db0: connecting']],
	['surveying', {survey: shown(surveying)}, [/surveying db0.* 41%/, '200,000 of 487,671 keys', '28s left', 'bull:publishing:*']],
	['surveyed', {survey: shown(surveyed)}, ['db0 only', '1 in 10 measured', 'sess:*', 'bull:publishing:*', '1.9G']],
	['stopped', {survey: stoppedAt(200_000)}, ['stopped at 41%, 3s ago', 'sess:*']],
	['broken', {survey: brokenAfter(surveyed)}, ['broken off, 5s ago: no reply to SCAN', 'below: the survey before', 'sess:*']],
];

const fullSizes = [
	[60, 10],
	[80, 18],
	[120, 33],
	[200, 53],
] as const;
const framedSizes = [
	[60, 16],
	[100, 26],
] as const;

describe.each(states)('%s', (_name, options, texts) => {
	it.each(fullSizes)('at %ix%i', async (...size) => {
		const {frame} = await show({...options, size});
		const rows = frame.split('\n');
		expect(rows[0]).toMatch(/^ 3 Memory /);
		expect(rows.length).toBeLessThanOrEqual(size[1]);
		expect(rows.filter(row => stringWidth(row) > size[0])).toEqual([]);
		for (const text of texts) expect(frame).toMatch(text);
	});

	it.each(framedSizes)('in a frame of %ix%i', async (...size) => {
		const {frame} = await show({...options, size, isFramed: true});
		const rows = frame.split('\n');
		expect(rows).toHaveLength(size[1]);
		expect(rows.every(row => stringWidth(row) === size[0])).toBe(true);
		expect(rows.slice(1, -1).every(row => row.startsWith('║') && row.endsWith('║'))).toBe(true);
		for (const text of texts) expect(frame).toMatch(text);
	});

	it.each(fullSizes)('in ASCII and without colour at %ix%i', async (...size) => {
		const {frame, terminal} = await show({...options, size, ascii: true, colour: false});
		expect(frame).toMatch(/^[ -~\n]*$/);
		for (const text of texts) expect(frame).toMatch(text);
		expect(
			Array.from({length: size[1]}, (_, row) => terminal.cells(row))
				.flat()
				.every(cell => cell.foreground === undefined),
		).toBe(true);
	});
});

describe('what it says of the memory', () => {
	it('is all on a screen of 80x24', async () => {
		const {frame} = await show({size: [80, 18], survey: noSurvey});
		expect(frame).toMatchInlineSnapshot(`
			" 3 Memory                                              prefixes by size  0s old
			 ███████████████████████████████████████████░░░░░ 90%  3.6G of 4.0G, noeviction
			 full in about 48 min at +8.6M/min (estimated over the last 2 min)
			 peak 3.7G (now 97% of it)   rss 4.1G   fragmentation 1.14 (514M more than used)
			 evicted – (0 so far)   expired 88,123 so far   data 3.2G 89%
			 overhead 420M 11%: key tables 406M, clients 12.0M, backlog 1.0M, start 856K, s…
			 db0 487,671 keys, 48% without TTL   db3 1,203 keys, 100% without TTL

			 Not surveyed. Press v: it walks through db0 (487,671 keys) in small steps and
			 measures a sample: which prefixes take the memory, which keys are large, which
			 have no TTL. It costs below 1% of a core."
		`);
	});

	it.each<[string, StateParts, string | RegExp]>([
		['no limit', {info: {...fullInfo, maxMemoryBytes: 0}}, 'used 3.6G, no maxmemory: rss of the 8.0G that the machine has'],
		['over the limit', {info: {...fullInfo, usedMemoryBytes: 4200 * 1024 ** 2, currentEvictionExceededMs: 3200}}, 'over the limit for 3.2s'],
		['steady', {snapshot: {history: growingHistory(0)}}, 'steady over the last 2 min'],
		['falling', {snapshot: {history: growingHistory(-150_000)}}, 'falling by 8.6M/min'],
		['too young to tell', {snapshot: {history: {atMs: new Float64Array(), vitals: growingHistory(0).vitals}}}, 'growth is not known'],
		['not told', {info: {maxMemoryBytes: undefined, usedMemoryBytes: undefined}}, 'limit not known'],
		['many databases', {info: {...fullInfo, keyspace: Array.from({length: 12}, (_, db) => ({db, keys: 10, expires: 5, avgTtlMs: 1}))}}, 'and 4 more databases'],
	])('%s', async (_what, parts, text) => {
		expect((await show({parts, size: [120, 33]})).frame).toMatch(text);
	});

	it('does not speak of a limit that has been taken away since', async () => {
		const {frame} = await show({parts: {info: {...fullInfo, maxMemoryBytes: 0, currentEvictionExceededMs: 3200}}});
		expect(frame).not.toContain('over the limit');
	});
});

describe('what it says of the survey', () => {
	it('stands beside each other where there is room', async () => {
		const {frame} = await show({survey: shown(surveyed), size: [120, 33]});
		expect(frame).toMatch(/PREFIX +KEYS +SIZE▾ +± SHARE +NO TTL +COMPONENT +KEYS +SIZE +NO TTL/);
		expect(frame).toMatch(/bull:publishing:\* +212,004 +1\.9G +±2% ███░░ 63% +100% +rate limits +120,551 +307M +25%/);
		expect(frame).toMatch(/KEY +TYPE +SIZE +LENGTH/);
		expect(frame).toMatch(/bull:publishing:com… zset +21\.0M +200,000/);
	});

	it.each<[string, SurveyState, string | RegExp]>([
		['a part that stands for the whole', stoppedAt(200_000), 'the 41% seen stand for the whole'],
		['a part that does not', stoppedAt(200_000, {isExtended: false}), 'figures are of the 41% seen, not of the whole'],
		['slow answers', shown({...surveying, progress: progress({scannedKeys: 200_000, pauseMs: 2400})}), 'slow answers: pauses of 2.4s'],
		[
			'a refused command',
			shown({...surveyed, progress: progress({refused: [{command: 'MEMORY USAGE', reason: 'NOPERM x'}]})}),
			'MEMORY USAGE is refused to this user: NOPERM x',
		],
		['closed keys', shown({...surveyed, progress: progress({hiddenKeys: 1200})}), '1,200 sampled keys are closed to this user'],
		['other databases', shown(surveyed), 'not surveyed: db3 (1,203 keys)'],
		['an unknown size', shown({...surveying, progress: progress({scannedKeys: 5000, totalKeys: undefined})}), /surveying db0 +5,000 keys +/],
		['every key', shown({...surveyed, progress: progress({everyNth: 1})}), 'all of them measured'],
	])('%s', async (_what, survey, text) => {
		expect((await show({survey, size: [120, 33]})).frame).toMatch(text);
	});

	it('has dashes for what could not be measured', async () => {
		const unmeasured = group({bytes: undefined, bytesError: undefined, withoutTtl: undefined});
		const survey = shown({...surveyed, result: {total: unmeasured, prefixes: [unmeasured], components: [], bigKeys: []}});
		expect((await show({survey})).frame).toMatch(/sess:\* +150,118 +– +–$/m);
	});
});

describe('the list', () => {
	it.each<[string, Partial<PaneUi>, RegExp]>([
		['components', {grouping: 'components'}, /COMPONENT .*\n +rate limits +120,551 +307M/],
		['big keys', {grouping: 'big keys'}, /KEY +TYPE +SIZE▾ +LENGTH +TTL\n +bull:publishing:completed +zset +21\.0M +200,000 +none/],
		['a TTL', {grouping: 'big keys', filter: 'cache'}, /cache:product:7 +string +176K +179,900 +42s/],
		['databases', {grouping: 'databases'}, /DB .*\n +db0 surveyed +487,671 +231,671 +48% +1h00m\n +db3 +1,203 +1,203 +100%/],
		['a filter that nothing meets', {filter: 'nowhere'}, /Nothing matches \/nowhere/],
		['how it is sorted', {sort: {column: 'withoutTtl', descending: true}}, /prefixes by keys without TTL/],
	])('shows %s', async (_what, pane, text) => {
		expect((await show({survey: shown(surveyed), pane, size: [80, 30]})).frame).toMatch(text);
	});

	it('marks the row under the cursor by a sign too, and scrolls to it', async () => {
		const prefixes = Array.from({length: 100}, (_, index) => group({name: `p${index}:*`, bytes: 1e6 - index}));
		const survey = shown({...surveyed, result: {total: group(), prefixes, components: [], bigKeys: []}});
		expect((await show({survey, pane: {selectedId: 'prefix:p77:*'}})).frame).toMatch(/^▸ p77:\*/m);
	});

	it('shows foreign names as text', async () => {
		const name = hostilePieces.join('');
		const survey = shown({
			...surveyed,
			result: {total: group(), prefixes: [group({name})], components: [group({name})], bigKeys: [bigKey({name, type: name})]},
		});
		const {terminal} = await show({survey, size: [120, 33]});
		expect(terminal.rawOutput()).not.toContain('\u001b]0;owned');
		expect(terminal.rawOutput()).not.toContain('\u009b');
	});
});
