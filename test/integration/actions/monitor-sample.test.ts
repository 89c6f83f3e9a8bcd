import {readFile} from 'node:fs/promises';
import {type AddressInfo, createConnection, createServer} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {sampleMonitor} from '../../../src/commands/console/sample-monitor.ts';
import {RespClient} from '../../../src/demo/resp-client.ts';
import {ServerRefusedError} from '../../../src/errors.ts';
import {openMonitorTap} from '../../../src/redis/monitor-tap.ts';
import {dialogContent} from '../../../src/views/overlays/dialog-lines.ts';
import {openActionTest, phases} from '../../helpers/action-server.ts';
import type {TestRedis} from '../../helpers/redis-server.ts';
import {openTestSession, startForTest, targetOf} from '../../helpers/server-session.ts';
import {makeCertificates} from '../../helpers/tls.ts';
import {until} from '../../helpers/until.ts';

const secret = 'hunter2-hunter2';

/** Clients that go on calling until the test ends. */
async function traffic(redis: TestRedis, commands: readonly (readonly string[])[], name = 'web-1') {
	const client = await redis.connect();
	onTestFinished(() => client.close());
	await client.call('CLIENT', 'SETNAME', name);
	let isOver = false;
	onTestFinished(() => {
		isOver = true;
	});
	const loop = async () => {
		while (!isOver) await client.pipeline(commands);
	};
	// The end of the test closes the connection in the middle of it.
	loop().catch(() => undefined);
}

const monitors = async (redis: TestRedis) =>
	String(await redis.call('CLIENT', 'LIST'))
		.split('\n')
		.filter(line => /:monitor |flags=O/.test(line));

const usual = [
	['GET', 'session:1'],
	['GET', 'session:2'],
	['SET', 'cart:77', 'the-value'],
	['AUTH', 'default', secret],
	['HELLO', '2', 'AUTH', 'default', secret],
	['EVAL', `-- limiter\nreturn '${secret}'`, '1', 'rl:1', secret],
	['CONFIG', 'SET', 'masterauth', secret],
];

it('shows what is on top and who asks, and of no secret anything', async () => {
	const {redis, run, proxy, audit, session} = await openActionTest();
	await traffic(redis, usual);
	await session.until('it is listed', ({snapshot}) => snapshot.clients.data?.clients.some(({name}) => name === 'web-1'));
	const {request, result, told} = await run('monitor.sample', {choice: {set: {seconds: '1'}}});
	expect(request).toMatchObject({plan: [['MONITOR']], danger: 'disruptive', stops: 'sampling'});
	expect(result).toMatchObject({outcome: 'done', detail: expect.stringMatching(/^[\d,]+ commands in 1(\.\d)?s; ended when its time was up$/)});
	expect(proxy.sentBy('monitor')).toEqual([['MONITOR']]);
	expect(proxy.sentBy('act')).toEqual([]);

	const text = result.output.join('\n');
	expect(result.output.length).toBeLessThanOrEqual(25);
	expect(result.output.find(line => line.startsWith('command'))).toContain('GET');
	for (const shown of ['GET session:*', 'SET cart:*', '127.0.0.1 web-*', 'EVAL <limiter> 1 rl:1 ***']) expect(text).toContain(shown);
	expect(told.length).toBeGreaterThan(1);
	expect(told.every(({output = []}) => output.length <= 8)).toBe(true);
	for (const hidden of [secret, 'the-value']) {
		expect(JSON.stringify([result, told])).not.toContain(hidden);
		expect(await readFile(session.state().session.auditFile, 'utf8')).not.toContain(hidden);
	}
	expect(phases(await audit())).toEqual(['intent', 'outcome done']);
	expect(await audit()).toMatchObject([{plan: [['MONITOR']]}, {plan: [['MONITOR']], output: result.output}]);
	await until('the connection is gone', async () => (await monitors(redis)).length === 0);

	if (!request) throw new Error('it was not asked for');
	const dialog = {request, openedAtMs: 0, phase: 'ended', typed: '', offset: 0, progress: undefined, isSeen: true, isStopping: false, result} as const;
	const lines = dialogContent({dialog, session: session.state().session, role: 'master', checks: [], acted: [], nowMs: 0, width: 100, ascii: false});
	const screen = lines.map(line => line.map(({text: part}) => part).join('')).join('\n');
	for (const line of result.output) expect(screen).toContain(line.slice(0, 60));
});

