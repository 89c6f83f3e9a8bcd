import {expect, it} from 'vitest';
import {startCluster} from '../../helpers/cluster.ts';
import {openFleetFocus} from '../../helpers/fleet-focus.ts';

it('tells a master that dies, with its address, the failover, and that it is back as a replica', async () => {
	const cluster = await startCluster();
	const [first, second] = cluster.masters;
	const [, heir] = cluster.replicas;
	if (!first || !second || !heir) throw new Error('no masters');
	const {where} = cluster;
	const console = await openFleetFocus(['--cluster', first.url]);
	await console.until('all have been read', () => console.fleet().nodes.length === 6 && console.fleet().nodes.every(({isKnown}) => isKnown));

	await second.kill();
	const finding = await console.until('its end is found', () => console.state().findings.find(({id}) => id === `server.down@${where(second)}`));
	expect(finding).toMatchObject({
		severity: 'P0',
		node: where(second),
		remedies: [],
		title: expect.stringMatching(new RegExp(`^\\[${where(second)}\\] The server is down`)),
	});
	expect(finding.steps?.at(-1)).toContain(`goes to ${where(second)}`);
	await console.until('the cluster calls it failed', () => console.node(where(second))?.flags.includes('fail'));
	await console.until('its replica has taken over', () => console.node(where(heir))?.role === 'master' && (console.node(where(heir))?.slots.length ?? 0) > 0);
	expect(console.told()).toContain(`Failover: ${where(heir)} is the master now; it was a replica of ${where(second)}`);
	await console.until('the cluster is whole again', () => console.fleet().cluster?.slotsOk === 16_384 && console.fleet().cluster?.state === 'ok');
	await console.until('it stops nobody any more', () => console.node(where(second))?.findings[0]?.severity === 'P1');
	const light = await console.until('which the strip says too', () =>
		console.state().findings.find(({id, severity}) => id === `server.down@${where(second)}` && severity === 'P1'),
	);
	expect(light).toMatchObject({
		components: ['redundancy: one copy less'],
		steps: [expect.stringContaining('rejoins as a replica'), `Enter goes to ${where(second)}.`],
	});

	const seenMs = console.node(where(second))?.server.sinceMs;
	console.travel.goTo(where(second));
	const own = await console.until('it is down there too', () => console.state().findings.find(({id}) => id === 'server.down'));
	expect(own).toMatchObject({severity: 'P1', components: ['redundancy: one copy less']});
	expect(console.state().snapshot.server.sinceMs).toBe(seenMs);
	console.travel.goHome();
	expect(console.told().filter(text => text.includes('is worse'))).toEqual([]);

	await second.restart();
	await console.until(
		'it is a replica now',
		() => console.node(where(second))?.role === 'replica' && console.node(where(second))?.masterAddress === where(heir),
	);
	await console.until('and no longer down', () => console.state().findings.every(({id}) => id !== `server.down@${where(second)}`));
	await console.until('which is told', () => console.told().some(text => text.startsWith(`server.down@${where(second)} is over: stood`)));
	expect(console.told()).toContain(`${where(second)} is a replica of ${where(heir)} now; it was a master`);
	const [told] = console.told().filter(text => text.startsWith('server.down: '));
	expect(told).toContain(`[${where(second)}]`);
});

it('goes on when the node it was opened for dies, finds the others by it no more but by themselves, and says when keys are refused', async () => {
	const cluster = await startCluster({replicas: false});
	const [first, second, third] = cluster.masters;
	if (!first || !second || !third) throw new Error('no masters');
	const {where} = cluster;
	const console = await openFleetFocus(['--cluster', first.url]);
	await console.until('all have been read', () => console.fleet().nodes.length === 3 && console.fleet().nodes.every(({isKnown}) => isKnown));

	await first.kill();
	// For a moment the nodes know that slots are gone and have not drawn the conclusion.
	const whole = 'The cluster is down: 5,461 of 16,384 slots have no node that serves them';
	const down = await console.until('keys are refused', () => console.state().findings.find(({title}) => title === whole));
	expect(down).toMatchObject({id: 'cluster.down', severity: 'P0'});
	await console.until('who has failed is named', () =>
		console
			.state()
			.findings.find(({id}) => id === 'cluster.down')
			?.evidence.includes(`failed: ${where(first)}`),
	);
	await console.until('it is told', () => console.told().includes('The cluster is down: keys are answered CLUSTERDOWN'));
	expect(console.node(where(second))?.server.kind).toBe('OK');
	// From one that dies to one that lives.
	console.travel.goTo(where(third));
	await console.until('the other is looked at', () => console.state().snapshot.info.data?.tcpPort === third.port);

	await first.restart();
	await console.until(
		'keys are served again',
		() => console.fleet().cluster?.state === 'ok' && console.state().findings.every(({id}) => id !== 'cluster.down'),
		20_000,
	);
	expect(console.told()).toContain('The cluster serves keys again');
});
