import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {RespClient} from '../../src/demo/resp-client.ts';
import {launchServer, quote, type ScratchServer} from '../../src/demo/scratch-server.ts';
import {findServerBinary} from '../../src/demo/server-binary.ts';
import {type RedisOptions, startRedis} from './redis-server.ts';
import {until} from './until.ts';
import {unwatch, watch} from './watchdog.ts';

export type TestSentinel = {
	readonly node: string;
	readonly port: number;
	readonly call: RespClient['call'];
	readonly signal: ScratchServer['signal'];
	readonly stop: () => Promise<void>;
};

type GroupOptions = {
	readonly downAfterMs?: number;
	/** The second one is never the first choice of a failover. */
	readonly replicas?: 0 | 1 | 2;
	readonly sentinels?: number;
	/** Of the Sentinels themselves. */
	readonly password?: string;
	readonly server?: RedisOptions;
};

export const masterName = 'shop';

export type Group = Awaited<ReturnType<typeof startSentinels>>;

/** A master, its replicas and three Sentinels of theirs on 127.0.0.1, when all of them know each other. */
export async function startSentinels({downAfterMs = 60_000, replicas = 1, sentinels = 3, password, server = {}}: GroupOptions = {}) {
	const stops: (() => Promise<void>)[] = [];
	const stop = async () => {
		await Promise.all(stops.map(end => end()));
	};
	const started = <T extends {readonly stop: () => Promise<void>}>(process: T): T => {
		stops.push(process.stop);
		return process;
	};
	try {
		const master = started(await startRedis(server));
		// Before the Sentinels: they look for replicas at once, and then every ten seconds.
		const replica = replicas === 0 ? undefined : started(await startRedis({...server, replicaOf: master.port}));
		const bystander =
			replicas < 2 ? undefined : started(await startRedis({...server, conf: {...server.conf, 'replica-priority': 200}, replicaOf: master.port}));
		const lines = [
			`sentinel monitor ${masterName} 127.0.0.1 ${master.port} ${Math.floor(sentinels / 2) + 1}`,
			`sentinel down-after-milliseconds ${masterName} ${downAfterMs}`,
			`sentinel failover-timeout ${masterName} 10000`,
			...(password === undefined ? [] : [`requirepass ${quote(password)}`, `sentinel sentinel-pass ${quote(password)}`]),
		];
		const group = await Promise.all(Array.from({length: sentinels}, async () => started(await startSentinel(lines, password))));
		for (const sentinel of group) await untilWhole(sentinel, `status=ok,address=127.0.0.1:${master.port},slaves=${replicas},sentinels=${sentinels}`);
		return {master, replica, bystander, group, nodes: group.map(({node}) => node), stop};
	} catch (error) {
		await stop();
		throw error;
	}
}

/** It knows all the others, and its replicas so well that it would promote them. */
async function untilWhole({call}: TestSentinel, wanted: string): Promise<void> {
	await until(`a Sentinel says ${wanted}`, async () => String(await call('INFO', 'sentinel')).includes(wanted), 30_000);
	await until('its replicas can be promoted', async () => !(await fieldsOf(call, 'REPLICAS')).includes('err'), 30_000);
}

/** The command line that names them. */
export const sentinelArgv = (nodes: readonly string[], master = masterName): readonly string[] => ['--sentinel', nodes.join(','), '--master', master];

const fieldsOf = async (call: RespClient['call'], what: string): Promise<readonly unknown[]> => [await call('SENTINEL', what, masterName)].flat(2);

/** `down-after-milliseconds` as this Sentinel has it. */
export async function downAfterOf({call}: TestSentinel): Promise<number> {
	const fields = await fieldsOf(call, 'MASTER');
	return Number(fields[fields.indexOf('down-after-milliseconds') + 1]);
}

async function startSentinel(lines: readonly string[], password: string | undefined): Promise<TestSentinel> {
	const dir = mkdtempSync(join(tmpdir(), 'redis-triage-sentinel-'));
	const remove = () => rmSync(dir, {recursive: true, force: true, maxRetries: 5, retryDelay: 20});
	try {
		const server = await launchServer({binary: findServerBinary(process.env), dir, config: () => lines, isSentinel: true});
		watch(server.pid, dir);
		void server.exited.then(() => unwatch(server.pid));
		const client = await RespClient.open({port: server.port});
		if (password !== undefined) await client.call('AUTH', password);
		const stop = async () => {
			client.close();
			server.signal('SIGCONT');
			server.signal('SIGKILL');
			await server.exited;
			remove();
		};
		return {node: `127.0.0.1:${server.port}`, port: server.port, call: (...argv) => client.call(...argv), signal: server.signal, stop};
	} catch (error) {
		remove();
		throw error;
	}
}
