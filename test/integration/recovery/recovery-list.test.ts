import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {systemClock} from '../../../src/clock.ts';
import {httpGet} from '../../../src/commands/console/http-check.ts';
import {keepRecovery} from '../../../src/commands/console/keep-recovery.ts';
import {defaultConfig} from '../../../src/config/default-config.ts';
import type {TestRedis} from '../../helpers/redis-server.ts';
import {isWhole, openTestSession, startForTest} from '../../helpers/server-session.ts';
import {endlessEval, startEndless} from '../../helpers/stuck-script.ts';

/** An HTTP server whose answer the test may change. */
async function serveHealth() {
	const health = {status: 200};
	const server = createServer((_request, response) => response.writeHead(health.status).end());
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => void server.close());
	return {health, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`};
}

/** Clients that ask some hundred times a second, until the test ends. */
async function makeTraffic(redis: TestRedis): Promise<void> {
	const client = await redis.connect();
	let isOver = false;
	onTestFinished(() => {
		isOver = true;
	});
	const ask = async () => {
		while (!isOver) {
			await client
				.pipeline([
					['GET', 'a'],
					['GET', 'b'],
				])
				.catch(() => {});
			await systemClock.sleep(10, new AbortController().signal);
		}
	};
	void ask().catch(() => {});
}

it('follows a server through a script that blocks it, to its recovery', async () => {
	const redis = await startForTest({conf: {'busy-reply-threshold': 300}});
	await makeTraffic(redis);
	const {health, url} = await serveHealth();
	const session = await openTestSession(redis.url, {intervalMs: 200});
	const {store, until} = session;
	const stop = new AbortController();
	onTestFinished(() => stop.abort());
	const checks = [{name: 'shop', url, status: 200}];
	keepRecovery({store, clock: systemClock, config: {...defaultConfig, checks}, get: httpGet(), signal: stop.signal});
	const say = (label: RegExp) => {
		const item = store.getState().recovery.items.find(each => label.test(each.label));
		return item && `${item.ok} ${item.detail}`;
	};
	await until('the console is whole, and knows what is usual', state => isWhole(state) && state.snapshot.history.atMs.length >= 10);
	store.setState(({ui}) => ({ui: {...ui, overlay: {kind: 'recovery', offset: 0}}}));
	await until('the shop was asked', () => say(/shop/)?.startsWith('true 200 in'));
	expect(say(/PING/)).toMatch(/^true since .*, for \d+s, in/);
	expect(say(/commands/)).toMatch(/^true OK/);
	expect(say(/traffic/)).toMatch(/^true \d+\/s now; there was no P0 and no P1$/);
	expect(say(/P0 or P1/)).toMatch(/^undefined none for \d+s, .* to go$/);

	const {ended} = await startEndless(redis, endlessEval);
	await until('the script is found', () => say(/P0 or P1/)?.startsWith('false P0 script.busy'));
	expect(say(/PING/)).toMatch(/^false BUSY for/);
	expect(say(/commands/)).toMatch(/^false BUSY for/);
	expect(say(/traffic/)).toBe('undefined nothing is counted while the server is BUSY');
	const began = store.getState().incident;
	expect(began?.opsBefore?.median).toBeGreaterThan(20);

	await redis.call('SCRIPT', 'KILL');
	expect(await ended).toMatch(/killed/);
	await until('PING is answered again', () => say(/PING/)?.startsWith('true since'));
	await until('traffic is back', () => /^true \d+\/s now; \d+\/s in the .* before it, \d+% of it$/.test(say(/traffic/) ?? ''));
	await until('nothing bad stands', () => say(/P0 or P1/)?.startsWith('undefined none for'), 15_000);
	expect(store.getState().incident?.beganAtMs).toBe(began?.beganAtMs);

	health.status = 503;
	store.setState(({ui}) => ({ui: {...ui, overlay: undefined}}));
	store.setState(({ui}) => ({ui: {...ui, overlay: {kind: 'recovery', offset: 0}}}));
	await until('the shop was asked again', () => say(/shop/)?.startsWith('false 503, not 200, in'));
});
