import {createServer, type RequestListener} from 'node:http';
import {type AddressInfo, createServer as createTcpServer, type Server} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {httpGet} from '../../../src/commands/console/http-check.ts';

async function listen(server: Server): Promise<string> {
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serve(answer: RequestListener) {
	const requests: string[] = [];
	const server = createServer((request, response) => {
		requests.push(`${request.method} ${request.url}`);
		answer(request, response);
	});
	const url = await listen(server);
	onTestFinished(() => server.closeAllConnections());
	onTestFinished(() => void server.close());
	return {url, requests, openSockets: () => new Promise<number>(resolve => server.getConnections((_error, count) => resolve(count)))};
}

const never = new AbortController().signal;

it.each([200, 204, 404, 503])('tells the status %i', async status => {
	const {url, requests} = await serve((_request, response) => response.writeHead(status).end());
	expect(await httpGet()(`${url}/health?full=1`, never)).toEqual({status});
	expect(requests).toEqual(['GET /health?full=1']);
});

it('follows no redirect', async () => {
	const {url, requests} = await serve((_request, response) => response.writeHead(302, {location: '/elsewhere'}).end());
	expect(await httpGet()(`${url}/`, never)).toEqual({status: 302});
	expect(requests).toEqual(['GET /']);
});

it('reads no more than the head of an answer without end, and leaves no connection', async () => {
	const {url, openSockets} = await serve((_request, response) => {
		response.writeHead(200);
		const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
		response.on('close', () => clearInterval(timer));
	});
	expect(await httpGet()(`${url}/`, never)).toEqual({status: 200});
	await expect.poll(openSockets).toBe(0);
});

it('says that nobody answers, within its time', async () => {
	const {url, openSockets} = await serve(() => {});
	const before = performance.now();
	expect(await httpGet(200)(`${url}/`, never)).toEqual({error: 'no answer within 0.2 s'});
	expect(performance.now() - before).toBeLessThan(2000);
	await expect.poll(openSockets).toBe(0);
});

it('says that the connection is refused', async () => {
	const server = createTcpServer();
	const url = await listen(server);
	await new Promise(resolve => server.close(resolve));
	expect(await httpGet()(`${url}/`, never)).toEqual({error: 'connection refused'});
});

it.each([
	['closes', '', 'the connection was closed without an answer'],
	['speaks something else', '-ERR unknown command\r\n', 'what answers there does not speak HTTP'],
])('says so of a server that %s', async (_what, text, error) => {
	const server = createTcpServer(socket => {
		socket.on('error', () => {});
		socket.once('data', () => socket.end(text));
	});
	onTestFinished(() => void server.close());
	expect(await httpGet()(`${await listen(server)}/`, never)).toEqual({error});
});

it('ends at once when nobody looks any more', async () => {
	const {url, requests} = await serve(() => {});
	const stop = new AbortController();
	const asking = httpGet()(`${url}/`, stop.signal);
	await expect.poll(() => requests.length).toBe(1);
	stop.abort();
	expect(await asking).toMatchObject({error: expect.any(String)});
});

it('says what is wrong with a certificate or a name', async () => {
	const {url} = await serve(() => {});
	expect(await httpGet()(url.replace('http:', 'https:'), never)).toMatchObject({error: expect.stringMatching(/\S/)});
	expect(await httpGet()('http://nowhere.invalid/', never)).toMatchObject({error: expect.stringMatching(/name/)});
});