it('ends at once when it has read as much as it may', async () => {
	const {redis, run} = await openActionTest();
	const value = 'x'.repeat(20_000);
	for (const name of ['load-1', 'load-2'])
		await traffic(
			redis,
			Array.from({length: 50}, () => ['SET', 'big', value]),
			name,
		);
	const {result} = await run('monitor.sample', {choice: {set: {seconds: '30', 'max-mib': '1'}}});
	expect(result).toMatchObject({outcome: 'done', detail: expect.stringContaining('it had read as much as it may')});
	await until('the connection is gone', async () => (await monitors(redis)).length === 0);
});

/** Between us and the server, and at some moment it reads no more: as a line that is too slow. */
async function startSlowLine(serverPort: number, readBytes: number): Promise<number> {
	const listener = createServer(client => {
		const server = createConnection(serverPort, '127.0.0.1');
		let seen = 0;
		client.pipe(server);
		server.on('data', chunk => {
			client.write(chunk);
			seen += chunk.length;
			if (seen > readBytes) server.pause();
		});
		for (const socket of [client, server]) socket.on('error', () => socket.destroy()).on('close', () => [client, server].map(one => one.destroy()));
	});
	await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => void listener.close());
	return (listener.address() as AddressInfo).port;
}

it('ends when too much waits for it in the server', async () => {
	const {redis, session} = await openActionTest();
	await traffic(
		redis,
		Array.from({length: 20}, () => ['SET', 'big', 'x'.repeat(2000)]),
	);
	const {clock, store, look} = session.actionDeps;
	const target = await targetOf([`redis://127.0.0.1:${await startSlowLine(redis.port, 500_000)}`]);
	const parts = {target, name: 'redis-triage:tester@test:monitor', clock, store, look};
	const ending = await sampleMonitor(parts, {durationMs: 20_000, maxBytes: 1e12}, () => {}, new AbortController().signal);
	expect(ending).toMatchObject({because: 'buffer'});
	expect(ending.commands).toBeGreaterThan(100);
	await until('the connection is gone', async () => (await monitors(redis)).length === 0);
});

it('leaves no MONITOR behind, whatever goes wrong', async () => {
	const {redis, session} = await openActionTest();
	const {clock, store} = session.actionDeps;
	const parts = {target: await targetOf([redis.url]), name: 'redis-triage:tester@test:monitor', clock, store};
	const refuse = () => Promise.reject(new ServerRefusedError('NOPERM no'));
	const {signal} = new AbortController();
	const sampling = {durationMs: 700, maxBytes: 1e12};
	// What it cannot be told of its own buffer ends nothing.
	expect(await sampleMonitor({...parts, look: refuse}, sampling, () => {}, signal)).toMatchObject({because: 'time'});
	const fail = () => {
		throw new Error('nobody can be told');
	};
	await expect(sampleMonitor({...parts, look: refuse}, {...sampling, durationMs: 60_000}, fail, signal)).rejects.toThrow('nobody can be told');
	await until('the connection is gone', async () => (await monitors(redis)).length === 0);
});

it('is stopped by the operator, and sends nothing when it is left', async () => {
	const {redis, run, proxy, audit} = await openActionTest();
	await traffic(redis, usual);
	expect((await run('monitor.sample', {confirm: () => false})).result.outcome).toBe('cancelled');
	expect(proxy.sentBy('monitor')).toEqual([]);
	const {result} = await run('monitor.sample', {choice: {set: {seconds: '30'}}, onProgress: (_progress, stop) => stop()});
	expect(result).toMatchObject({outcome: 'done', detail: expect.stringContaining('stopped by the operator')});
	expect(result.output[0]).toMatch(/^[\d,]+ commands in/);
	await until('the connection is gone', async () => (await monitors(redis)).length === 0);
	expect(phases(await audit())).toEqual(['outcome cancelled', 'intent', 'outcome done']);
});

