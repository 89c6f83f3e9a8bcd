import {inspect} from 'node:util';
import {expect, it, onTestFinished} from 'vitest';
import {type Clock, systemClock} from '../../src/clock.ts';
import {DeadlineError, NotSentError, ReplyLostError, ServerRefusedError} from '../../src/errors.ts';
import {Link, type LinkStatus} from '../../src/redis/link.ts';
import {type Proxy as CommandProxy, startProxy} from '../helpers/proxy.ts';
import {openTestSession, startForTest, targetOf} from '../helpers/server-session.ts';
import {until} from '../helpers/until.ts';

const patientMs = 5000;

async function openLink(argv: readonly string[]) {
	const link = new Link({target: await targetOf(argv), name: 'link-under-test', clock: systemClock}).open();
	onTestFinished(() => link.close());
	return link;
}

async function startBehindProxy() {
	const redis = await startForTest({debugCommand: true});
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	const link = await openLink([proxy.url]);
	await untilOpen(link);
	return {redis, proxy, link};
}

const untilOpen = (link: Link) =>
	until('the link is open', () => (link.status.kind === 'open' ? link.status : Promise.reject(new Error(JSON.stringify(link.status)))));
const untilSettled = (link: Link) => until('nothing is owed', () => !link.waiting);
const sent = ({commands}: CommandProxy, name: string) => commands.filter(([command]) => command === name);

it('drops a reply that comes after its deadline: the next commands get their own', async () => {
	const {proxy, link} = await startBehindProxy();
	await expect(link.send(['DEBUG', 'SLEEP', '0.3'], 50)).rejects.toThrow(new DeadlineError('no reply to DEBUG in 50 ms: it may still run'));
	expect(link.waiting).toMatchObject({command: 'DEBUG'});
	expect(link.status.kind).toBe('open');

	const refused = await Promise.allSettled([link.send(['ECHO', 'too early'], patientMs), link.send(['PING'], patientMs)]);
	expect(refused).toMatchObject([{reason: expect.any(NotSentError)}, {reason: {message: 'the server still owes the reply to DEBUG'}}]);
	await untilSettled(link);
	expect(proxy.commands.map(([command]) => command)).toEqual(['HELLO', 'DEBUG']);

	expect(await Promise.all(['a', 'b', 'c'].map(text => link.send(['ECHO', text], patientMs)))).toEqual(['a', 'b', 'c']);
	expect(proxy.openConnections()).toBe(1);
});

it('a command behind a pause runs once, after its deadline', async () => {
	const {redis, proxy, link} = await startBehindProxy();
	await redis.call('CLIENT', 'PAUSE', '400', 'WRITE');
	await expect(link.send(['INCR', 'counter'], 50)).rejects.toThrow(DeadlineError);
	expect(await redis.call('GET', 'counter')).toBeNull();
	await untilSettled(link);
	expect(await link.send(['GET', 'counter'], patientMs)).toBe('1');
	expect(sent(proxy, 'INCR')).toHaveLength(1);
	expect(String(await redis.call('INFO', 'commandstats'))).toContain('cmdstat_incr:calls=1,');
});

it('a reply lost with its connection is told as lost; the command ran once and is not sent again', async () => {
	const {redis, proxy, link} = await startBehindProxy();
	const lost = proxy.loseReplyTo(([command]) => command === 'INCR');
	await expect(link.send(['INCR', 'counter'], patientMs)).rejects.toThrow(new ReplyLostError('the connection ended before the reply to INCR'));
	expect(await lost).toEqual(['INCR', 'counter']);
	await expect(link.send(['INCR', 'counter'], patientMs)).rejects.toThrow(new NotSentError('no connection (connecting)'));

	await untilOpen(link);
	expect(await link.send(['GET', 'counter'], patientMs)).toBe('1');
	expect(sent(proxy, 'INCR')).toHaveLength(1);
	expect(sent(proxy, 'HELLO')).toHaveLength(2);
	expect(String(await redis.call('INFO', 'commandstats'))).toContain('cmdstat_incr:calls=1,');
});

