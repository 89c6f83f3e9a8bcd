export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Throws when that does not come about in time. */
export async function until(condition, {timeoutMs = 30_000, everyMs = 20} = {}) {
	const endsAt = performance.now() + timeoutMs;
	while (!(await condition())) {
		if (performance.now() > endsAt) throw new Error(`waited ${timeoutMs / 1000} s for ${condition}`);
		await sleep(everyMs);
	}
}
