import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {ServerInfo} from '../../../src/redis/parse/server-info.ts';
import type {Finding} from '../../../src/store/finding.ts';
import {emptyResource, failed, received, refused} from '../../../src/store/resource.ts';
import {HaPane} from '../../../src/views/ha/ha-pane.tsx';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {noonMs, type StateParts, serverInfo, storeWith} from '../../helpers/fixtures.ts';
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
				<HaPane width={columns} height={rows} isFramed={isFramed} isFocused />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{columns, rows},
	);
	await terminal.settle();
	return {frame: terminal.frame(), terminal};
}

const finding = (id: string, severity: Finding['severity'], title: string): Finding => ({
	id,
	severity,
	title,
	evidence: '',
	meaning: [],
	components: [],
	remedies: [],
	over: '',
});
const replica = (port: number, change: Partial<NonNullable<ServerInfo['replicas']>[number]> = {}) => ({
	address: `10.0.0.2:${port}`,
	state: 'online',
	offset: 1_048_576,
	lagSeconds: 0,
	...change,
});

const master: Partial<ServerInfo> = {
	lastSaveAtSeconds: noonMs / 1000 - 180,
	lastSaveOk: true,
	lastSaveTookSeconds: 2,
	saveInProgress: false,
	aofRewriteInProgress: false,
	changesSinceSave: 1204,
	aofEnabled: false,
	latestForkMicros: 12_300,
	clusterEnabled: false,
	masterReplOffset: 1_048_576,
	replicas: [replica(6379), replica(6380, {offset: 1_000_000, lagSeconds: 4})],
	connectedReplicas: 2,
	backlog: {sizeBytes: 1_048_576, heldBytes: 524_288},
};
const replicaInfo: Partial<ServerInfo> = {
	...master,
	role: 'replica',
	replicas: [],
	connectedReplicas: 0,
	masterHost: '10.0.0.1',
	masterPort: 6379,
	masterLinkUp: true,
	masterLastIoSeconds: 3,
	replicaReadOnly: true,
	replicaReadOffset: 900,
	replicaOffset: 900,
};
const settings = {save: '3600 1 300 100 90 10000'};
const misconf: StateParts = {
	info: {...master, lastSaveOk: false},
	settings,
	server: {kind: 'MISCONF', detail: 'MISCONF it cannot persist'},
	findings: [finding('persistence.misconf', 'P0', 'Writes are refused: the last snapshot could not be written')],
};

