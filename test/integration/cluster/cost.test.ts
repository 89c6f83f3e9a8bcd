import {expect, it} from 'vitest';
import {startCluster} from '../../helpers/cluster.ts';
import {openFleetFocus} from '../../helpers/fleet-focus.ts';

it('knows what it costs every node, says where it is most, and looks less often where that is too much', {timeout: 60_000}, async () => {
	const cluster = await startCluster();
	const [first] = cluster.masters;
	if (!first) throw new Error('no master');
	// A promise that nobody can keep.
	const console = await openFleetFocus(['--cluster', first.url], {thresholds: {observerCostRatio: 0.000_000_1}});
	await console.until(
		'all have been measured',
		() => console.fleet().nodes.length === 6 && console.fleet().nodes.every(({ownCostPercent = 0}) => ownCostPercent > 0),
	);
	for (const {ownCostPercent} of console.fleet().nodes) expect(ownCostPercent).toBeLessThan(1);
	await console.until('it is found', () => console.state().findings.find(({id}) => id === 'observer.cost@nodes'));
	expect(console.fleet().roundMs).toBe(1000 * console.fleet().slowedBy);
	await console.until('it looks less often', () => console.fleet().slowedBy >= 2, 30_000);
	expect(console.fleet().roundMs).toBe(1000 * console.fleet().slowedBy);
});
