import {expect, it} from 'vitest';
import {startCluster} from '../../helpers/cluster.ts';
import {doer} from '../../helpers/do-run.ts';
import type {TestRedis} from '../../helpers/redis-server.ts';

const keysOf = async (node: TestRedis) => Number(await node.call('DBSIZE'));

/** So many keys of its own slots, found by trial. */
async function fill(node: TestRedis, prefix: string, count: number, [from, to]: readonly [number, number]): Promise<void> {
	for (let made = 0, index = 0; made < count; index += 1) {
		const slot = Number(await node.call('CLUSTER', 'KEYSLOT', `${prefix}:${index}`));
		if (slot < from || slot > to) continue;
		await node.call('SET', `${prefix}:${index}`, 'x');
		made += 1;
	}
}

it('do --cluster says which node it is, acts there alone, and is refused by a replica as on the screen', {timeout: 60_000}, async () => {
	const cluster = await startCluster();
	const [first, second] = cluster.masters;
	const [replica] = cluster.replicas;
	if (!first || !second || !replica) throw new Error('no nodes');
	for (const [node, slots] of [
		[first, [0, 5460]],
		[second, [5461, 10_921]],
	] as const) {
		await fill(node, 'tmp', 20, slots);
		// Not nearly everything is to be deleted.
		await fill(node, 'keep', 40, slots);
	}
	const id = (await cluster.idOf(first)).slice(0, 8);
	const {run} = doer();
	const unlink = (url: string, ...more: readonly string[]) => run(['keys.unlink', '--cluster', '--on', 'tmp:*', url, ...more]);

	const shown = await unlink(first.url, '--dry-run');
	expect(shown).toMatchObject({code: 0});
	expect(shown.text).toContain(`  node      ${id}, slots 0-5460; of the whole cluster this node alone\n`);
	expect(shown.text).toContain('of this node only: the others keep theirs');

	const done = await unlink(first.url, '--confirm', cluster.where(first));
	expect(done).toMatchObject({code: 0});
	expect(await Promise.all([first, second].map(keysOf))).toEqual([40, 60]);

	const refused = await unlink(replica.url, '--dry-run');
	expect(refused).toMatchObject({code: 1});
	expect(refused.text).toContain('It cannot run now: It is a replica and takes no writes: act on its master');
	expect((await unlink(replica.url, '--confirm', cluster.where(replica))).text).toContain('It is a replica and takes no writes: act on its master');
});
