import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Reply} from '../../src/demo/resp.ts';
import {RespClient} from '../../src/demo/resp-client.ts';
import {launchServer, quote, type ScratchServer} from '../../src/demo/scratch-server.ts';
import {findServerBinary} from '../../src/demo/server-binary.ts';
import type {Certificates} from './tls.ts';
import {until} from './until.ts';
import {unwatch, watch} from './watchdog.ts';

export type RedisOptions = {
	/** Settings, one value each: `{maxclients: 100}`. */
	readonly conf?: Readonly<Record<string, string | number>>;
	/** Raw lines of redis.conf, for directives that repeat or take several arguments: `rename-command CONFIG ""`. */
	readonly confLines?: readonly string[];
	/** Fixed port; without it a free one is found. */
	readonly port?: number;
	/** Also listen on `<dir>/redis.sock`. */
	readonly unixSocket?: boolean;
	/** Also listen with TLS, on `tlsPort`; `url` is then the rediss:// one. `clientAuth` demands a client certificate. */
	readonly tls?: Certificates & {readonly clientAuth?: boolean};
	readonly password?: string;
	/** ACL users as redis.conf has them, without the word `user`: `operator on >secret ~* +@all`. */
	readonly acl?: readonly string[];
	/** Port of the master to follow; start resolves when the link is up. */
	readonly replicaOf?: number;
	/** Allow DEBUG (SLEEP, RELOAD, …), which 7.0 and newer forbid by default. */
	readonly debugCommand?: boolean;
};

/** `listening` does not wait for the end of loading: for tests that want to see LOADING. */
type Up = {readonly until?: 'ready' | 'listening'};

export type TestRedis = {
	readonly port: number;
	readonly tlsPort: number | undefined;
	readonly socketPath: string | undefined;
	/** The process that runs now: another one after `restart`. */
	readonly pid: number;
	readonly url: string;
	readonly dir: string;
	/** One command on a kept plain connection that nobody else uses. Rejects with a ReplyError for an error reply. */
	readonly call: (...argv: readonly string[]) => Promise<Reply>;
	/** A new plain connection of the caller's own; logged in when the server has a password. */
	readonly connect: () => Promise<RespClient>;
	/** Returns false when the process has already gone. */
	readonly signal: (name: NodeJS.Signals) => boolean;
	/** Ends the process with SIGKILL and resolves when it is gone; folder and port stay ours for `restart`. */
	readonly kill: () => Promise<void>;
	/** Start it again, on the same port and folder; kills it first if it still runs. */
	readonly restart: (up?: Up) => Promise<void>;
	/** End it and remove its folder. Safe to call twice. */
	readonly stop: () => Promise<void>;
	readonly logText: () => string;
};

/** Path of the server program under test. Throws, never skips, when there is none. */
const serverBinary = (): string => findServerBinary(process.env);

/** What the program under test says that it is: product (`Redis`, `Valkey`), version (`7.0.15`). */
export function serverUnderTest(): {readonly product: string; readonly version: string; readonly major: number} {
	const text = spawnSync(serverBinary(), ['--version'], {encoding: 'utf8'}).stdout;
	const [, product, version] = /^(\w+) server v=(\d[\w.-]*)/.exec(text) ?? [];
	if (product === undefined || version === undefined) throw new Error(`no version in ${JSON.stringify(text)}`);
	return {product, version, major: Number.parseInt(version, 10)};
}

/** Start a real server on 127.0.0.1 in a folder of its own, without persistence. It does not outlive the test run. */
export async function startRedis(options: RedisOptions = {}): Promise<TestRedis> {
	const binary = serverBinary();
	const dir = mkdtempSync(join(tmpdir(), 'redis-triage-test-'));
	const socketPath = options.unixSocket ? join(dir, 'redis.sock') : undefined;
	const lines = configLines(options, socketPath);
	const launch = async (port: number | undefined, up: Up = {}) => {
		const started = await launchServer({binary, dir, port, until: up.until, config: own => lines(own + tlsOffset)});
		watch(started.pid, dir);
		void started.exited.then(() => unwatch(started.pid));
		return started;
	};

	let server: ScratchServer;
	try {
		server = await launch(options.port);
	} catch (error) {
		rmSync(dir, {recursive: true, force: true});
		throw error;
	}
	const {port} = server;
	const tlsPort = options.tls ? port + tlsOffset : undefined;
	const connect = async () => {
		const client = await RespClient.open({port});
		if (options.password !== undefined) await client.call('AUTH', options.password);
		return client;
	};

	let kept: Promise<RespClient> | undefined;
	const keptClient = () => {
		if (kept) return kept;
		const opening = connect();
		const forget = () => {
			if (kept === opening) kept = undefined;
		};
		kept = opening;
		// The caller hears of a failure to connect through the promise that it gets.
		opening.then(client => client.closed).then(forget, forget);
		return opening;
	};
	const kill = async () => {
		kept = undefined;
		server.signal('SIGCONT');
		server.signal('SIGKILL');
		await server.exited;
	};

	const redis: TestRedis = {
		port,
		tlsPort,
		socketPath,
		dir,
		connect,
		kill,
		get pid() {
			return server.pid;
		},
		url: urlOf(options, port),
		call: async (...argv) => (await keptClient()).call(...argv),
		signal: name => server.signal(name),
		async restart(up) {
			await kill();
			server = await launch(port, up);
		},
		async stop() {
			await kill();
			rmSync(dir, {recursive: true, force: true, maxRetries: 5, retryDelay: 20});
		},
		logText: () => readFileSync(join(dir, 'redis.log'), 'utf8'),
	};
	if (options.replicaOf !== undefined)
		await until('the replica is in sync', async () => String(await redis.call('INFO', 'replication')).includes('master_link_status:up'));
	return redis;
}

/** Above the ports that `launchServer` picks, so that the two never meet. */
const tlsOffset = 12_100;

function configLines(options: RedisOptions, socketPath: string | undefined): (tlsPort: number) => readonly string[] {
	const {conf = {}, confLines = [], tls, password, acl = [], replicaOf, debugCommand} = options;
	const fixed = [
		// The default of 7.0 makes a first replica wait for 5 s.
		'repl-diskless-sync-delay 0',
		...(socketPath ? [`unixsocket ${quote(socketPath)}`] : []),
		...(password === undefined ? [] : [`requirepass ${quote(password)}`]),
		...acl.map(user => `user ${user}`),
		...(replicaOf === undefined ? [] : [`replicaof 127.0.0.1 ${replicaOf}`]),
		...(debugCommand && serverUnderTest().major >= 7 ? ['enable-debug-command yes'] : []),
		...Object.entries(conf).map(([key, value]) => `${key} ${quote(String(value))}`),
		...confLines,
	];
	if (!tls) return () => fixed;
	const files = [`tls-ca-cert-file ${quote(tls.caFile)}`, `tls-cert-file ${quote(tls.serverCertFile)}`, `tls-key-file ${quote(tls.serverKeyFile)}`];
	return tlsPort => [`tls-port ${tlsPort}`, ...files, `tls-auth-clients ${tls.clientAuth ? 'yes' : 'no'}`, ...fixed];
}

function urlOf({tls, password}: RedisOptions, port: number): string {
	const login = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
	return tls ? `rediss://${login}127.0.0.1:${port + tlsOffset}` : `redis://${login}127.0.0.1:${port}`;
}
