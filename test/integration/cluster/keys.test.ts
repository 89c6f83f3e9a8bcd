import {expect, it} from 'vitest';
import {chosenQueue} from '../../../src/actions/queues/queue-target.ts';
import {queueItems} from '../../../src/store/lists/queue-list.ts';
import {startCluster} from '../../helpers/cluster.ts';
import {openFleetFocus} from '../../helpers/fleet-focus.ts';

it('a survey walks through all masters, and queues are found on every one of them, each with its node', async () => {
	const cluster = await startCluster({replicas: false});
	const [first, second, third] = cluster.masters;
	if (!first || !second || !third) throw new Error('no masters');
	const {where} = cluster;
	// Tags whose slots are those of the first, the second and the third.
	const tags = await Promise.all([first, second, third].map((_, part) => tagWithin(first, [part * 5462, part * 5462 + 5000])));
	for (const [index, node] of [first, second, third].entries()) {
		for (let key = 0; key < 50; key += 1) await node.call('SET', `user:{${tags[index]}}:${key}`, 'x'.repeat(100));
		await node.call('SET', `only:{${tags[index]}}`, 'y'.repeat(10_000 * (index + 1)));
	}
	const base = `{${tags[1]}}:orders`;
	await second.call('HSET', `${base}:meta`, 'version', 'bullmq:5.1.0', 'opts.maxLenEvents', '10000');
	await second.call('RPUSH', `${base}:wait`, '1', '2');
	await second.call('HSET', `${base}:1`, 'name', 'mail', 'data', '{}', 'timestamp', '1');
	await second.call('HSET', `${base}:2`, 'name', 'mail', 'data', '{}', 'timestamp', '1');

	const console = await openFleetFocus(['--cluster', first.url]);
	await console.until('all have been read', () => console.fleet().nodes.length === 3 && console.fleet().nodes.every(({isKnown}) => isKnown));
	await console.focus.session.survey.start();
	const {shown} = console.state().survey;
	expect(shown?.ending).toMatchObject({kind: 'finished', detail: ''});
	expect(shown?.progress).toMatchObject({scannedKeys: 157, totalKeys: 157, node: {position: 3, count: 3}});
	expect(shown?.result?.total).toMatchObject({keys: 157, keysError: 0});
	expect(shown?.result?.bigKeys.slice(0, 3).map(({name, node}) => [name, node])).toEqual([
		[`only:{${tags[2]}}`, where(third)],
		[`only:{${tags[1]}}`, where(second)],
		[`only:{${tags[0]}}`, where(first)],
	]);

	const item = await console.until('the queue is found', () => queueItems(console.state()).find(({node}) => node === where(second)), 30_000);
	expect(item.queue).toMatchObject({id: base, waiting: 2});
	// Between two searches, which are half a minute apart here, its figures follow.
	await console.until(
		'the first search of all is over',
		() => console.fleet().nodes.every(({address, isQueueSearchComplete}) => address === where(first) || isQueueSearchComplete),
		30_000,
	);
	const pushedAtMs = Date.now();
	await second.call('RPUSH', `${base}:wait`, '3');
	await second.call('HSET', `${base}:3`, 'name', 'mail', 'data', '{}', 'timestamp', '1');
	const fresh = await console.until(
		'its figures are new',
		() => queueItems(console.state()).find(({node, queue}) => node === where(second) && queue.waiting === 3),
		15_000,
	);
	expect(fresh.atMs).toBeGreaterThanOrEqual(pushedAtMs);
	console.store.setState(({ui}) => ({ui: {...ui, focus: 'queues', panes: {...ui.panes, queues: {...ui.panes.queues, selectedId: item.id}}}}));
	expect(chosenQueue(console.state(), {on: [], set: {}})).toEqual({
		refused: `It is on node ${where(second)}, and actions go to ${where(first)} alone: o goes there`,
	});
	console.travel.goToPointed();
	await console.until('it is there', () => queueItems(console.state()).some(({id, node}) => id === base && node === undefined), 30_000);
	expect(console.state().session.target.address).toBe(where(second));
});

async function tagWithin(node: {readonly call: (...argv: readonly string[]) => Promise<unknown>}, [from, to]: readonly [number, number]): Promise<string> {
	for (let index = 0; ; index += 1) {
		const slot = Number(await node.call('CLUSTER', 'KEYSLOT', `t${index}`));
		if (slot >= from && slot <= to) return `t${index}`;
	}
}
