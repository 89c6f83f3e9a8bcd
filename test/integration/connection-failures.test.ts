import {type AddressInfo, createServer, type Socket} from 'node:net';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {RespClient} from '../../src/demo/resp-client.ts';
import {startRedis, type TestRedis} from '../helpers/redis-server.ts';
import {isWhole, openTestSession, startForTest, targetOf} from '../helpers/server-session.ts';
import {type Certificates, makeCertificates} from '../helpers/tls.ts';
import {until} from '../helpers/until.ts';

let ours: Certificates;
let strange: Certificates;
let open: TestRedis;
let strict: TestRedis;

beforeAll(async () => {
	[ours, strange] = await Promise.all([makeCertificates(), makeCertificates()]);
	[open, strict] = await Promise.all([startRedis({tls: ours}), startRedis({tls: {...ours, clientAuth: true}, password: 'right'})]);
});

afterAll(async () => {
	await Promise.all([open?.stop(), strict?.stop()]);
	ours?.remove();
	strange?.remove();
});

/** The first state that is told, and the server states gone through. */
async function stateOf(argv: readonly string[]) {
	const session = await openTestSession(await targetOf(argv));
	const server = await session.until('a verdict', ({snapshot}) => snapshot.server.kind !== 'CONNECTING' && snapshot.server);
	expect(session.states).toHaveLength(2);
	return server;
}

describe('TLS that cannot be had is UNREACHABLE, with the reason', () => {
	const cases: readonly (readonly [string, () => readonly string[], RegExp])[] = [
		['a CA that did not sign it', () => ['-p', `${open.tlsPort}`, '--tls', '--cacert', strange.caFile], /handshake failed: .*(certificate|signature)/],
		['no CA given for a private one', () => ['-p', `${open.tlsPort}`, '--tls'], /handshake failed: self-signed certificate in certificate chain/],
		['another name', () => ['-p', `${open.tlsPort}`, '--tls', '--cacert', ours.caFile, '--sni', 'other.test'], /handshake failed: .*other\.test/],
		['no client certificate', () => ['-p', `${strict.tlsPort}`, '--tls', '--cacert', ours.caFile], /the server refused it \(certificate required\)/],
		[
			'a client certificate of another CA',
			() => ['-p', `${strict.tlsPort}`, '--tls', '--cacert', ours.caFile, '--cert', strange.clientCertFile, '--key', strange.clientKeyFile],
			/the server refused it \(unknown ca\)/,
		],
		['a port without TLS', () => ['-p', `${open.port}`, '--tls', '--cacert', ours.caFile], /^TLS handshake failed: the port does not speak TLS$/],
		['no TLS on a TLS port', () => ['-p', `${open.tlsPort}`], /^the port speaks TLS: add --tls/],
		['no TLS on a TLS port that wants a certificate', () => ['-p', `${strict.tlsPort}`], /^the port speaks TLS: add --tls/],
	];

	it.each(cases)('%s', async (_title, argv, detail) => {
		expect(await stateOf(argv())).toMatchObject({kind: 'UNREACHABLE', detail: expect.stringMatching(detail)});
	});
});

describe('no Redis there', () => {
	it('DOWN: nothing listens', async () => {
		expect(await stateOf(['-p', '1'])).toMatchObject({kind: 'DOWN', detail: 'connection refused: nothing listens there'});
		expect(await stateOf(['-h', 'localhost', '-p', '1'])).toMatchObject({kind: 'DOWN', detail: 'connection refused: nothing listens there'});
		expect(await stateOf(['-s', '/nowhere/redis.sock'])).toMatchObject({kind: 'DOWN', detail: 'there is no such socket'});
	});

	it('UNREACHABLE: a name that does not resolve', async () => {
		expect(await stateOf(['-h', 'no-such-host.invalid'])).toMatchObject({kind: 'UNREACHABLE', detail: expect.stringContaining('does not resolve')});
	});

	it('DOWN: something that is no Redis', async () => {
		const port = await listen(socket => socket.once('data', () => socket.end('220 mail.test ready\r\n')));
		expect(await stateOf(['-p', `${port}`])).toMatchObject({kind: 'DOWN', detail: 'what answers there does not speak the Redis protocol'});
	});

	const refusal = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';
	const web: readonly (readonly [string, (socket: Socket) => void])[] = [
		['that answers anything', socket => socket.once('data', () => socket.end(refusal))],
		['that answers lines only', socket => socket.on('data', chunk => chunk.includes('\r\n') && socket.end(refusal))],
		// An answer to what cannot be understood at all need not end the connection, and a reset may be all that is left of it.
		['that answers with a page alone', socket => socket.on('data', () => socket.end('<!DOCTYPE HTML>\n<html lang="en">\r\n'))],
		['that stays connected', socket => socket.on('data', () => socket.write(refusal))],
	];
	it.each(web)('DOWN: an HTTP server %s', async (_what, serve) => {
		const port = await listen(serve);
		expect(await stateOf(['-p', `${port}`])).toMatchObject({kind: 'DOWN', detail: 'something that is not Redis answers there (HTTP)'});
	});

	it('UNREACHABLE: an HTTP server where TLS was asked for', async () => {
		const port = await listen(socket => socket.once('data', () => socket.end(refusal)));
		expect(await stateOf(['-p', `${port}`, '--tls', '--insecure'])).toMatchObject({kind: 'UNREACHABLE', detail: expect.stringContaining('does not speak TLS')});
	});

	it('SILENT: something that says nothing', async () => {
		const port = await listen(() => {});
		expect(await stateOf(['-p', `${port}`])).toMatchObject({kind: 'SILENT', detail: 'it has not answered since we connected'});
		expect(await stateOf(['-p', `${port}`, '--tls', '--insecure'])).toMatchObject({kind: 'SILENT', detail: 'it has not answered since we connected'});
	});
});

