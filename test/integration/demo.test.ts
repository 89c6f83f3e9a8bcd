import {once} from 'node:events';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {startDemo} from '../../src/demo/demo.ts';
import {RespClient} from '../../src/demo/resp-client.ts';
import {parseScenario, scenarios} from '../../src/demo/scenarios.ts';
import {findServerBinary} from '../../src/demo/server-binary.ts';
import {UsageError} from '../../src/errors.ts';
import type {Bundle} from '../helpers/bundle.ts';
import {bundleDemo, clientsNamed, infoField, startConsole, untilTrafficFlows} from '../helpers/demo-console.ts';
import {argvOf, childrenOf, isRunning} from '../helpers/processes.ts';
import {until} from '../helpers/until.ts';

/** The host's processes with BullMQ, however far they have come. */
const workersOf = (hostPid: number) => childrenOf(hostPid).filter(pid => argvOf(pid).includes('worker'));

let program: Bundle;
beforeAll(async () => {
	program = await bundleDemo();
});
afterAll(() => program.remove());

describe('scenario', () => {
	it('script: healthy, then silent, then BUSY until the script is killed, then healthy for good', async () => {
		const {witness, ping, url, port} = await startConsole(program, 'script', {incidentAfterMs: 1500, config: ['lua-time-limit 800']});
		expect(url).toBe(`redis://127.0.0.1:${port}`);
		await untilTrafficFlows(witness);
		expect(String(await witness.call('CLIENT', 'LIST'))).toMatch(/addr=127\.0\.0\.31:\d+ .* name=worker-invoices .* cmd=eval /);

		const silentMs = await until('BUSY', async () => {
			const askedAt = performance.now();
			return String(await ping()).includes(' is busy running a script') && performance.now() - askedAt;
		});
		expect(silentMs).toBeGreaterThan(300);
		expect(await ping()).toMatch(/^BUSY/);

		expect(await witness.call('SCRIPT', 'KILL')).toBe('OK');
		await until('PONG', async () => (await ping()) === 'PONG');
		await untilTrafficFlows(witness, 200);
		expect(JSON.stringify(await witness.call('SLOWLOG', 'GET', '128'))).toMatch(/EVAL.*invoice-totals.*orders:customer:7.*worker-invoices/);
		expect(await ping()).toBe('PONG');
	});

	it('unkillable: SCRIPT KILL is refused, and waiting is an honest choice', async () => {
		const {witness, ping} = await startConsole(program, 'unkillable', {incidentAfterMs: 600, unkillableSeconds: 2, config: ['lua-time-limit 100']});
		await until('BUSY', async () => String(await ping()).startsWith('BUSY'));
		await expect(witness.call('SCRIPT', 'KILL')).rejects.toThrow(/^UNKILLABLE/);
		await until('the script has ended by itself', async () => (await ping()) === 'PONG');
		expect(await witness.call('HGET', 'ledger:2025', 'state')).toBe('done');
		await untilTrafficFlows(witness);
	});

	it('clients: a leak fills the server, and killing what it leaked ends it', async () => {
		const {witness, port} = await startConsole(program, 'clients', {incidentAfterMs: 100});
		const connected = async () => Number(await infoField(witness, 'connected_clients'));
		await until('more than 80 % of maxclients', async () => (await connected()) > 400);
		await until('maxclients', async () => (await connected()) === 500);
		const newcomer = await RespClient.open({port});
		await expect(newcomer.call('PING')).rejects.toThrow('ERR max number of clients reached');
		await untilTrafficFlows(witness);

		const leaked = await clientsNamed(witness, 'leaky-api');
		expect(leaked.length).toBeGreaterThan(450);
		for (const id of leaked.slice(0, 300)) expect(await witness.call('CLIENT', 'KILL', 'ID', id)).toBe(1);
		await untilTrafficFlows(witness, 200);
		expect(await clientsNamed(witness, 'leaky-api')).toHaveLength(leaked.length - 300);
	});

	it('leaves the server at its default threshold, so that one sees SILENT before BUSY', async () => {
		const {witness} = await startConsole(program, 'script');
		expect(await witness.call('CONFIG', 'GET', 'lua-time-limit')).toEqual(['lua-time-limit', '5000']);
	});
});

