import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {RespClient} from '../../src/demo/resp-client.ts';
import {parseScenario, type ScenarioName, scenarios, type Timing} from '../../src/demo/scenarios.ts';
import {findServerBinary} from '../../src/demo/server-binary.ts';
import {UsageError} from '../../src/errors.ts';
import {type Bundle, bundle} from '../helpers/bundle.ts';
import {isRunning} from '../helpers/processes.ts';
import {until} from '../helpers/until.ts';

let program: Bundle;
beforeAll(async () => {
	program = await bundle('test/fixtures/demo-entry.ts');
});
afterAll(() => program.remove());

/** The console side of a demo as a process, and a witness that was connected before the incident. */
async function startConsole(scenario: ScenarioName, timing: Partial<Timing> = {}) {
	const env = {...process.env, DEMO_TIMING: JSON.stringify(timing)};
	const console_ = spawn(process.execPath, [program.file, 'console', scenario], {env, stdio: ['pipe', 'pipe', 'inherit']});
	onTestFinished(() => {
		console_.stdin.end();
	});
	const [line] = await once(console_.stdout, 'data');
	const {port, url, hostPid} = JSON.parse(String(line)) as {readonly port: number; readonly url: string; readonly hostPid: number};
	const witness = await RespClient.open({port});
	onTestFinished(() => witness.close());
	const serverPid = Number(await infoField(witness, 'process_id'));
	const dir = String(((await witness.call('CONFIG', 'GET', 'dir')) as readonly string[])[1]);
	const ping = () => witness.call('PING').catch((error: Error) => error.message);

	/** Everything of the demo but the processes named is gone. */
	const untilNothingIsLeft = async (pids: readonly number[]) => {
		await until(`${pids} have ended`, () => !pids.some(isRunning));
		await until(`${dir} is gone`, () => !existsSync(dir));
	};
	return {console: console_, port, url, hostPid, serverPid, dir, witness, ping, untilNothingIsLeft};
}

async function infoField(client: RespClient, field: string): Promise<string | undefined> {
	const info = String(await client.call('INFO', 'everything'));
	return info
		.split('\r\n')
		.find(line => line.startsWith(`${field}:`))
		?.slice(field.length + 1);
}

/** Calls of a command that only the demo's web clients send. */
async function webCalls(client: RespClient): Promise<number> {
	return Number(/calls=(\d+)/.exec((await infoField(client, 'cmdstat_hgetall')) ?? '')?.[1] ?? 0);
}

async function untilTrafficFlows(client: RespClient, moreCalls = 60): Promise<void> {
	const before = await webCalls(client);
	await until(`${moreCalls} more web requests`, async () => (await webCalls(client)) >= before + moreCalls);
}

async function clientsNamed(client: RespClient, name: string): Promise<readonly string[]> {
	const list = String(await client.call('CLIENT', 'LIST')).split('\n');
	return list.filter(line => line.includes(` name=${name} `)).map(line => /^id=(\d+)/.exec(line)?.[1] ?? '');
}

describe('scenario', () => {
	it('script: healthy, then silent, then BUSY until the script is killed, then healthy for good', async () => {
		const {witness, ping, url, port} = await startConsole('script', {incidentAfterMs: 700, config: ['lua-time-limit 800']});
		expect(url).toBe(`redis://127.0.0.1:${port}`);
		await untilTrafficFlows(witness);
		expect(String(await witness.call('CLIENT', 'LIST'))).toMatch(/addr=127\.0\.0\.31:\d+ .* name=worker-invoices .* cmd=eval /);

		const silentMs = await until('BUSY', async () => {
			const askedAt = performance.now();
			return String(await ping()).startsWith('BUSY Redis is busy running a script') && performance.now() - askedAt;
		});
		expect(silentMs).toBeGreaterThan(300);
		expect(await ping()).toMatch(/^BUSY/);

		expect(await witness.call('SCRIPT', 'KILL')).toBe('OK');
		await until('PONG', async () => (await ping()) === 'PONG');
		await untilTrafficFlows(witness, 200);
		expect(JSON.stringify(await witness.call('SLOWLOG', 'GET', '1'))).toMatch(/EVAL.*invoice-totals.*orders:customer:7.*worker-invoices/);
		expect(await ping()).toBe('PONG');
	});

	it('unkillable: SCRIPT KILL is refused, and waiting is an honest choice', async () => {
		const {witness, ping} = await startConsole('unkillable', {incidentAfterMs: 600, unkillableSeconds: 2, config: ['lua-time-limit 100']});
		await until('BUSY', async () => String(await ping()).startsWith('BUSY'));
		await expect(witness.call('SCRIPT', 'KILL')).rejects.toThrow(/^UNKILLABLE/);
		await until('the script has ended by itself', async () => (await ping()) === 'PONG');
		expect(await witness.call('HGET', 'ledger:2025', 'state')).toBe('done');
		await untilTrafficFlows(witness);
	});

	it('clients: a leak fills the server, and killing what it leaked ends it', async () => {
		const {witness, port} = await startConsole('clients', {incidentAfterMs: 100});
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
		const {witness} = await startConsole('script');
		expect(await witness.call('CONFIG', 'GET', 'lua-time-limit')).toEqual(['lua-time-limit', '5000']);
	});
});

describe('way out', () => {
	it('the console ends in order', async () => {
		const demo = await startConsole('clients');
		demo.console.stdin.end();
		expect(await once(demo.console, 'exit')).toEqual([0, null]);
		// By then, not some time later: nothing may be left when the shell's prompt is back.
		expect([demo.serverPid, demo.hostPid].map(isRunning)).toEqual([false, false]);
		expect(existsSync(demo.dir)).toBe(false);
	});

	it('the console is killed outright, in the middle of a script', async () => {
		const demo = await startConsole('script', {incidentAfterMs: 100, config: ['lua-time-limit 100']});
		await until('BUSY', async () => String(await demo.ping()).startsWith('BUSY'));
		demo.console.kill('SIGKILL');
		await demo.untilNothingIsLeft([demo.serverPid, demo.hostPid]);
	});

	it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)('the host gets %s', async signal => {
		const demo = await startConsole('clients');
		process.kill(demo.hostPid, signal);
		await demo.untilNothingIsLeft([demo.serverPid, demo.hostPid]);
		demo.console.stdin.end();
		expect(await once(demo.console, 'exit')).toEqual([0, null]);
	});

	it('the server was shut down by the operator and came back', async () => {
		const demo = await startConsole('clients', {incidentAfterMs: 100});
		await expect(demo.witness.call('SHUTDOWN', 'NOSAVE')).rejects.toThrow();
		const witness = await until('the server is back on its port', () => RespClient.open({port: demo.port}));
		await untilTrafficFlows(witness);
		expect(await clientsNamed(witness, 'leaky-api')).toEqual([]);
		const secondPid = Number(await infoField(witness, 'process_id'));
		expect(secondPid).not.toBe(demo.serverPid);
		process.kill(demo.hostPid, 'SIGKILL');
		await demo.untilNothingIsLeft([secondPid, demo.hostPid]);
	});
});

describe('what cannot start', () => {
	it('names the scenarios', () => {
		expect(parseScenario(undefined)).toBe('script');
		expect(() => parseScenario('scripts')).toThrow(new UsageError("unknown demo scenario 'scripts': use script, unkillable or clients"));
		expect(scenarios.every(({name}) => parseScenario(name) === name)).toBe(true);
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
