import {spawnSync} from 'node:child_process';
import {expect, it} from 'vitest';
import {startCluster} from '../helpers/cluster.ts';
import {startForTest} from '../helpers/server-session.ts';
import {program, startTriage} from '../helpers/triage.ts';

it('shows all nodes, goes into one, whose name the dialog and the identity line say, and comes back', async () => {
	const cluster = await startCluster();
	const [first, second] = cluster.masters;
	if (!first || !second) throw new Error('no masters');
	const {where} = cluster;
	const triage = await startTriage(['--cluster', first.url], {cols: 120, rows: 40});
	await triage.waitFor(/ OK +GUARDED/);
	await triage.press('5');
	await triage.waitFor(/5 HA {2}cluster +6 nodes, worst first/, 20_000);
	await triage.waitFor(/cluster ok {2}all slots covered {2}3 masters, 3 replicas {2}0 failed/);
	await triage.waitFor(screen => cluster.nodes.every(node => new RegExp(`${where(node)}\\*? +(master|replica) .* OK `).test(screen)));

	await triage.press('/');
	// Its replica has the address of its master in its row.
	await triage.type(`:${second.port} master\n`);
	await triage.waitFor(new RegExp(`/:${second.port} master: 1 of 6`));
	await triage.press('g');
	await triage.waitFor(new RegExp(`▸ ${where(second)} `));
	await triage.pressHinted('o go to this server');
	await triage.waitFor(new RegExp(`^ node ${where(second)} of ${where(first)}.* OK +GUARDED`));
	await triage.press('B');
	const dialog = await triage.waitFor(/y run it/);
	expect(dialog).toMatch(new RegExp(`target +${where(second)} +master +of ${where(first)}, this one alone`));
	await triage.press('Escape');
	await triage.waitFor(screen => !screen.includes('y run it'));
	// The filter, and then home.
	await triage.press('Escape');
	await triage.waitFor(/6 nodes, worst first/);
	await triage.pressHinted('Esc back home', 'Escape');
	await triage.waitFor(new RegExp(`^ ${where(first)} .* OK +GUARDED`));
	expect(await triage.screen()).not.toContain(' node ');
	// Nobody has saved anything.
	for (const node of cluster.nodes) expect(String(await node.call('INFO', 'commandstats'))).not.toContain('cmdstat_bgsave');
});

it('a finding of another node leads there', async () => {
	const cluster = await startCluster({replicas: false});
	const [first, second] = cluster.masters;
	if (!first || !second) throw new Error('no masters');
	const {where} = cluster;
	await second.call('CONFIG', 'SET', 'maxmemory', '1');
	const triage = await startTriage(['--cluster', first.url], {cols: 80, rows: 24});
	await triage.waitFor(new RegExp(`P0 \\[${where(second)}\\] `), 20_000);
	await triage.press('F');
	await triage.waitFor(new RegExp(`Enter goes to ${where(second)}`));
	await triage.press('Enter');
	await triage.waitFor(new RegExp(`^ node ${where(second)} of .* OOM `));
});

it('says that a server is no node of a cluster, in the console and in check', async () => {
	const redis = await startForTest();
	const triage = await startTriage(['--cluster', redis.url], {cols: 80, rows: 24});
	await triage.waitFor('No other nodes: this server is not in cluster mode', 20_000);
	const {stdout} = spawnSync(process.execPath, [program, 'check', '--cluster', redis.url], {encoding: 'utf8', timeout: 20_000});
	expect(stdout.replace(/\s+/g, ' ')).toContain(
		'Not read CLUSTER NODES: this server is not in cluster mode: leave out --cluster, or cluster: true in the config file',
	);
});