describe('way out', () => {
	it('the console ends in order', async () => {
		const demo = await startConsole(program, 'clients');
		demo.console.stdin.end();
		expect(await once(demo.console, 'exit')).toEqual([0, null]);
		// By then, not some time later: nothing may be left when the shell's prompt is back.
		expect([demo.serverPid, demo.hostPid].map(isRunning)).toEqual([false, false]);
		expect(existsSync(demo.dir)).toBe(false);
	});

	it('the console is killed outright, in the middle of a script', async () => {
		const demo = await startConsole(program, 'script', {incidentAfterMs: 100, config: ['lua-time-limit 100']});
		await until('BUSY', async () => String(await demo.ping()).startsWith('BUSY'));
		demo.console.kill('SIGKILL');
		await demo.untilNothingIsLeft([demo.serverPid, demo.hostPid]);
	});

	it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)('the host gets %s', async signal => {
		const demo = await startConsole(program, 'clients');
		process.kill(demo.hostPid, signal);
		await demo.untilNothingIsLeft([demo.serverPid, demo.hostPid]);
		demo.console.stdin.end();
		expect(await once(demo.console, 'exit')).toEqual([0, null]);
	});

	it.each(['host SIGTERM', 'host SIGKILL', 'console SIGKILL', 'console exit'])('with a replica and workers: %s', async way => {
		const demo = await startConsole(program, 'outage');
		// The server, a replica, the process of the workers, and the one that is to be killed.
		const pids = await until('all run', () => {
			const children = childrenOf(demo.hostPid);
			return children.length === 4 ? children : undefined;
		});
		await until('workers are connected', async () => String(await demo.witness.call('CLIENT', 'LIST')).includes(':w:pod-4 '));
		if (way === 'console exit') {
			demo.console.stdin.end();
			expect(await once(demo.console, 'exit')).toEqual([0, null]);
			expect([...pids, demo.hostPid].filter(isRunning)).toEqual([]);
		} else {
			const [who, signal] = way.split(' ');
			process.kill(who === 'host' ? demo.hostPid : (demo.console.pid ?? 0), signal);
		}
		await demo.untilNothingIsLeft([...pids, demo.hostPid]);
	});

	it.each([
		['as soon as a process of workers is there, long before it has read its program', 0],
		['as soon as the second one is there, while the first one loads BullMQ', 1],
	])('the host is killed outright %s', async (_when, before) => {
		const demo = await startConsole(program, 'outage');
		const workers = await until('a process of workers', () => {
			const found = workersOf(demo.hostPid);
			return found.length > before ? found : undefined;
		});
		process.kill(demo.hostPid, 'SIGKILL');
		await demo.untilNothingIsLeft([...workers, demo.serverPid, demo.hostPid]);
	});

	it('the server was shut down by the operator and came back', async () => {
		const demo = await startConsole(program, 'clients', {incidentAfterMs: 100});
		await expect(demo.witness.call('SHUTDOWN', 'NOSAVE')).rejects.toThrow();
		const witness = await until('the server is back on its port', () => RespClient.open({port: demo.port}));
		await untilTrafficFlows(witness);
		expect(await clientsNamed(witness, 'leaky-api')).toEqual([]);
		const secondPid = Number(await infoField(witness, 'process_id'));
		expect(secondPid).not.toBe(demo.serverPid);
		process.kill(demo.hostPid, 'SIGKILL');
		await demo.untilNothingIsLeft([secondPid, demo.hostPid]);
	});

	// A second after the end of the server the next one is started: its clients are dropped in every stage of being connected.
	it.each([1000, 1020, 1040])('the server was shut down by the operator, and the console ends %i ms later', async afterMs => {
		const demo = await startConsole(program, 'clients', {incidentAfterMs: 100});
		await untilTrafficFlows(demo.witness);
		await expect(demo.witness.call('SHUTDOWN', 'NOSAVE')).rejects.toThrow();
		await sleep(afterMs);
		process.kill(demo.hostPid, 'SIGTERM');
		await demo.untilNothingIsLeft([demo.serverPid, demo.hostPid]);
	});
});

describe('what cannot start', () => {
	it('names the scenarios', () => {
		expect(parseScenario(undefined)).toBe('outage');
		expect(() => parseScenario('scripts')).toThrow(
			new UsageError("unknown demo scenario 'scripts': use outage, script, unkillable, clients, memory, queues, persistence or failover"),
		);
		expect(scenarios.every(({name}) => parseScenario(name) === name)).toBe(true);
	});

	it('names the file without which there are no queues', async () => {
		const spawnHost = () => {
			throw new Error('not to be started');
		};
		// Run from its sources, where no such file lies, as where the program was copied alone.
		const starting = startDemo('queues', {spawnHost, env: process.env, kill: () => {}});
		await expect(starting).rejects.toThrow(UsageError);
		await expect(starting).rejects.toThrow('copy redis-triage-queues.cjs');
	});

	it('names the one command that installs a server', () => {
		const folder = mkdtempSync(join(tmpdir(), 'redis-triage-path-'));
		onTestFinished(() => rmSync(folder, {recursive: true}));
		writeFileSync(join(folder, 'apt-get'), '', {mode: 0o755});
		expect(() => findServerBinary({PATH: folder}, [])).toThrow(
			new UsageError("the demo needs redis-server or valkey-server: run 'apt-get install redis-server', or set $REDIS_SERVER to its path"),
		);
		expect(() => findServerBinary({PATH: folder, REDIS_SERVER: '/nowhere'}, [])).toThrow("$REDIS_SERVER is '/nowhere', which is not a program");
		writeFileSync(join(folder, 'valkey-server'), '', {mode: 0o755});
		expect(findServerBinary({PATH: folder}, [])).toBe(join(folder, 'valkey-server'));
		expect(findServerBinary({PATH: folder, REDIS_SERVER: 'valkey-server'}, [])).toBe(join(folder, 'valkey-server'));
	});
});
