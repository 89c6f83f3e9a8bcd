import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {dirname} from 'node:path';
import {onTestFinished} from 'vitest';
import {queueLibrary} from '../../build/queue-library.ts';
import type {Demo} from '../../src/demo/demo.ts';
import {RespClient} from '../../src/demo/resp-client.ts';
import type {ScenarioName} from '../../src/demo/scenarios.ts';
import type {Timing} from '../../src/demo/stage.ts';
import {type Bundle, bundle} from './bundle.ts';
import {isRunning} from './processes.ts';
import {until} from './until.ts';

/** The demo as a program of its own, with BullMQ beside it. */
export async function bundleDemo(): Promise<Bundle> {
	return bundle('test/fixtures/demo-entry.ts', [queueLibrary()]);
}

/** The console side of a demo as a process, and a witness that was connected before the incident. */
export async function startConsole({file}: Bundle, scenario: ScenarioName, timing: Partial<Timing> = {}) {
	const env = {...process.env, DEMO_TIMING: JSON.stringify(timing)};
	const console_ = spawn(process.execPath, [file, 'console', scenario], {env, stdio: ['pipe', 'pipe', 'inherit']});
	onTestFinished(() => {
		console_.stdin.end();
	});
	const [line] = await once(console_.stdout, 'data');
	const {port, url, sentinel, hostPid} = JSON.parse(String(line)) as Pick<Demo, 'port' | 'url' | 'sentinel'> & {readonly hostPid: number};
	const witness = await RespClient.open({port});
	onTestFinished(() => witness.close());
	const serverPid = Number(await infoField(witness, 'process_id'));
	const dir = dirname(String(await infoField(witness, 'config_file')));
	const ping = () => witness.call('PING').catch((error: Error) => error.message);

	/** Everything of the demo but the processes named is gone. */
	const untilNothingIsLeft = async (pids: readonly number[]) => {
		await until(`${pids} have ended`, () => !pids.some(isRunning));
		await until(`${dir} is gone`, () => !existsSync(dir));
	};
	return {console: console_, port, url, sentinel, hostPid, serverPid, dir, witness, ping, untilNothingIsLeft};
}

/** A field of INFO. */
export async function infoField(client: RespClient, field: string): Promise<string | undefined> {
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

/** The demo's healthy clients get on with their work. */
export async function untilTrafficFlows(client: RespClient, moreCalls = 60): Promise<void> {
	const before = await webCalls(client);
	await until(`${moreCalls} more web requests`, async () => (await webCalls(client)) >= before + moreCalls);
}

/** Ids of the clients of that name. */
export async function clientsNamed(client: RespClient, name: string): Promise<readonly string[]> {
	const list = String(await client.call('CLIENT', 'LIST')).split('\n');
	return list.filter(line => line.includes(` name=${name} `)).map(line => /^id=(\d+)/.exec(line)?.[1] ?? '');
}
