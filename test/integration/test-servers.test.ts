import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import {expect, it, onTestFinished} from 'vitest';
import {RespClient} from '../../src/demo/resp-client.ts';
import {bundle} from '../helpers/bundle.ts';
import {openIdleConnections} from '../helpers/idle-connections.ts';
import {isRunning} from '../helpers/processes.ts';
import {startProxy} from '../helpers/proxy.ts';
import {type RedisOptions, startRedis} from '../helpers/redis-server.ts';
import {makeCertificates} from '../helpers/tls.ts';
import {until} from '../helpers/until.ts';

async function start(options: RedisOptions = {}) {
	const redis = await startRedis(options);
	onTestFinished(redis.stop);
	return redis;
}

it('starts servers side by side, stops them, and leaves neither process nor folder', async () => {
	const servers = await Promise.all([startRedis(), startRedis({unixSocket: true}), startRedis({conf: {maxclients: 77}})]);
	expect(new Set(servers.map(({port}) => port)).size).toBe(3);
	expect(await Promise.all(servers.map(({call}) => call('PING')))).toEqual(['PONG', 'PONG', 'PONG']);
	expect(await servers[2].call('CONFIG', 'GET', 'maxclients')).toEqual(['maxclients', '77']);
	const overSocket = await RespClient.open({port: 0, path: servers[1].socketPath});
	expect(await overSocket.call('ECHO', 'hé')).toBe('hé');

	await Promise.all(servers.map(({stop}) => stop()));
	for (const {pid, dir} of servers) {
		expect(isRunning(pid)).toBe(false);
		expect(existsSync(dir)).toBe(false);
	}
});

it('freezes, dies and comes back on the same port', async () => {
	const redis = await start();
	const {pid} = redis;
	await redis.call('PING');
	redis.signal('SIGSTOP');
	let hasAnswered = false;
	const answer = redis.call('PING').then(() => {
		hasAnswered = true;
	});
	await until('the process is stopped', () => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
	expect(hasAnswered).toBe(false);
	redis.signal('SIGCONT');
	await answer;

	redis.signal('SIGSTOP');
	await redis.kill();
	await expect(redis.call('PING')).rejects.toThrow('ECONNREFUSED');
	await redis.restart();
	expect(redis.pid).not.toBe(pid);
	expect(await redis.call('PING')).toBe('PONG');
	expect(redis.logText().match(/Ready to accept connections/g)).toHaveLength(2);
});

it('can be met while it is loading', async () => {
	// The delay is in microseconds a key, the interval makes the server answer in between.
	const redis = await start({debugCommand: true, conf: {'key-load-delay': 2000, 'loading-process-events-interval-bytes': 1024}});
	await redis.call('DEBUG', 'POPULATE', '500');
	await redis.call('SAVE');
	await redis.restart({until: 'listening'});
	await expect(redis.call('PING')).rejects.toThrow(/^LOADING/);
	await until('it has loaded', () => redis.call('PING'));
	expect(await redis.call('DBSIZE')).toBe(500);
});

it('knows passwords, ACL users, DEBUG and replicas', async () => {
	const master = await start({password: 'p w"\\', acl: ['watcher on >secret ~* &* -@all +ping'], debugCommand: true});
	expect(await master.call('DEBUG', 'SLEEP', '0')).toBe('OK');
	const watcher = await RespClient.open({port: master.port});
	await expect(watcher.call('PING')).rejects.toThrow('NOAUTH');
	expect(await watcher.call('AUTH', 'watcher', 'secret')).toBe('OK');
	await expect(watcher.call('INFO')).rejects.toThrow('NOPERM');
	const replica = await start({replicaOf: master.port, conf: {masterauth: 'p w"\\'}});
	expect(await replica.call('ROLE')).toEqual(['slave', '127.0.0.1', master.port, 'connected', expect.any(Number)]);
});

it('speaks TLS with a CA of its own, and can demand a client certificate', async () => {
	const certificates = await makeCertificates();
	onTestFinished(certificates.remove);
	const redis = await start({tls: {...certificates, clientAuth: true}});
	const pem = (file: string) => readFileSync(file, 'utf8');
	const tls = {ca: pem(certificates.caFile), cert: pem(certificates.clientCertFile), key: pem(certificates.clientKeyFile), servername: 'redis.test'};
	const client = await RespClient.open({port: redis.tlsPort ?? 0, tls});
	expect(await client.call('PING')).toBe('PONG');
	client.close();
	await expect(RespClient.open({port: redis.tlsPort ?? 0, tls: {servername: 'redis.test'}})).rejects.toThrow('certificate');
	expect(redis.url).toBe(`rediss://127.0.0.1:${redis.tlsPort}`);
});

it('reports a bad setting instead of hanging', async () => {
	await expect(startRedis({conf: {'no-such-setting': 1}})).rejects.toThrow('no-such-setting');
});

it('proxies, loses exactly one reply, stalls and cuts', async () => {
	const redis = await start();
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);

	const client = await RespClient.open({port: proxy.port});
	expect(await client.call('HELLO', '3')).toBeInstanceOf(Map);
	const lost = proxy.loseReplyTo(([command]) => command === 'INCR');
	const replies = [client.call('SET', 'a', '1'), client.call('INCR', 'a'), client.call('INCR', 'a')];
	expect(await Promise.allSettled(replies)).toMatchObject([{value: 'OK'}, {status: 'rejected'}, {status: 'rejected'}]);
	expect(await lost).toEqual(['INCR', 'a']);
	expect(await redis.call('GET', 'a')).toBe('2');
	expect(proxy.commands).toEqual([
		['HELLO', '3'],
		['SET', 'a', '1'],
		['INCR', 'a'],
	]);
	expect(proxy.openConnections()).toBe(0);

	const second = await RespClient.open({port: proxy.port});
	await second.call('PING');
	proxy.stall();
	const {up} = proxy.bytes;
	const stalled = second.call('INCR', 'a');
	await redis.call('PING');
	expect(proxy.bytes.up).toBe(up);
	proxy.resume();
	expect(await stalled).toBe(3);
	proxy.cut();
	await second.closed;
});

it('opens thousands of idle connections, and counts the refused', async () => {
	const redis = await start({conf: {maxclients: 3000}});
	await redis.call('PING');
	const idle = await openIdleConnections(redis.port, 3100, {name: index => (index < 5 ? `named-${index}` : undefined)});
	expect(idle).toMatchObject({accepted: 2999, refused: 101});
	expect(String(await redis.call('CLIENT', 'LIST')).match(/name=named-/g)).toHaveLength(5);
	expect(await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')).toBe(2999);
	await until('all of them have gone', () => idle.openCount() === 0);
});

it('leaves no server behind when the test process is killed outright', async () => {
	const {file, remove} = await bundle('test/fixtures/server-entry.ts');
	onTestFinished(remove);
	const run = spawn(process.execPath, [file], {stdio: ['pipe', 'pipe', 'inherit']});
	const [line] = await once(run.stdout, 'data');
	const {pid, dir} = JSON.parse(String(line)) as {readonly pid: number; readonly dir: string};
	process.kill(pid, 'SIGSTOP');
	run.kill('SIGKILL');
	await until('its folder is gone', () => !existsSync(dir));
	expect(isRunning(pid)).toBe(false);
});
