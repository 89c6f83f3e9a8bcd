/** The same check of each at once, as it mostly waits. All of them come to their end before the first error, which names its own, is thrown. */
export async function allAtOnce<T>(each: readonly T[], check: (one: T) => Promise<void>): Promise<void> {
	const ends = await Promise.allSettled(each.map(check));
	for (const [index, end] of ends.entries()) {
		if (end.status === 'rejected')
			throw new Error(`of ${String(each[index])}: ${end.reason instanceof Error ? end.reason.message : String(end.reason)}`, {cause: end.reason});
	}
}
