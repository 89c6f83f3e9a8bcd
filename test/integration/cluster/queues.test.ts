import {expect, it} from 'vitest';
import {startCluster} from '../../helpers/cluster.ts';
import {openFleetFocus} from '../../helpers/fleet-focus.ts';

it('a replica of a cluster is not asked for its queues, for it would send us to its master; once it is the master it is', async () => {
	const cluster = await startCluster();
	const [first] = cluster.masters;
	const [replica] = cluster.replicas;
	if (!first || !replica) throw new Error('no replica');
	const {where} = cluster;
	const console = await openFleetFocus(['--cluster', first.url]);
	await console.until('all have been read', () => console.fleet().nodes.length === 6 && console.fleet().nodes.every(({isKnown}) => isKnown));
	console.travel.goTo(where(replica));
	const {queueSearch, queues} = await console.until('that is told', () => {
		const {snapshot} = console.state();
		return snapshot.queueSearch.phase === 'ended' ? snapshot : undefined;
	});
	expect(queueSearch.unknown).toEqual([{command: 'SCAN', reason: 'a replica of a cluster: its queues are read at its master'}]);
	expect(queues).toMatchObject({data: [], refused: undefined, error: undefined});
	expect(String(await replica.call('INFO', 'commandstats'))).not.toMatch(/cmdstat_(scan|type|hmget)/);

	await replica.call('CLUSTER', 'FAILOVER');
	await console.until('the new master is searched', () => {
		const {phase, isComplete, unknown} = console.state().snapshot.queueSearch;
		return phase === 'ended' && isComplete && unknown.length === 0;
	});
});
