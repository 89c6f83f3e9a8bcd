import {expect, it} from 'vitest';
import {check} from '../../helpers/check-run.ts';
import {startCluster} from '../../helpers/cluster.ts';
import {until} from '../../helpers/until.ts';

it('check --cluster tells of every node, with its name beside the finding', async () => {
	const cluster = await startCluster();
	const [first, , third] = cluster.masters;
	const [, , heir] = cluster.replicas;
	if (!first || !third || !heir) throw new Error('no masters');
	await third.call('CONFIG', 'SET', 'maxmemory', '1');
	await heir.kill();
	await until('the cluster calls it failed', async () => String(await first.call('CLUSTER', 'NODES')).includes('slave,fail '));
	const {report, code} = await check(['--cluster', first.url]);
	expect(report.findings).toEqual(
		expect.arrayContaining([
			expect.objectContaining({id: 'server.oom', severity: 'P0', node: cluster.where(third), remedies: []}),
			expect.objectContaining({id: 'server.down', severity: 'P1', node: cluster.where(heir)}),
			expect.objectContaining({
				id: 'ha.none',
				severity: 'P2',
				node: cluster.where(third),
				title: `[${cluster.where(third)}] No replica: if this server is lost, nobody takes over its 5,462 slots`,
			}),
		]),
	);
	expect(code).toBe(2);
});

it('check of a replica says that its queues are read at its master, and nothing of rights', async () => {
	const {replicas} = await startCluster();
	const [replica] = replicas;
	if (!replica) throw new Error('no replica');
	const {report} = await check([replica.url]);
	expect(report).toMatchObject({queues: null, access: {mayNotRun: []}});
	expect(JSON.stringify(report)).toContain('a replica of a cluster: its queues are read at its master');
});