async function listen(serve: (socket: Socket) => void): Promise<number> {
	const sockets = new Set<Socket>();
	const server = createServer(socket => {
		sockets.add(socket);
		socket.on('error', () => socket.destroy());
		serve(socket);
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return (server.address() as AddressInfo).port;
}

describe('a login that is not taken', () => {
	it('NOAUTH without a password, WRONGPASS with a wrong one or an unknown user', async () => {
		const port = `${strict.port}`;
		expect(await stateOf(['-p', port])).toMatchObject({kind: 'NOAUTH', detail: expect.stringMatching(/^NOAUTH /)});
		expect(await stateOf(['-p', port, '-a', 'wrong'])).toMatchObject({kind: 'WRONGPASS', detail: expect.stringMatching(/^WRONGPASS /)});
		expect(await stateOf(['-p', port, '--user', 'nobody', '-a', 'right'])).toMatchObject({kind: 'WRONGPASS'});
		expect(JSON.stringify(await stateOf(['-p', port, '-a', 'wrong-secret']))).not.toContain('wrong-secret');
	});

	it('recovers once the password is right', async () => {
		const redis = await startForTest({password: 'old'});
		const session = await openTestSession(await targetOf(['-p', `${redis.port}`, '-a', 'new']));
		await session.until('WRONGPASS', ({snapshot}) => snapshot.server.kind === 'WRONGPASS');
		await redis.call('CONFIG', 'SET', 'requirepass', 'new');
		await session.until('OK, and everything read', isWhole);
	});
});

it('UNREACHABLE: a machine that answers no TCP at all, until it does', async () => {
	// A stopped process whose backlog is full: the kernel drops every further attempt to connect.
	const redis = await startForTest({conf: {'tcp-backlog': 1}});
	const inside = await openTestSession(redis.url, {label: 'inside@test'});
	await inside.until('everything has been read', isWhole);
	redis.signal('SIGSTOP');
	const fillers: Promise<RespClient>[] = [];
	const isFull = async () => {
		const filler = RespClient.open({port: redis.port});
		fillers.push(filler);
		return !(await Promise.race([filler, new Promise(resolve => setTimeout(resolve, 100))]));
	};
	await until('the backlog is full', isFull);

	const outside = await openTestSession(redis.url);
	const server = await outside.until('a verdict', ({snapshot}) => snapshot.server.kind !== 'CONNECTING' && snapshot.server);
	expect(server).toMatchObject({kind: 'UNREACHABLE', detail: 'no TCP connection: no answer in 2000 ms'});
	await inside.until('it has knocked in vain', ({snapshot}) => snapshot.server.kind === 'UNREACHABLE');
	expect(inside.state().snapshot.server.detail).toBe('TCP connections are no longer taken');

	redis.signal('SIGCONT');
	await Promise.all([outside, inside].map(session => session.until('OK, and everything read', isWhole)));
	expect(inside.states.map(({kind}) => kind)).toEqual(['CONNECTING', 'OK', 'SILENT', 'UNREACHABLE', 'OK']);
	for (const filler of fillers) (await filler).close();
});

describe('a database that does not exist', () => {
	it('is told, and everything else is read all the same', async () => {
		const session = await openTestSession(await targetOf(['-p', `${open.port}`, '-n', '99']));
		const {database} = await session.until('everything has been read', state => isWhole(state) && state.snapshot.database.error && state.snapshot);
		expect(database).toEqual({selected: undefined, error: expect.stringMatching(/^ERR .*out of range/)});
		expect(String(await open.call('INFO', 'commandstats'))).toMatch(/cmdstat_select:calls=1,/);
	});
});