it('says so when the connection is lost in the middle', async () => {
	const {redis, run, proxy} = await openActionTest();
	await traffic(redis, usual);
	const {result} = await run('monitor.sample', {choice: {set: {seconds: '30'}}, onProgress: () => proxy.cut()});
	expect(result).toMatchObject({outcome: 'unverified', detail: expect.stringContaining('the connection was lost')});
	expect(result.output[0]).toMatch(/^[\d,]+ commands in/);
});

it('calls a lost reply unknown', async () => {
	const {run, proxy} = await openActionTest();
	const lost = proxy.loseReplyTo(([command]) => command === 'MONITOR');
	expect((await run('monitor.sample')).result.outcome).toBe('unknown');
	await lost;
	expect(proxy.sentBy('monitor')).toEqual([['MONITOR']]);
});

it('is refused by the server, in its words, where this user may not and nobody could ask in advance', async () => {
	const redis = await startForTest({acl: [`op on >${secret} ~* +@all -monitor -acl|dryrun`]});
	const session = await openTestSession(`redis://op:${secret}@127.0.0.1:${redis.port}`);
	await session.until('it is open', ({session: {acting}}) => acting === 'open');
	const sampling = session.actionDeps.sample({durationMs: 1000, maxBytes: 1e6}, () => {}, new AbortController().signal);
	await expect(sampling).rejects.toMatchObject({name: 'ServerRefusedError', code: 'NOPERM'});
});

it('is not sent where ACL DRYRUN says no', async () => {
	const {run, session, proxy} = await openActionTest({acl: ['default on nopass ~* &* +@all -monitor']});
	await session.until('it is known', ({snapshot}) => snapshot.permissions.data?.get('MONITOR') === false);
	expect((await run('monitor.sample')).result).toMatchObject({outcome: 'refused', detail: 'This user has no permission to run MONITOR'});
	expect(proxy.sentBy('monitor')).toEqual([]);
});

it.each(['TLS', 'a Unix socket', 'a password'])('works over %s', async how => {
	const certificates = await makeCertificates();
	onTestFinished(certificates.remove);
	const redis = await startForTest({unixSocket: true, tls: certificates, password: secret});
	const target = await targetOf(
		how === 'TLS'
			? [redis.url, '--cacert', certificates.caFile]
			: [how === 'a password' ? `redis://:${secret}@127.0.0.1:${redis.port}` : `unix://:${secret}@${redis.socketPath}`],
	);
	const session = await openTestSession(target);
	await session.until('it is open', ({session: {acting}}) => acting === 'open');
	const client = await RespClient.open({port: redis.port});
	onTestFinished(() => client.close());
	const ending = await session.actionDeps.sample({durationMs: 600, maxBytes: 1e6}, () => void client.call('AUTH', secret), new AbortController().signal);
	expect(ending).toMatchObject({because: 'time'});
	expect(ending.commands).toBeGreaterThan(0);
	expect(ending.lines.join('\n')).not.toContain(secret);
});

it('gives up in a login that is not answered, and leaves no connection behind', async () => {
	const redis = await startForTest();
	redis.signal('SIGSTOP');
	const options = {target: await targetOf([redis.url]), name: 'x', maxBytes: 1e6, patienceMs: 300, onLine: () => {}};
	await expect(openMonitorTap({...options, signal: new AbortController().signal})).rejects.toMatchObject({name: 'NotSentError'});
	const stop = new AbortController();
	const opening = openMonitorTap({...options, patienceMs: 60_000, signal: stop.signal});
	stop.abort();
	await expect(opening).rejects.toMatchObject({name: 'NotSentError'});
	redis.signal('SIGCONT');
	await until(
		'nobody else is there',
		async () =>
			String(await redis.call('CLIENT', 'LIST'))
				.trim()
				.split('\n').length === 1,
	);
});
