import {setTimeout as sleep} from 'node:timers/promises';

const pollMs = 10;

/** Resolves to the first truthy answer of `ask`; rejects with what never came, the last answer and the last error when time is up. */
export async function until<T>(what: string, ask: () => T | Promise<T>, timeoutMs = 10_000): Promise<NonNullable<T>> {
	const deadlineAt = performance.now() + timeoutMs;
	let last: unknown;
	while (performance.now() < deadlineAt) {
		try {
			last = await ask();
			if (last) return last as NonNullable<T>;
		} catch (error) {
			// A server that is coming up refuses for a while; what it said last is in the error below.
			last = error;
		}
		await sleep(pollMs);
	}
	throw new Error(`waited ${timeoutMs} ms for: ${what}; last answer: ${String(last)}`);
}
