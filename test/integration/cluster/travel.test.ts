import {expect, it} from 'vitest';
import {startCluster} from '../../helpers/cluster.ts';
import {openFleetFocus} from '../../helpers/fleet-focus.ts';
import type {TestRedis} from '../../helpers/redis-server.ts';

const calls = async (node: TestRedis, command: string): Promise<number> =>
	Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(String(await node.call('INFO', 'commandstats')))?.[1] ?? 0);

it('goes into one node and home again; what acts goes to that node alone, and what light connections send is PING, INFO and CLUSTER', async () => {
	const cluster = await startCluster();
	const [first, second] = cluster.masters;
	if (!first || !second) throw new Error('no masters');
	let isIdle: boolean = true;
	const console = await openFleetFocus(['--cluster', first.url], {isIdle: () => isIdle});
	const {where} = cluster;
	await console.until('all have been read', () => console.fleet().nodes.length === 6 && console.fleet().nodes.every(({isKnown}) => isKnown));

	isIdle = false;
	console.travel.goTo(where(second));
	expect(console.state().session.target.address).toBe(where(first));
	expect(console.state().ui.notice?.text).toContain('an action is under way');
	isIdle = true;
	console.travel.goTo(where(second));
	expect(console.state().session).toMatchObject({target: {name: where(second), address: where(second), db: 0}, home: {address: where(first)}});
	await console.until('it is read and can be acted on', () => {
		const {snapshot, session} = console.state();
		return snapshot.info.data?.tcpPort === second.port && session.acting === 'open';
	});
	// The others go on being watched, the home among them.
	await console.until('home is watched from there', () => (console.node(where(first))?.updatedAtMs ?? 0) > console.state().nowMs - 1500);

	for (const node of cluster.nodes) await node.call('CONFIG', 'RESETSTAT');
	await console.focus.session.actionDeps.send(['CONFIG', 'SET', 'timeout', '77'], 2000);
	await console.until('the others have been looked at again', async () => (await calls(first, 'ping')) >= 2);
	expect(await Promise.all(cluster.nodes.map(node => calls(node, 'config\\|set')))).toEqual(cluster.nodes.map(node => (node === second ? 1 : 0)));
	for (const node of cluster.nodes.filter(other => other !== second)) {
		const names = [...String(await node.call('INFO', 'commandstats')).matchAll(/cmdstat_([^:]+):/g)].map(([, name]) => name);
		const foreign = names.filter(
			name => !/^(ping|info|cluster\|(nodes|info|myid)|config\|resetstat|replconf|psync|hello|time|scan|dbsize|client\|.*|publish)$/.test(name ?? ''),
		);
		expect(foreign).toEqual([]);
	}

	console.travel.goHome();
	await console.until('home is read', () => console.state().snapshot.info.data?.tcpPort === first.port);
	expect(console.state().session.home).toBeUndefined();
	expect(console.told()).toEqual(expect.arrayContaining([`Looking at node ${where(second)} of ${where(first)}`, `Looking at ${where(first)} again`]));
});

it('what is wrong with a node is told once, however often the console goes there and home again', {timeout: 60_000}, async () => {
	const cluster = await startCluster({replicas: false});
	const [first, second] = cluster.masters;
	if (!first || !second) throw new Error('no masters');
	const {where} = cluster;
	const console = await openFleetFocus(['--cluster', first.url]);
	await console.until('all have been read', () => console.fleet().nodes.length === 3 && console.fleet().nodes.every(({isKnown}) => isKnown));
	await second.call('CONFIG', 'SET', 'maxmemory', '1');
	const isFound = (id: string) => () => console.state().findings.some(finding => finding.id === id);
	const ofOom = () => console.told().filter(text => text.startsWith('server.oom'));
	await console.until('its light connection tells of it', isFound(`server.oom@${where(second)}`));
	for (let round = 0; round < 2; round += 1) {
		console.travel.goTo(where(second));
		await console.until('its session tells of it', isFound('server.oom'));
		console.travel.goHome();
		await console.until('its light connection tells of it again', isFound(`server.oom@${where(second)}`));
	}
	expect(ofOom()).toEqual([expect.stringContaining(`server.oom: [${where(second)}]`)]);
	await second.call('CONFIG', 'SET', 'maxmemory', '64mb');
	await console.until('it is over', () => ofOom().length === 2);
	expect(ofOom()[1]).toMatch(new RegExp(`^server\\.oom@${where(second)} is over: stood`));
});
