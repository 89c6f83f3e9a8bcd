import {expect, it} from 'vitest';
import {haItems} from '../../src/store/lists/ha-list.ts';
import {replicaTells} from '../../src/views/ha/replica-own.ts';
import {openFleetFocus} from '../helpers/fleet-focus.ts';
import {startForTest} from '../helpers/server-session.ts';

it('reads the replicas of its server, goes to one, and from there knows the master and the other replica', async () => {
	const master = await startForTest();
	const [one, other] = [await startForTest({replicaOf: master.port}), await startForTest({replicaOf: master.port})];
	const [where, whereOne, whereOther] = [master, one, other].map(({port}) => `127.0.0.1:${port}`) as [string, string, string];
	const console = await openFleetFocus([master.url]);
	await console.until('both have been read', () => console.fleet().nodes.filter(({isKnown}) => isKnown).length === 2);
	expect(console.fleet().kind).toBe('replicas');
	expect(console.node(whereOne)).toMatchObject({role: 'replica', masterAddress: where, info: {masterLinkUp: true, replicaReadOnly: true}});
	// No memory limit is a risk that the master runs too: no news of its replicas.
	await console.until('the master has been judged', () => console.state().findings.some(({id}) => id === 'memory.no-limit'));
	expect(console.state().findings.filter(({node}) => node !== undefined)).toEqual([]);
	await console.until('both are online', () => haItems(console.state()).every(({replica}) => replica?.state === 'online'));
	const items = haItems(console.state());
	expect(items.map(({id, replica, node}) => [id, replica?.state, node?.role]).toSorted()).toEqual(
		[whereOne, whereOther].toSorted().map(id => [id, 'online', 'replica']),
	);

	console.travel.goTo(whereOne);
	await console.until('it is looked at', () => console.state().snapshot.info.data?.tcpPort === one.port);
	await console.until(
		'master and sibling are known from there',
		() =>
			haItems(console.state())
				.map(({id}) => id)
				.join(' ') === `${where} ${whereOther}`,
	);
	expect(console.told()).toContain(`Looking at replica ${whereOne} of ${where}`);
	console.travel.goTo(where);
	await console.until('home again', () => console.state().session.home === undefined && console.state().snapshot.info.data?.tcpPort === master.port);
});

it('goes on reading the replicas while the master is blocked, and says what they may still tell', async () => {
	const master = await startForTest({conf: {'busy-reply-threshold': 100}});
	const replica = await startForTest({replicaOf: master.port});
	const where = `127.0.0.1:${replica.port}`;
	const console = await openFleetFocus([master.url]);
	await console.until('the replica has been read', () => console.node(where)?.isKnown);
	expect(replicaTells(console.state(), false)).toEqual([]);
	const blocking = await master.connect();
	void blocking.call('EVAL', 'while true do end', '0').catch(() => undefined);
	await console.until('the master is BUSY', () => console.state().snapshot.server.kind === 'BUSY');
	const busySince = Date.now();
	await console.until('the replica is read anew', () => (console.node(where)?.updatedAtMs ?? 0) > busySince);
	const told = replicaTells(console.state(), false).map(spans => spans.map(({text}) => text).join(''));
	expect(told).toHaveLength(1);
	expect(told[0]).toMatch(new RegExp(`^ ${where} answers reads, data of \\d+s ago, up to offset [\\d,]+ +o looks there$`));
	// A way from a blocked server to one that answers.
	console.travel.goTo(where);
	await console.until('it is looked at', () => console.state().snapshot.info.data?.tcpPort === replica.port);
	expect(console.node(`127.0.0.1:${master.port}`)?.server.kind ?? 'BUSY').toBe('BUSY');
	await master.call('SCRIPT', 'KILL');
});

it('a replica that cannot be reached from here is said to be so, and is no finding', async () => {
	const master = await startForTest();
	await startForTest({replicaOf: master.port, confLines: ['replica-announce-port 1']});
	const console = await openFleetFocus([master.url]);
	const lost = await console.until('it has been tried', () => console.fleet().nodes.find(({server}) => server.kind === 'DOWN'));
	expect(lost).toMatchObject({address: '127.0.0.1:1', isKnown: false, findings: []});
	expect(console.state().findings.filter(({node}) => node !== undefined)).toEqual([]);
});
