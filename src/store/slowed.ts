/** What can be asked less often when the console costs the server too much. Probes, and what tells that a freeze is over, are none of them. */
export const slowable = ['settings', 'permissions', 'slowlog', 'largeCommands', 'queues', 'clients', 'info'] as const;
export type Slowable = (typeof slowable)[number];

/** How many times longer the pauses between two reads are; one that is not in it is read as often as usual. */
export type Slowed = ReadonlyMap<Slowable, number>;

const most = 8;
/** Below this share of the budget there is room to ask more often again; with less between the two it would go to and fro. */
const calmRatio = 0.4;

/** The source from which a finding is judged, by the beginning of its id; all others come from INFO. */
const sourceOf: readonly (readonly [RegExp, Slowable])[] = [
	[/^clients\./, 'clients'],
	[/^queue\./, 'queues'],
	[/^(slowlog|script\.slow)/, 'slowlog'],
];

/** What the worst finding is judged from is slowed last. */
export function slowingOrder(worstFindingId: string | undefined): readonly Slowable[] {
	const kept = worstFindingId === undefined ? undefined : (sourceOf.find(([pattern]) => pattern.test(worstFindingId))?.[1] ?? 'info');
	return kept === undefined ? slowable : [...slowable.filter(name => name !== kept), kept];
}

/** How many times longer to wait before this is read again. */
export const slowedBy = (slowed: Slowed, name: string): number => (slowed as ReadonlyMap<string, number>).get(name) ?? 1;

type Cost = {
	/** Of one core, in the time since the last reckoning. */
	readonly percent: number | undefined;
	readonly budgetPercent: number;
	readonly worstFindingId: string | undefined;
};

/** One step at a time: over budget the next source in the order is asked half as often; well below it the one slowed last recovers. */
export function nextSlowed(slowed: Slowed, {percent, budgetPercent, worstFindingId}: Cost): Slowed {
	if (percent === undefined) return slowed;
	const order = slowingOrder(worstFindingId);
	const factor = (name: Slowable) => slowed.get(name) ?? 1;
	if (percent > budgetPercent) {
		const next = order.find(name => factor(name) < most);
		return next === undefined ? slowed : new Map([...slowed, [next, factor(next) * 2]]);
	}
	const last = percent < budgetPercent * calmRatio ? order.findLast(name => factor(name) > 1) : undefined;
	if (last === undefined) return slowed;
	const rest = [...slowed].filter(([name]) => name !== last);
	return new Map(factor(last) > 2 ? [...rest, [last, factor(last) / 2]] : rest);
}
