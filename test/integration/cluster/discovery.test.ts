import {expect, it} from 'vitest';
import {startCluster} from '../../helpers/cluster.ts';
import {openFleetFocus} from '../../helpers/fleet-focus.ts';

it('finds all six nodes from one of them, with role, slots and figures, and each is read over one light connection', async () => {
	const cluster = await startCluster();
	const [first] = cluster.masters;
	const console = await openFleetFocus(['--cluster', first?.url ?? '']);
	await console.until('all have been read', () => console.fleet().nodes.length === 6 && console.fleet().nodes.every(({isKnown}) => isKnown));
	expect(console.fleet()).toMatchObject({kind: 'cluster', problem: undefined, cluster: {state: 'ok', slotsOk: 16_384, knownNodes: 6, size: 3}});
	const nodes = cluster.nodes.map(node => console.node(cluster.where(node)));
	expect(nodes.map(node => node?.role)).toEqual(['master', 'master', 'master', 'replica', 'replica', 'replica']);
	expect(nodes.map(node => node?.slots)).toEqual([[{from: 0, to: 5460}], [{from: 5461, to: 10_921}], [{from: 10_922, to: 16_383}], [], [], []]);
	expect(nodes.slice(3).map(node => node?.masterAddress)).toEqual(cluster.masters.map(cluster.where));
	expect(nodes.map(node => node?.id)).toEqual(await Promise.all(cluster.nodes.map(cluster.idOf)));
	await console.until('the rates have come', () =>
		console.fleet().nodes.every(({vitals}) => vitals.opsPerSecond !== undefined && vitals.connectedClients !== undefined),
	);
	for (const node of cluster.nodes.slice(1)) {
		const clients = String(await node.call('CLIENT', 'LIST'));
		expect(clients.match(/name=redis-triage:\S+/g)).toEqual(['name=redis-triage:tester@test:fleet']);
	}
});
