import {expect, it, onTestFinished} from 'vitest';
import {phases} from '../../helpers/action-server.ts';
import {openSentinelSession} from '../../helpers/sentinel-session.ts';
import {masterName, startSentinels} from '../../helpers/sentinels.ts';
import {endlessWriter, startEndless} from '../../helpers/stuck-script.ts';
import {until} from '../../helpers/until.ts';

const id = 'sentinel.failover';
const failover = ['SENTINEL', 'FAILOVER', masterName];

async function openGroup(options: Parameters<typeof startSentinels>[0] = {}) {
	const group = await startSentinels({server: {conf: {'busy-reply-threshold': 100}}, ...options});
	onTestFinished(group.stop);
	const addresses = {master: `127.0.0.1:${group.master.port}`, replica: `127.0.0.1:${group.replica?.port}`};
	return {group, ...addresses, ...(await openSentinelSession(group))};
}

const roleOf = async ({call}: {readonly call: (...argv: string[]) => Promise<unknown>}) => /role:(\w+)/.exec(String(await call('INFO', 'replication')))?.[1];

it('makes the replica the master, asks one Sentinel once, and sees it done by all; then a second one from here is refused', async () => {
	const {group, master, replica, run, told, nodes, audit, session} = await openGroup();
	await group.master.call('SET', 'kept', '1');
	await session.until('the replica is in the list', ({snapshot: {info}}) => info.data?.replicas?.some(({address}) => address === replica));
	const {request, result} = await run(id);
	expect(request).toMatchObject({plan: [failover], places: [nodes[0]], danger: 'destructive', word: masterName});
	expect(request?.undo).toMatch(/^cannot be undone/);
	expect(request?.facts).toEqual([
		['asks', `${nodes[0]} for ${masterName}; 3 of 3 Sentinels answer`],
		['quorum', 'OK 3 usable Sentinels'],
		['replica', expect.stringMatching(new RegExp(`^${replica}  \\d+B behind, priority 100: becomes the master$`))],
	]);
	expect(result).toMatchObject({
		outcome: 'done',
		detail: `${replica} is the master now, say 3 of 3 Sentinels; ${master} becomes its replica`,
		undo: undefined,
	});
	expect(told()).toEqual([[failover], [], []]);
	expect(await roleOf(group.replica as typeof group.master)).toBe('master');
	expect(phases(await audit())).toEqual(['intent', 'outcome done']);
	const values = (address: string) => ({values: {[`master of ${masterName}`]: address}});
	expect((await audit())[1]).toMatchObject({before: values(master), after: values(replica), plan: [failover]});

	await until('the old master follows', async () => (await roleOf(group.master)) === 'slave', 20_000);
	await session.until('the console sees it', ({snapshot: {info}}) => info.data?.role === 'replica');
	expect((await run(id)).result).toMatchObject({outcome: 'refused', detail: 'This server is a replica: watch its master to fail over'});
}, 60_000);

it('works while the master is BUSY, and says that what the script writes there is lost', async () => {
	const {group, replica, run, session, told} = await openGroup();
	await startEndless(group.master, endlessWriter);
	await session.until('it is BUSY', ({snapshot: {server}}) => server.kind === 'BUSY');
	const {request, result} = await run(id);
	expect(request?.effect.join()).toContain('what a script that still runs there has written');
	expect(result).toMatchObject({outcome: 'done'});
	expect(result.detail).toMatch(new RegExp(`^${replica} is the master now`));
	expect(told()).toEqual([[failover], [], []]);
}, 60_000);

it('is refused where no replica can be promoted, and where another is the master already', async () => {
	const {group, master, replica, run, told, session} = await openGroup({sentinels: 1});
	const [sentinel] = group.group;
	await group.replica?.kill();
	await until('the Sentinel sees it', async () => [await sentinel?.call('SENTINEL', 'REPLICAS', masterName)].flat(2).join().includes('disconnected'), 20_000);
	expect((await run(id)).result).toMatchObject({
		outcome: 'refused',
		detail: `No replica can be promoted, Sentinel would say NOGOODSLAVE: ${replica}: Sentinel has no connection to it`,
	});
	await sentinel?.call('SENTINEL', 'REMOVE', masterName);
	await sentinel?.call('SENTINEL', 'MONITOR', masterName, '127.0.0.1', '1', '1');
	expect((await run(id)).result.detail).toBe(
		`${session.state().session.sentinels?.nodes[0]} sees 127.0.0.1:1 as the master, and this console watches ${master}: the console follows by itself once they agree`,
	);
	await sentinel?.call('SENTINEL', 'REMOVE', masterName);
	expect((await run(id)).result.detail).toMatch(/^No Sentinel can be asked for shop: 127\.0\.0\.1:\d+: it watches no shop$/);
	expect(told()).toEqual([[]]);
}, 60_000);

it('sends nothing when it is left; a lost reply is unknown, and it is sent once', async () => {
	const {run, told, proxies, audit} = await openGroup({sentinels: 1});
	expect((await run(id, {confirm: () => false})).result.outcome).toBe('cancelled');
	expect(told()).toEqual([[]]);
	const lost = proxies[0]?.loseReplyTo(([, subcommand]) => subcommand === 'FAILOVER');
	const {result} = await run(id);
	await lost;
	expect(result).toMatchObject({outcome: 'unknown'});
	expect(told()).toEqual([[failover]]);
	expect(phases(await audit())).toEqual(['outcome cancelled', 'intent', 'outcome unknown']);
}, 60_000);

it('says what Sentinel says where it will not: another failover has begun in the last moment', async () => {
	const {group, run, session} = await openGroup({sentinels: 1});
	const [sentinel] = group.group;
	// After the last look at what the Sentinels say.
	const sendToSentinel: typeof session.actionDeps.sendToSentinel = async (...sending) => {
		await sentinel?.call(...failover);
		return session.actionDeps.sendToSentinel(...sending);
	};
	const {result} = await run(id, {deps: {sendToSentinel}});
	expect(result).toMatchObject({outcome: 'failed', detail: 'a failover is under way already (INPROG)'});
}, 60_000);
