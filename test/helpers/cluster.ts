import {onTestFinished} from 'vitest';
import {startRedis, type TestRedis} from './redis-server.ts';
import {until} from './until.ts';

const allSlots = 16_384;

export type TestCluster = {
	/** Masters first, then their replicas in the same order. */
	readonly nodes: readonly TestRedis[];
	readonly masters: readonly TestRedis[];
	readonly replicas: readonly TestRedis[];
	readonly idOf: (node: TestRedis) => Promise<string>;
	readonly where: (node: TestRedis) => string;
};

type ClusterOptions = {readonly masters?: number; readonly replicas?: boolean; readonly confLines?: readonly string[]; readonly nodeTimeoutMs?: number};

/** A cluster on 127.0.0.1, whole and in agreement; the end of the test stops all of it. */
export async function startCluster({
	masters: count = 3,
	replicas: hasReplicas = true,
	confLines = [],
	nodeTimeoutMs = 1000,
}: ClusterOptions = {}): Promise<TestCluster> {
	const conf = ['cluster-enabled yes', `cluster-node-timeout ${nodeTimeoutMs}`, 'maxmemory 64mb', ...confLines];
	const nodes = await Promise.all(
		Array.from({length: hasReplicas ? count * 2 : count}, async () => {
			const node = await startRedis({confLines: conf});
			onTestFinished(node.stop);
			return node;
		}),
	);
	const [masters, replicas] = [nodes.slice(0, count), nodes.slice(count)];
	const [first] = masters;
	if (!first) throw new Error('a cluster has a node');
	for (const [index, node] of masters.entries()) {
		const [from, next] = [index, index + 1].map(part => Math.floor((allSlots * part) / count));
		await node.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String((next ?? 0) - 1));
		// Two with one epoch would have to settle it first.
		await node.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
	}
	for (const node of nodes.slice(1)) await node.call('CLUSTER', 'MEET', '127.0.0.1', String(first.port));
	const idOf = async (node: TestRedis) => String(await node.call('CLUSTER', 'MYID'));
	const knowsAll = async (node: TestRedis) => {
		const lines = String(await node.call('CLUSTER', 'NODES'))
			.trim()
			.split('\n');
		return lines.length === nodes.length && lines.every(line => !/handshake|noaddr/.test(line));
	};
	for (const node of nodes) await until('every node knows all the others', () => knowsAll(node), 20_000);
	for (const [index, node] of replicas.entries()) await node.call('CLUSTER', 'REPLICATE', await idOf(masters[index] ?? first));
	for (const node of nodes) await until('the cluster is whole', async () => String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok'), 20_000);
	for (const node of replicas)
		await until('the replica is in sync', async () => String(await node.call('INFO', 'replication')).includes('master_link_status:up'), 20_000);
	for (const node of nodes)
		await until(
			'everybody knows who follows whom',
			async () =>
				String(await node.call('CLUSTER', 'NODES'))
					.split('\n')
					.filter(line => line.includes('slave')).length === replicas.length,
			20_000,
		);
	return {nodes, masters, replicas, idOf, where: ({port}) => `127.0.0.1:${port}`};
}
