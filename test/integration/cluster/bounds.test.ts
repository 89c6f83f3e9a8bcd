import {expect, it} from 'vitest';
import {startCluster} from '../../helpers/cluster.ts';
import {openFleetFocus} from '../../helpers/fleet-focus.ts';

it('never has more connections open than it may, and still looks at every node again and again', async () => {
	const cluster = await startCluster();
	const [first] = cluster.masters;
	const console = await openFleetFocus(['--cluster', first?.url ?? ''], {limits: {kept: 2, turning: 1}});
	const openNow = async (): Promise<number> => {
		const lists = await Promise.all(cluster.nodes.map(node => node.call('CLIENT', 'LIST')));
		return lists.join('\n').match(/name=redis-triage:tester@test:fleet /g)?.length ?? 0;
	};
	// The search for queues has one of its own, for one master at a time.
	const most = 3 + 1;
	let seen = 0;
	const readAt = () => console.fleet().nodes.map(({updatedAtMs = 0}) => updatedAtMs);
	await console.until('all have been read', async () => {
		seen = Math.max(seen, await openNow());
		return console.fleet().nodes.length === 6 && console.fleet().nodes.every(({isKnown}) => isKnown);
	});
	const firstAt = readAt();
	await console.until('all have been read anew', async () => {
		seen = Math.max(seen, await openNow());
		return readAt().every((atMs, index) => atMs > (firstAt[index] ?? 0));
	});
	expect(seen).toBeLessThanOrEqual(most);
	expect(console.fleet().nodes.map(({server}) => server.kind === 'OK' || server.kind === 'READONLY')).toEqual(cluster.nodes.map(() => true));
});
