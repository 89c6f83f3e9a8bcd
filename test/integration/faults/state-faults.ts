import {mkdirSync, rmSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {openIdleConnections} from '../../helpers/idle-connections.ts';
import {startRedis, type TestRedis} from '../../helpers/redis-server.ts';
import {until} from '../../helpers/until.ts';
import type {Fault, World} from './fault.ts';
import {seedWorld} from './run-fault.ts';

/** Another server, gone with the row. */
async function another({defer}: World, options: Parameters<typeof startRedis>[0] = {}): Promise<TestRedis> {
	const redis = await startRedis(options);
	defer(redis.stop);
	return redis;
}

const set =
	(name: string, value: string) =>
	({witness}: World) =>
		witness.call('CONFIG', 'SET', name, value);

/** Until INFO of the server itself says so. */
const untilTold = ({witness}: World, what: string) => until(what, async () => String(await witness.call('INFO', 'everything')).includes(what));

/** Where the snapshot would be put; a folder with something in it cannot be replaced by a file. */
const inTheWay = ({redis}: World) => join(redis.dir, 'in-the-way');

async function failToSave(world: World): Promise<void> {
	mkdirSync(join(inTheWay(world), 'folder'), {recursive: true});
	await world.witness.call('BGSAVE');
	await untilTold(world, 'rdb_last_bgsave_status:err');
}

/** The next file that the server opens is one that takes nothing: `No space left on device`. */
async function fillDisk(world: World): Promise<void> {
	symlinkSync('/dev/full', join(world.redis.dir, 'appendonlydir', 'appendonly.aof.2.incr.aof'));
	await world.witness.call('BGREWRITEAOF');
	await until('it is written to', async () => {
		await world.witness.call('SET', 'rl:2', '1').catch(() => undefined);
		return String(await world.witness.call('INFO', 'persistence')).includes('aof_last_write_status:err');
	});
	await untilTold(world, 'aof_rewrite_in_progress:0');
}

const masters = new WeakMap<World, TestRedis>();

/** The server follows another, which has what is looked at. */
async function follow(world: World): Promise<undefined> {
	const master = await another(world);
	masters.set(world, master);
	const witness = await master.connect();
	world.defer(() => witness.close());
	await seedWorld({...world, redis: master, witness});
	await world.witness.call('REPLICAOF', '127.0.0.1', String(master.port));
	await untilTold(world, 'master_link_status:up');
}

export const stateFaults: readonly Fault[] = [
	{
		name: 'MAXCLIENTS: every connection is taken',
		redis: {conf: {maxclients: 30}},
		strike: async ({redis, defer}) => {
			const crowd = await openIdleConnections(redis.port, 40);
			defer(() => crowd.close());
		},
		kind: 'MAXCLIENTS',
		says: /maxclients|connections/,
		withheld: {'monitor.sample': 'it needs a connection of its own, and none is free'},
		lift: async ({witness}) => witness.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
	},
	{
		name: 'LOADING, after a restart',
		redis: {debugCommand: true, conf: {'key-load-delay': 1500, 'loading-process-events-interval-bytes': 1024}},
		strike: async ({redis, witness}) => {
			await witness.call('DEBUG', 'POPULATE', '2000');
			await witness.call('SAVE');
			await redis.restart({until: 'listening'});
		},
		kind: 'LOADING',
		isTold: ({snapshot: {server}}) => server.loadedPercent !== undefined,
		isSettled: ({snapshot: {contact, clients}, session}) =>
			contact.link === 'open' && session.acting === 'open' && (clients.updatedAtMs ?? 0) > contact.linkSinceMs,
		isRestarted: true,
		withheld: {'client.kill': 'the bystander has gone with the server', 'client.unblock': 'nobody waits any more'},
		says: /loading its data/,
		lift: async () => undefined,
	},
	{
		name: 'OOM: over maxmemory, and nothing may be evicted',
		strike: set('maxmemory', '500kb'),
		kind: 'OOM',
		says: /refused/,
		withheld: {'queue.retry-failed': 'its script begins with what needs room'},
		lift: set('maxmemory', '0'),
	},
	{
		name: 'MISCONF: the snapshot cannot be written',
		redis: {confLines: ['save 3600 1000', 'dbfilename in-the-way']},
		strike: failToSave,
		kind: 'MISCONF',
		isSettled: ({snapshot}) => snapshot.info.data?.saveInProgress === false,
		says: /snapshot could not be written/,
		lift: async world => {
			rmSync(inTheWay(world), {recursive: true});
			await world.witness.call('BGSAVE');
			await untilTold(world, 'rdb_last_bgsave_status:ok');
		},
	},
	{
		name: 'MISCONF: the append-only file cannot be written',
		redis: {conf: {appendonly: 'yes'}},
		strike: fillDisk,
		kind: 'MISCONF',
		isSettled: ({snapshot: {info}}) => info.data?.aofRewriteInProgress === false && info.data.aofLastWriteOk === false,
		says: /append-only file cannot be written/,
		lift: set('appendonly', 'no'),
	},
	{
		name: 'READONLY: it has become a replica',
		strike: async world => {
			const master = await another(world);
			await world.witness.call('REPLICAOF', '127.0.0.1', String(master.port));
			await untilTold(world, 'master_link_status:up');
		},
		kind: 'READONLY',
		says: /read-only replica/,
		lift: ({witness}) => witness.call('REPLICAOF', 'NO', 'ONE'),
	},
	{
		name: 'MASTERDOWN: a replica that answers nothing without its master',
		redis: {conf: {'replica-serve-stale-data': 'no'}},
		seed: follow,
		usual: 'READONLY',
		strike: async world => masters.get(world)?.kill(),
		kind: 'MASTERDOWN',
		isSettled: ({findings}) => findings.some(({id}) => id === 'replication.link-down'),
		says: /link to the master is down/,
		lift: async world => masters.get(world)?.restart(),
	},
	{
		name: 'NOREPLICAS: fewer in sync than min-replicas-to-write',
		strike: set('min-replicas-to-write', '1'),
		kind: 'NOREPLICAS',
		says: /Writes are refused/,
		lift: set('min-replicas-to-write', '0'),
	},
	{
		name: 'CLUSTERDOWN: a slot that nobody serves',
		redis: {conf: {'cluster-enabled': 'yes'}},
		seed: async world => {
			await world.witness.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
			await until('the cluster is up', async () => String(await world.witness.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
			await seedWorld(world);
		},
		strike: ({witness}) => witness.call('CLUSTER', 'DELSLOTS', '77'),
		kind: 'CLUSTERDOWN',
		says: /cluster/i,
		lift: ({witness}) => witness.call('CLUSTER', 'ADDSLOTS', '77'),
	},
];