it('a reply overdue when the connection ends is not owed by the next connection', async () => {
	const {proxy, link} = await startBehindProxy();
	proxy.stall();
	await expect(link.send(['INCR', 'counter'], 50)).rejects.toThrow(DeadlineError);
	proxy.cut();
	await until('the link has noticed', () => link.status.kind !== 'open');
	expect(link.waiting).toBeUndefined();
	proxy.resume();
	await untilOpen(link);
	expect(await link.send(['GET', 'counter'], patientMs)).toBeNull();
});

it('sends several commands in one write, and puts an error reply in its place', async () => {
	const {proxy, link} = await startBehindProxy();
	const replies = await link.sendAll(
		[
			['SET', 'k', 'v'],
			['LLEN', 'k'],
			['GET', 'k'],
			['GET', 'none'],
			['NO-SUCH-COMMAND', 'pass-word'],
			['STRLEN', 'k'],
		],
		patientMs,
	);
	expect(replies).toEqual(['OK', expect.any(ServerRefusedError), 'v', null, expect.any(ServerRefusedError), 1]);
	expect(replies[1]).toMatchObject({code: 'WRONGTYPE'});
	expect(replies[4]).toMatchObject({code: 'ERR', message: expect.stringContaining("unknown command 'NO-SUCH-COMMAND'")});
	expect(proxy.commands.map(([command]) => command)).toEqual(['HELLO', 'SET', 'LLEN', 'GET', 'GET', 'NO-SUCH-COMMAND', 'STRLEN']);
	expect(await link.sendAll([], patientMs)).toEqual([]);
	expect(link.waiting).toBeUndefined();
});

it('sends and reads names that are no UTF-8 byte by byte', async () => {
	const {redis, link} = await startBehindProxy();
	const name = '\u00AC\u00ED\u0000\u0005t\u0000:1';
	expect(await link.sendAll([['SET', name, 'caf\u00C3\u00A9']], patientMs, 'bytes')).toEqual(['OK']);
	const [page, text, length] = await link.sendAll(
		[
			['SCAN', '0'],
			['GET', name],
			['LLEN', name],
		],
		patientMs,
		'bytes',
	);
	expect(page).toEqual(['0', [name]]);
	expect(text).toBe('caf\u00C3\u00A9');
	expect(length).toMatchObject({code: 'WRONGTYPE'});
	expect(await redis.call('STRLEN', 'caf\u00E9')).toBe(0);
	expect(await link.send(['DBSIZE'], patientMs)).toBe(1);
});

it('a batch has one deadline, and nothing follows it while a reply is owed', async () => {
	const {proxy, link} = await startBehindProxy();
	const batch = link.sendAll([['PING'], ['DEBUG', 'SLEEP', '0.3'], ['INCR', 'counter']], 50);
	await expect(batch).rejects.toThrow(new DeadlineError('no reply to PING in 50 ms: it may still run'));
	await expect(link.sendAll([['PING']], patientMs)).rejects.toThrow(new NotSentError('the server still owes the reply to PING'));
	await untilSettled(link);
	expect(await link.sendAll([['GET', 'counter'], ['PING']], patientMs)).toEqual(['1', 'PONG']);
	expect(sent(proxy, 'INCR')).toHaveLength(1);
});

it('a batch of which a reply is lost is lost as a whole, and not sent again', async () => {
	const {redis, proxy, link} = await startBehindProxy();
	const lost = proxy.loseReplyTo(([command]) => command === 'INCR');
	const batch = link.sendAll([['PING'], ['INCR', 'counter'], ['PING']], patientMs);
	await expect(batch).rejects.toThrow(ReplyLostError);
	await lost;
	await untilOpen(link);
	expect(await redis.call('GET', 'counter')).toBe('1');
	expect(sent(proxy, 'INCR')).toHaveLength(1);
	link.close();
	await expect(link.sendAll([['PING']], patientMs)).rejects.toThrow(new NotSentError('no connection (closed)'));
});

