import {expect, it} from 'vitest';
import {Fleet} from '../../src/poll/fleet.ts';
import type {TcpEndpoint} from '../../src/redis/target.ts';
import {fastClock} from '../helpers/fast-clock.ts';

it('two members at one address are one, and no reason to publish again and again', async () => {
	// Nobody listens at port 1.
	const endpoint: TcpEndpoint = {kind: 'tcp', host: '127.0.0.1', port: 1};
	const login = {name: 'n', endpoint, username: undefined, password: undefined, db: 0, tls: undefined, environment: undefined};
	const clock = fastClock(10);
	const stop = new AbortController();
	const published: number[] = [];
	const fleet = new Fleet({
		login: () => login,
		name: 'test',
		clock,
		diagnose: () => [],
		intervalMs: () => 1000,
		asksCluster: false,
		members: () => [{endpoint}, {endpoint: {...endpoint}}],
		publish: watches => published.push(watches.length),
	});
	const running = fleet.run(stop.signal);
	await clock.sleep(5000, stop.signal);
	stop.abort();
	await running;
	expect(new Set(published)).toEqual(new Set([1]));
	expect(published.length).toBeLessThan(12);
});
