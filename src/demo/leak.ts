import {systemClock} from '../clock.ts';
import type {RespClient} from './resp-client.ts';
import {openNamed} from './traffic.ts';
import {untilAborted} from './until-aborted.ts';

const leaker = {name: 'leaky-api', hostNumber: 77} as const;
const refusedPauseMs = 250;

export type Leak = {
	/** There from the start. */
	readonly crowd: number;
	/** When it begins to grow. */
	readonly growsAfterMs: number;
	readonly mostOpen: number;
	/** Between one more and the next. */
	readonly pauseMs: number;
};

/**
 * Up to the server's limit. The crowd is below the share at which `clients.high` is found (80 % of 500), so that one sees it come; and
 * raising maxclients only buys time, but the demo must not eat the machine's file descriptors.
 */
export const leakUpToFull = (growsAfterMs: number): Leak => ({crowd: 340, growsAfterMs, mostOpen: 900, pauseMs: 25});

/**
 * An application that opens a connection per request and gives none back: from a time on more and more of them until the
 * server is full, and on trying while it is refused. The first of its connections that someone kills makes it stop, as if
 * its process had been restarted without the fault: what is freed stays free. Resolves when aborted.
 */
export async function leakConnections(port: number, {crowd, growsAfterMs, mostOpen, pauseMs}: Leak, signal: AbortSignal): Promise<void> {
	const open = new Set<RespClient>();
	let isCured = false;
	const leakOne = async () => {
		const client = await openNamed(port, leaker);
		open.add(client);
		void client.closed.then(() => {
			open.delete(client);
			isCured = true;
		});
		await client.call('GET', `session:${open.size}`);
	};
	// Refused, or killed before it had asked anything: one connection less than wanted, which is what a full server does.
	const leak = (count: number) => Promise.allSettled(Array.from({length: count}, leakOne));

	await leak(crowd);
	await systemClock.sleep(growsAfterMs, signal);
	while (!signal.aborted && !isCured) {
		const [outcome] = await leak(open.size < mostOpen ? 1 : 0);
		await systemClock.sleep(outcome?.status === 'fulfilled' ? pauseMs : refusedPauseMs, signal);
	}
	await untilAborted(signal);
	for (const client of open) client.close();
}
