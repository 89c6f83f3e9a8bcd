import {expect, it, onTestFinished, vi} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {type MasterMove, SentinelWatcher} from '../../src/poll/sentinel-watcher.ts';
import {parseWatchedMaster} from '../../src/redis/parse/sentinel.ts';
import {noonMs, storeWith} from '../helpers/fixtures.ts';
import {masterReply, nodes, replicaReply} from '../helpers/sentinel-replies.ts';

type Fields = Readonly<Record<string, string>>;
const old = {ip: '10.0.0.9', port: '6379'};
const promoted: Fields = {ip: '10.0.0.10', port: '6379', 'config-epoch': '5'};

/** A watcher of a console that looks at this address, and three Sentinels that answer with what the test says. */
async function watch(looksAt: string) {
	const store = storeWith();
	store.setState(({session}) => ({session: {...session, target: {...session.target, address: looksAt}}}));
	let masters: readonly Fields[] = [{}, {}, {}];
	let looks = 0;
	const moves: MasterMove[] = [];
	const stop = new AbortController();
	const watcher = new SentinelWatcher({
		group: {
			async ask() {
				looks += 1;
				return nodes.map((node, index) => {
					const fields = masters[index] ?? {};
					const other = fields === promoted ? old : {ip: '10.0.0.10', port: '6379'};
					return {node, atMs: noonMs, master: parseWatchedMaster(masterReply(fields)), replies: [[replicaReply(other), replicaReply({ip: '10.0.0.11'})], 'OK']};
				});
			},
		},
		lines: {reach: () => Promise.reject(new Error('nobody is reached in this test')), keepOnly: () => {}},
		master: 'shop',
		store,
		clock: systemClock,
		apply: change => store.setState(({snapshot}) => ({snapshot: change(snapshot, noonMs)})),
		onSwitch: move => moves.push(move),
	});
	const running = watcher.run(stop.signal);
	onTestFinished(async () => {
		stop.abort();
		await running;
	});
	const looked = async () => {
		const before = looks;
		await vi.waitFor(() => expect(looks).toBeGreaterThan(before), 3000);
	};
	await vi.waitFor(() => expect(store.getState().snapshot.sentinels?.latest).toBeDefined());
	return {
		moves,
		following: () => store.getState().snapshot.sentinels?.following,
		/** Sentinel `index` publishes a switch; then they are asked. */
		async publishes(index: number, next: readonly Fields[], [from, to] = ['10.0.0.9', '10.0.0.10']) {
			masters = next;
			watcher.hear(nodes[index] ?? '', '+switch-master', `shop ${from} 6379 ${to} 6379`);
			await looked();
		},
	};
}

it.each([
	['the master', '10.0.0.9:6379', true, '10.0.0.10:6379'],
	['the replica that is promoted', '10.0.0.10:6379', false, '10.0.0.10:6379'],
	['another replica', '10.0.0.11:6379', false, undefined],
])('tells a console that looks at %s of a switch that one of them has published', async (_what, looksAt, isHere, following) => {
	const {moves, publishes, ...now} = await watch(looksAt);
	await publishes(1, [{}, promoted, {}]);
	await vi.waitFor(() => expect(moves).toEqual([{from: '10.0.0.9:6379', to: '10.0.0.10:6379', epoch: 5, isHere}]));
	expect(now.following()).toBe(following);
});

it('does not go where one sends it that knows of no later failover', async () => {
	const {moves, publishes} = await watch('10.0.0.9:6379');
	await publishes(0, [{ip: '10.0.0.11'}, {}, {}], ['10.0.0.9', '10.0.0.11']);
	await publishes(0, [{ip: '10.0.0.11'}, {}, {}], ['10.0.0.9', '10.0.0.11']);
	expect(moves).toEqual([]);
	await publishes(1, [promoted, promoted, promoted]);
	await vi.waitFor(() => expect(moves).toHaveLength(1));
	// One that comes back tells of what is long past.
	await publishes(2, [promoted, promoted, {'config-epoch': '3'}], ['10.0.0.10', '10.0.0.9']);
	await publishes(2, [promoted, promoted, {'config-epoch': '3'}], ['10.0.0.10', '10.0.0.9']);
	expect(moves).toHaveLength(1);
});