it('sends nothing without an open connection, and says so', async () => {
	const redis = await startForTest();
	const target = await targetOf([redis.url]);
	const unopened = new Link({target, name: 'unopened', clock: systemClock});
	await expect(unopened.send(['PING'], patientMs)).rejects.toThrow(new NotSentError('no connection (connecting)'));

	const link = await openLink([redis.url]);
	await untilOpen(link);
	await redis.kill();
	await until('the link has noticed', () => link.status.kind === 'broken');
	await expect(link.send(['PING'], patientMs)).rejects.toThrow(new NotSentError('no connection (broken)'));
	await redis.restart();
	await untilOpen(link);
	expect(await link.send(['PING'], patientMs)).toBe('PONG');

	link.close();
	await expect(link.send(['PING'], patientMs)).rejects.toThrow(new NotSentError('no connection (closed)'));
	await until('the server has seen it go', async () => !String(await redis.call('CLIENT', 'LIST')).includes('name=link-under-test'));
});

it('an error reply is passed on in the words of the server, without the arguments that were sent', async () => {
	const {link} = await startBehindProxy();
	const error = await link.send(['CONFIG', 'SET', 'maxclients', 'pass-word'], patientMs).catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(ServerRefusedError);
	expect(error).toMatchObject({code: 'ERR', message: expect.stringMatching(/^ERR /)});
	const refused = await link.send(['AUTH', 'somebody', 'pass-word'], patientMs).catch((reason: unknown) => reason);
	expect(refused).toMatchObject({code: 'WRONGPASS'});
	expect(inspect(refused, {depth: 9, showHidden: true})).not.toContain('pass-word');
});

it('is closed while it waits for a login, and leaves nothing behind', async () => {
	const {redis, proxy, link} = await startBehindProxy();
	proxy.stall();
	link.reconnect();
	await until('it greets again', () => link.status.kind === 'greeting' && link.waiting);
	link.close();
	expect(link.status.kind).toBe('closed');
	await until('its connection has ended', () => proxy.openConnections() === 0);
	proxy.resume();
	await until('the server has seen it go', async () => !String(await redis.call('CLIENT', 'LIST')).includes('name=link-under-test'));
});

it('asks less and less often for a login that is refused', async () => {
	const redis = await startForTest({password: 'right'});
	// A hundred times as fast: nobody waits half a minute.
	const clock: Clock = {...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 100, signal)};
	const link = new Link({target: await targetOf(['-p', `${redis.port}`, '-a', 'wrong']), name: 'link-under-test', clock}).open();
	onTestFinished(() => link.close());
	const broken: Extract<LinkStatus, {readonly kind: 'broken'}>[] = [];
	link.subscribe(() => {
		const {status} = link;
		if (status.kind === 'broken' && status !== broken.at(-1)) broken.push(status);
	});
	await until('three refusals', () => broken.length === 3);
	expect(broken.map(({failure}) => failure.kind)).toEqual(['wrongpass', 'wrongpass', 'wrongpass']);
	expect(broken.map(({sinceMs, nextTryAtMs}) => nextTryAtMs - sinceMs)).toEqual([5000, 10_000, 20_000]);
});

it('is named and known by its id where HELLO is not to be had', async () => {
	const redis = await startForTest({password: 'secret', confLines: ['rename-command HELLO ""']});
	const link = await openLink(['-p', `${redis.port}`, '-a', 'secret']);
	const {greeting} = await untilOpen(link);
	const row = String(await redis.call('CLIENT', 'LIST'))
		.split('\n')
		.find(line => line.includes(' name=link-under-test '));
	expect(greeting).toEqual({hello: undefined, clientId: /^id=(\d+)/.exec(row ?? '')?.[1]});
	const stranger = await openTestSession(redis.url.replace(':secret@', ''));
	await stranger.until('NOAUTH', ({snapshot}) => snapshot.server.kind === 'NOAUTH');
});
