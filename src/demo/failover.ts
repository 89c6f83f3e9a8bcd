import {setMaxListeners} from 'node:events';
import {systemClock} from '../clock.ts';
import {RespClient} from './resp-client.ts';
import type {Stage} from './stage.ts';
import {healthyRoles, runTraffic} from './traffic.ts';

/** The name under which the demo's Sentinels watch its master. */
export const demoMaster = 'shop';

/** A vote that is split, as may be with three who begin at once, is held again after twice the failover-timeout. */
const failoverTimeoutMs = 5000;

export const sentinelConfig = (masterPort: number, downAfterMs: number): readonly string[] => [
	`sentinel monitor ${demoMaster} 127.0.0.1 ${masterPort} 2`,
	`sentinel down-after-milliseconds ${demoMaster} ${downAfterMs}`,
	`sentinel failover-timeout ${demoMaster} ${failoverTimeoutMs}`,
];

const lookEveryMs = 500;

/** Healthy clients who ask Sentinel where the master is, as their libraries do, and go where it goes. Resolves when aborted. */
export async function trafficAtMaster({port, sentinels}: Pick<Stage, 'port' | 'sentinels'>, signal: AbortSignal): Promise<void> {
	let at = port;
	while (!signal.aborted) {
		const moved = new AbortController();
		const either = AbortSignal.any([signal, moved.signal]);
		// Every client waits on it.
		setMaxListeners(0, either);
		const traffic = runTraffic(at, healthyRoles, either);
		const next = await otherMaster(sentinels, at, signal);
		moved.abort();
		await traffic;
		at = next;
	}
}

/** Resolves to the master's port once it is another one, or when aborted. */
async function otherMaster(sentinels: readonly number[], port: number, signal: AbortSignal): Promise<number> {
	while (!signal.aborted) {
		await systemClock.sleep(lookEveryMs, signal);
		const now = await masterPort(sentinels[0]);
		if (now !== undefined && now !== port) return now;
	}
	return port;
}

/** Resolves when the server has a replica in sync, or when aborted. */
export async function untilReplicated(port: number, signal: AbortSignal): Promise<void> {
	const client = await RespClient.open({port});
	while (!signal.aborted && !String(await client.call('INFO', 'replication')).includes('state=online')) await systemClock.sleep(20, signal);
	client.close();
}

async function masterPort(sentinel: number | undefined): Promise<number | undefined> {
	if (sentinel === undefined) return undefined;
	try {
		const client = await RespClient.open({port: sentinel});
		const reply = await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', demoMaster).finally(() => client.close());
		return Array.isArray(reply) ? Number(reply[1]) : undefined;
	} catch (error) {
		// It has been ended: the clients stay where they are.
		if (!(error instanceof Error)) throw error;
		return undefined;
	}
}
