import {expect, it} from 'vitest';
import {startCluster} from '../../helpers/cluster.ts';
import {openFleetFocus} from '../../helpers/fleet-focus.ts';

it('tells a slot on its way, from where and to where, and its new master', async () => {
	const cluster = await startCluster({replicas: false});
	const [first, second] = cluster.masters;
	if (!first || !second) throw new Error('no masters');
	const {where, idOf} = cluster;
	const console = await openFleetFocus(['--cluster', first.url]);
	await console.until('all have been read', () => console.fleet().nodes.length === 3 && console.fleet().nodes.every(({isKnown}) => isKnown));
	const [from, to] = [await idOf(first), await idOf(second)];
	await second.call('CLUSTER', 'SETSLOT', '7', 'IMPORTING', from);
	await first.call('CLUSTER', 'SETSLOT', '7', 'MIGRATING', to);
	await console.until('it is seen', () => (console.node(where(first))?.moves ?? []).length > 0);
	expect(console.node(where(first))?.moves).toEqual([{slot: 7, way: 'to', nodeId: to}]);
	await console.until('it is told', () => console.told().includes(`Slots are moving from ${where(first)} to ${where(second)}`));
	for (const node of [second, first]) await node.call('CLUSTER', 'SETSLOT', '7', 'NODE', to);
	await console.until('it has arrived', () => console.told().some(text => text.startsWith('Slots have another master now: ')));
	await console.until('nothing moves', () => console.told().includes(`No slots are moving any more from ${where(first)} to ${where(second)}`));
	expect(console.node(where(second))?.slots).toEqual([
		{from: 7, to: 7},
		{from: 5461, to: 10_921},
	]);
});