type State = readonly [name: string, parts: StateParts, texts: readonly (string | RegExp)[]];
const states: readonly State[] = [
	['loading', {snapshot: {info: emptyResource}}, ['Not read yet', 'loading']],
	['empty', {info: {role: 'master', replicas: [], connectedReplicas: 0}}, [/last save +not known/, /AOF +not known/, /this server +master +no replica/]],
	['data', {info: master, settings}, ['11:57:00Z, 3m00s ago, took 2s   ok', '10.0.0.2:6380', /changes since +1,204/]],
	[
		'stale',
		{info: master, settings, nowMs: noonMs + 9000, snapshot: {info: failed(received(serverInfo(master), noonMs), 'timeout')}},
		['as of 12:00:00Z: nothing newer is known', '! stale: 9s old'],
	],
	['refused', {snapshot: {info: refused(emptyResource, 'INFO', 'NOPERM no INFO for you')}}, ['INFO is refused to this user', 'refused: INFO']],
	['misconf', misconf, ['FAILED; the last good one 11:57:00Z', 'P0 Writes are refused: the last', 'Writes and PING get MISCONF', '10.0.0.2:6379']],
	['a replica', {info: replicaInfo, settings}, ['10.0.0.1:6379   link up', 'last heard 3s ago', 'replica, read-only']],
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

describe.each(states)('%s', (_name, parts, texts) => {
	it.each(fullSizes)('at %ix%i', async (...size) => {
		const {frame} = await show({parts, size});
		const rows = frame.split('\n');
		expect(rows[0]).toMatch(/^ 5 HA /);
		expect(rows.length).toBeLessThanOrEqual(size[1]);
		expect(rows.filter(row => stringWidth(row) > size[0])).toEqual([]);
		for (const text of texts) expect(frame).toMatch(text);
	});

	it.each(framedSizes)('in a frame of %ix%i', async (...size) => {
		const {frame} = await show({parts, size, isFramed: true});
		const rows = frame.split('\n');
		expect(rows).toHaveLength(size[1]);
		expect(rows.every(row => stringWidth(row) === size[0])).toBe(true);
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

it('says it all on a screen of 80x24', async () => {
	const {frame} = await show({parts: {info: {...master, connectedReplicas: 2}, settings, findings: [finding('persistence.off', 'P2', 'The AOF is off')]}});
	expect(frame).toMatchInlineSnapshot(`
		" 5 HA                                                                    0s old
		 Persistence
		 last save     11:57:00Z, 3m00s ago, took 2s   ok
		 changes since 1,204   lost if it crashes now
		 save points   1 change in 1 h, or 100 changes in 5 min, or 10,000 changes in 9…
		 under way     nothing
		 AOF           off
		               P2 The AOF is off
		 last fork     12.3 ms: so long the server stood still for it

		 Replication
		 this server   master   2 replicas
		 backlog       1.0M, holds the last 512K   covers every online replica
		 Sentinel      not asked
		 cluster       off
		  REPLICA                           STATE           BEHIND LAST HEARD IN BACKLOG
		  10.0.0.2:6379                     online              0B     0s ago yes
		  10.0.0.2:6380                     online           47.4K     4s ago yes"
	`);
});

describe('persistence', () => {
	it.each<[string, StateParts, string | RegExp]>([
		[
			'never saved',
			{info: {...master, lastSaveTookSeconds: undefined, lastSaveAtSeconds: noonMs / 1000 - 60, uptimeSeconds: 60, clockMs: noonMs}},
			/last save +none since its start, 11:59:00Z, 1m00s ago/,
		],
		[
			'never saved, and failed to',
			{info: {...master, lastSaveOk: false, lastSaveAtSeconds: noonMs / 1000 - 60, uptimeSeconds: 60, clockMs: noonMs}},
			/last save +FAILED; the last good one, or its start, 11:59:00Z/,
		],
		['the server clock counts', {info: {...master, clockMs: noonMs + 3_600_000}}, '11:57:00Z, 1h03m ago'],
		['its own words', misconf, 'in its words: MISCONF it cannot persist'],
		['a failed save that stops nobody', {info: {...master, lastSaveOk: false}}, 'writes are taken all the same'],
		['changes that a crash loses', {info: master}, '1,204   lost if it crashes now'],
		['changes that the AOF has', {info: {...master, aofEnabled: true, aofLastWriteOk: true}}, 'the append-only file has them too'],
		['save points', {info: master, settings}, '1 change in 1 h, or 100 changes in 5 min, or 10,000 changes in 90 s'],
		['no save points', {info: master, settings: {save: ''}}, 'none: no snapshot is taken by itself'],
		['refused settings', {info: master, snapshot: {settings: refused(emptyResource, 'CONFIG GET', 'no')}}, 'not known: CONFIG GET is refused'],
		[
			'a snapshot under way',
			{info: {...master, saveInProgress: true, savingForSeconds: 12, savedKeys: 450, keysToSave: 1000, aofRewriteScheduled: true}},
			'a snapshot for 12s, 45% (450 of 1,000 keys); a rewrite',
		],
		['of unknown progress', {info: {...master, saveInProgress: true}}, 'a snapshot, how far is not known'],
		['a rewrite', {info: {...master, aofRewriteInProgress: true, aofRewritingForSeconds: 3}}, 'a rewrite of the append-only file for 3s'],
		['a scheduled rewrite', {info: {...master, aofRewriteScheduled: true}}, 'a rewrite of the append-only file is to follow'],
		[
			'an AOF that is well',
			{info: {...master, aofEnabled: true, aofLastWriteOk: true, aofLastRewriteOk: true, aofLastRewriteTookSeconds: 0}},
			'on   last write ok   last rewrite ok, took less than 1s',
		],
		[
			'an AOF that cannot be written',
			{
				info: {...master, aofEnabled: true, aofLastWriteOk: false, aofLastRewriteOk: false},
				findings: [finding('persistence.bgsave-failed', 'P1', 'It could not be written')],
			},
			/the last write has FAILED +the last rewrite has FAILED\n +P1 It could not be written/,
		],
		['a stale snapshot', {info: master, findings: [finding('persistence.stale', 'P2', 'No snapshot for 3h')]}, /changes since.*\n +P2 No snapshot for 3h/],
		['a fork', {info: master}, '12.3 ms: so long the server stood still'],
		['no fork', {info: {...master, latestForkMicros: 0}}, /last fork +none yet/],
		['loading', {info: {...master, loading: {percent: 27.7, etaSeconds: 7}}}, "28% of the data is read, about 7s to go (the server's guess)"],
		['loading, untold', {info: {...master, loading: {percent: undefined, etaSeconds: undefined}}}, /loading +not known/],
	])('%s', async (_what, parts, text) => {
		expect((await show({parts, size: [120, 33]})).frame).toMatch(text);
	});
});

describe('replication', () => {
	it.each<[string, StateParts, string | RegExp]>([
		['replicas', {info: master}, /10\.0\.0\.2:6380 +online +47\.4K +4s ago yes/],
		['one that is being filled', {info: {...master, replicas: [replica(1, {state: 'send_bulk', offset: 0})]}}, /10\.0\.0\.2:1 +being filled +– +– –/],
		[
			'one that the backlog no longer covers',
			{info: {...master, replicas: [replica(1, {offset: 100})]}},
			/TOO SMALL for 10\.0\.0\.2:1: sent everything(.*\n)*.*online +1\.0M +0s ago NO/,
		],
		['no backlog', {info: {...master, replicas: [], connectedReplicas: 0, backlog: undefined}}, 'none: a replica that connects is sent everything'],
		[
			'no replica',
			{info: {...master, replicas: []}, findings: [finding('ha.none', 'P2', 'No replica: nobody takes over')]},
			/no replica\n +P2 No replica: nobody/,
		],
		['a lag', {info: master, findings: [finding('replication.lag', 'P1', 'It is late')]}, /2 replicas\n +P1 It is late/],
		['what 0 and 1 mean', {info: master}, '0 and 1 are well'],
		['the rest', {info: master}, /Sentinel +not asked\n +cluster +off/],
		['a cluster', {info: {...master, clusterEnabled: true}}, /cluster +on: one node of it is looked at; start with --cluster/],
		['a filter', {info: master, panes: {ha: {filter: '6380'}}}, '/6380: 1 of 2'],
		['a filter that nothing meets', {info: master, panes: {ha: {filter: 'x'}}}, 'Nothing matches /x'],
		[
			'a link that is down',
			{
				info: {...replicaInfo, masterLinkUp: false, masterLinkDownSeconds: 12, masterLastIoSeconds: undefined},
				findings: [finding('replication.link-down', 'P1', 'The link is down')],
			},
			/link DOWN for 12s, since 11:59:48Z\n +P1 The link is down/,
		],
		['a link that was never up', {info: {...replicaInfo, masterLinkUp: false}}, 'since when is not known: never up since the start'],
		[
			'a synchronisation',
			{info: {...replicaInfo, masterLinkUp: false, masterSync: {readBytes: 4000, totalBytes: 8000, lastIoSeconds: 1}}},
			/being filled +50%, 3\.9K of 7\.8K, last piece 1s ago/,
		],
		[
			'a synchronisation of unknown size',
			{info: {...replicaInfo, masterLinkUp: false, masterSync: {readBytes: 4000, totalBytes: 0, lastIoSeconds: undefined}}},
			'3.9K received, of how much is not known',
		],
		['what only the master knows', {info: replicaInfo}, 'not known here: only its master tells'],
		['what is not carried out yet', {info: {...replicaInfo, replicaReadOffset: 3000}}, '2.1K received and not carried out yet'],
		['writes on a replica', {info: {...replicaInfo, replicaReadOnly: false}}, 'TAKES WRITES'],
		['replicas of a replica', {info: {...replicaInfo, replicas: [replica(1)]}}, '1 replica of its own'],
		['a link not told', {info: {...replicaInfo, masterLinkUp: undefined, masterHost: undefined}}, /master +not known +link not known/],
	])('%s', async (_what, parts, text) => {
		expect((await show({parts, size: [120, 33]})).frame).toMatch(text);
	});

	it('shows of many replicas those around the cursor', async () => {
		const replicas = Array.from({length: 40}, (_, index) => replica(7000 + index));
		const {frame} = await show({parts: {info: {...master, replicas}, panes: {ha: {selectedId: '10.0.0.2:7033'}}}});
		expect(frame).toMatch(/^▸ 10\.0\.0\.2:7033/m);
	});
});

it('leaves what is wrong loud when the figures are old', async () => {
	const {terminal, frame} = await show({parts: {...misconf, nowMs: noonMs + 60_000}});
	const row = frame.split('\n').findIndex(text => text.includes('P0 Writes are refused'));
	expect(terminal.cells(row).some(cell => cell.foreground !== undefined)).toBe(true);
});

it('shows foreign names as text', async () => {
	const name = hostilePieces.join('');
	const {terminal} = await show({parts: {info: {...replicaInfo, masterHost: name, replicas: [replica(1, {address: name, state: name})]}}, size: [200, 53]});
	expect(terminal.rawOutput()).not.toContain('\u001b]0;owned');
	expect(terminal.rawOutput()).not.toContain('\u009b');
});
