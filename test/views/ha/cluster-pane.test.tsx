import {describe, expect, it} from 'vitest';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {FleetNode} from '../../../src/store/fleet.ts';
import {HaPane} from '../../../src/views/ha/ha-pane.tsx';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {noonMs, type StateParts, serverState, storeWith} from '../../helpers/fixtures.ts';
import {clusterOf, fleetFinding, fleetNode, wholeCluster} from '../../helpers/fleet.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

async function show(parts: StateParts, [columns, rows]: readonly [number, number] = [80, 18], ascii = false) {
	const terminal = openTerminal(
		<StoreContext.Provider value={storeWith(parts)}>
			<ThemeContext.Provider value={{colour: true, ascii}}>
				<HaPane width={columns} height={rows} isFramed={false} isFocused />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{columns, rows},
	);
	await terminal.settle();
	return terminal.frame();
}

const hundred: readonly FleetNode[] = Array.from({length: 100}, (_, index) => {
	const port = 7001 + index;
	const isMaster = index < 50;
	const slots = isMaster ? [{from: index * 327, to: index * 327 + 326}] : [];
	const node = fleetNode({port, role: isMaster ? 'master' : 'replica', slots, masterAddress: isMaster ? undefined : `10.0.0.1:${port - 50}`});
	return index === 77 ? {...node, server: serverState({kind: 'SILENT'}), findings: [fleetFinding('server.silent', 'P0')]} : node;
});

describe('the cluster', () => {
	it.each<[number, number]>([
		[80, 18],
		[120, 34],
	])('of 100 nodes at %i columns: what is worst is on top, its header counts, and no line is too wide', async (columns, rows) => {
		const frame = await show({fleet: clusterOf(hundred)}, [columns, rows]);
		const lines = frame.split('\n');
		expect(lines).toHaveLength(rows);
		expect(lines[0]).toMatch(/^ 5 HA {2}cluster +100 nodes, worst first/);
		expect(lines[1]).toMatch(/^ cluster ok {2}all slots covered {2}50 masters, 50 replicas {2}0 failed, 1 with P0\/P1/);
		expect(lines[2]).toMatch(/NODE +ROLE +SLOTS STATE +OPS\/S .*WORST FINDING▾/);
		expect(lines[3]).toMatch(/^ {2}10\.0\.0\.1:7078 +replica +– SILENT .* P0 server\.silent/);
		expect(lines[4]).toMatch(columns < 100 ? /10\.0\.0\.1:7001 +master +327 OK/ : /10\.0\.0\.1:7001 +master +0-326 OK/);
		// Most of the room is the list's.
		expect(lines.filter(text => /10\.0\.0\.1:7\d\d\d/.test(text)).length).toBeGreaterThanOrEqual(Math.floor(rows * 0.6));
	});

	it('says how many are not watched where a list is too long', async () => {
		expect(await show({fleet: clusterOf(hundred, {leftOut: 1234})})).toMatch(/100 nodes, 1,234 more not watched, worst first/);
	});

	it('says which is looked at, what has failed, what moves and who was never reached', async () => {
		const nodes = [
			fleetNode({port: 7001, slots: [{from: 0, to: 99}], moves: [{slot: 7, way: 'to', nodeId: 'id7002'}]}),
			fleetNode({port: 7002, flags: ['master', 'fail'], server: serverState({kind: 'DOWN'}), findings: [fleetFinding('server.down', 'P0')]}),
			fleetNode({
				port: 7003,
				isKnown: false,
				info: undefined,
				vitals: {},
				updatedAtMs: undefined,
				server: serverState({kind: 'UNREACHABLE', detail: 'no answer in 2000 ms'}),
			}),
		];
		const session = {target: {name: 'prod', address: '10.0.0.1:7001', environment: undefined, db: 0}};
		const frame = await show({fleet: clusterOf(nodes, {cluster: {...wholeCluster, state: 'fail', slotsFail: 16_284, slotsPfail: 50}}), session}, [120, 30]);
		expect(frame).toMatch(/CLUSTERDOWN {2}100 of 16,384 slots covered, 50 of suspects/);
		expect(frame).toMatch(/10\.0\.0\.1:7001\* +master +0-99 OK .* 1 slot moving/);
		expect(frame).toMatch(/10\.0\.0\.1:7002 +master .*FAIL .* P0 server\.down title/);
		expect(frame).toMatch(/10\.0\.0\.1:7003 .*UNREACH… .* not reached from here: no answer/);
		expect(frame.indexOf(':7002')).toBeLessThan(frame.indexOf(':7003'));
		expect(frame).toMatch(/This node, 10\.0\.0\.1:7001\n Persistence/);
	});

	it('counts as masters those that have slots; one that has failed and lost them stands below what somebody waits for', async () => {
		const nodes = [
			fleetNode({port: 7001, slots: [{from: 0, to: 16_383}], findings: [fleetFinding('server.oom', 'P0')]}),
			fleetNode({port: 7002, slots: [], flags: ['master', 'fail'], server: serverState({kind: 'DOWN'}), findings: [fleetFinding('server.down', 'P1')]}),
			fleetNode({port: 7003, role: 'replica'}),
		];
		const frame = await show({fleet: clusterOf(nodes)}, [120, 30]);
		expect(frame).toMatch(/all slots covered {2}1 master, 1 replica {2}1 failed, 2 with P0\/P1/);
		expect(frame.indexOf(':7001 ')).toBeLessThan(frame.indexOf(':7002 '));
		expect(await show({fleet: clusterOf([...nodes, fleetNode({port: 7004, slots: []})])}, [120, 30])).toMatch(/1 master, 1 without slots, 1 replica/);
	});

	it('is filtered by any word of a row, and sorted by any column', async () => {
		expect(await show({fleet: clusterOf(hundred), panes: {ha: {filter: '7078'}}})).toMatch(/\/7078: 1 of 100/);
		expect(await show({fleet: clusterOf(hundred), panes: {ha: {filter: 'nobody'}}})).toMatch(/Nothing matches \/nobody/);
		const byNode = await show({fleet: clusterOf(hundred), panes: {ha: {sort: {column: 'node', descending: true}}}});
		expect(byNode).toMatch(/NODE▾/);
		expect(byNode.split('\n')[3]).toContain('10.0.0.1:7100');
	});

	it('a node of a cluster that was not asked for as one is told how to see all of it', async () => {
		expect(await show({info: {clusterEnabled: true}}, [120, 34])).toMatch(/cluster +on: one node of it is looked at; start with --cluster to see all of them/);
		expect(await show({fleet: clusterOf([], {problem: 'ERR This instance has cluster support disabled'})}, [120, 34])).toMatch(
			/The other nodes cannot be found: ERR This instance has cluster support disabled/,
		);
	});
});

it('figures of then are dim, and every row says how old it is', async () => {
	const frame = await show({fleet: clusterOf([fleetNode({updatedAtMs: noonMs - 42_000})])}, [120, 30]);
	expect(frame).toMatch(/10\.0\.0\.1:7001 .* 42s/);
});
