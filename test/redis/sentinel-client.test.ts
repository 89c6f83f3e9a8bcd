import {createServer, type Socket} from 'node:net';
import {expect, it, onTestFinished, vi} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {Link} from '../../src/redis/link.ts';
import {sentinelTarget, standing, withSentinel} from '../../src/redis/sentinel-client.ts';

/** Something that takes connections and says nothing. */
async function listener() {
	const sockets: Socket[] = [];
	const server = createServer(socket => void sockets.push(socket)).listen(0, '127.0.0.1');
	onTestFinished(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	await new Promise(resolve => server.once('listening', resolve));
	const at = server.address();
	const endpoint = {kind: 'tcp' as const, host: '127.0.0.1', port: typeof at === 'object' && at ? at.port : 0};
	const access = {master: 'shop', nodes: [endpoint], username: undefined, password: undefined};
	return {endpoint, sockets, options: {access, tls: undefined, name: 'test', clock: systemClock}};
}

it('goes to no Sentinel once it has been left', async () => {
	const {endpoint, sockets, options} = await listener();
	const use = vi.fn(async () => 'OK');
	await expect(withSentinel(endpoint, {...options, signal: AbortSignal.abort()}, use)).rejects.toMatchObject({name: 'NotSentError'});
	expect(use).not.toHaveBeenCalled();
	expect(sockets).toEqual([]);
});

it('sends nothing when it is left while the connection is made', async () => {
	const {endpoint, sockets, options} = await listener();
	const leave = new AbortController();
	const use = vi.fn(async () => 'OK');
	const ended = withSentinel(endpoint, {...options, signal: leave.signal}, use).catch((error: unknown) => error);
	await vi.waitFor(() => expect(sockets).toHaveLength(1));
	leave.abort();
	expect(await ended).toMatchObject({name: 'NotSentError', message: 'left before anything was sent to it'});
	expect(use).not.toHaveBeenCalled();
});

it.each([
	[0, 'no connection'],
	[50, 'it takes connections and does not answer in 50 ms'],
])('says how long it was waited for: %i ms', async (patienceMs, message) => {
	const {endpoint, sockets, options} = await listener();
	const link = new Link({target: sentinelTarget(endpoint, options), name: 'test', clock: systemClock});
	onTestFinished(() => link.close());
	link.open();
	if (patienceMs > 0) await vi.waitFor(() => expect([sockets.length, link.status.kind]).toEqual([1, 'greeting']));
	await expect(standing(link, systemClock, undefined, patienceMs)).rejects.toMatchObject({name: 'NotSentError', message});
});
