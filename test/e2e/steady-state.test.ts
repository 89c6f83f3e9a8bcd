import {setMaxListeners} from 'node:events';
import {expect, it, onTestFinished} from 'vitest';
import {healthyRoles, runTraffic, seed} from '../../src/demo/traffic.ts';
import {openIdleConnections} from '../helpers/idle-connections.ts';
import {startForTest} from '../helpers/server-session.ts';
import {isUp, startTriage} from '../helpers/triage.ts';

it('wipes nothing in half a minute of traffic: only cells that change are written', async () => {
	const redis = await startForTest();
	await seed(redis.port);
	await openIdleConnections(redis.port, 30, {name: index => `idle-${index}`});
	const stop = new AbortController();
	setMaxListeners(50, stop.signal);
	const traffic = runTraffic(redis.port, healthyRoles, stop.signal);
	onTestFinished(async () => {
		stop.abort();
		await traffic;
	});
	const triage = await startTriage([redis.url]);
	await triage.waitFor(isUp);
	await triage.press('2');
	await triage.waitFor(/2 Clients +by idle/);

	const {length} = await triage.rawOutput();
	const first = await triage.screen();
	const seconds = Number(/ up (\d+)s/.exec(first)?.[1]);
	await triage.waitFor(screen => Number(/ up (\d+)s/.exec(screen)?.[1]) >= seconds + 30, 35_000);
	const written = (await triage.rawOutput()).slice(length);
	expect(written).not.toMatch(/\u001b\[[123]?J/);
	// It has not stood still either: every row of the table has aged.
	expect(written.length).toBeGreaterThan(5000);
	expect(await triage.screen()).not.toBe(first);
});
