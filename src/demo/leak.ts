import {systemClock} from '../clock.ts';
import type {RespClient} from './resp-client.ts';
import {openNamed} from './traffic.ts';

const leaker = {name: 'leaky-api', hostNumber: 77} as const;
/** Below the share at which `clients.high` is found (80 % of 500), so that one sees it come. */
const crowd = 340;
const growthPauseMs = 25;
const refusedPauseMs = 250;
/** Raising maxclients only buys time; but the demo must not eat the machine's file descriptors. */
const mostOpen = 900;

/**
 * An application that opens a connection per request and gives none back: a crowd that is there from the start, and from
 * `growsAfterMs` on more and more until the server is full, and on trying while it is refused. The first of its
 * connections that someone kills makes it stop, as if its process had been restarted without the fault: what is freed
 * stays free. Resolves when aborted.
 */
export async function leakConnections(port: number, growsAfterMs: number, signal: AbortSignal): Promise<void> {
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
		await systemClock.sleep(outcome?.status === 'fulfilled' ? growthPauseMs : refusedPauseMs, signal);
	}
	await untilAborted(signal);
	for (const client of open) client.close();
}

function untilAborted(signal: AbortSignal): Promise<void> {
	return new Promise(resolve => {
		if (signal.aborted) resolve();
		else signal.addEventListener('abort', () => resolve(), {once: true});
	});
}
