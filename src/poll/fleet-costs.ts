import {OwnCost} from './own-cost.ts';

/** What this console sends to other servers than the one that is looked at, on whatever connection, counted by server. */
export class FleetCosts {
	readonly #byAddress = new Map<string, OwnCost>();

	of(address: string): OwnCost {
		const known = this.#byAddress.get(address);
		if (known) return known;
		// Nothing is slowed by it alone: the fleet goes by the worst of them.
		const cost = new OwnCost(Number.POSITIVE_INFINITY);
		this.#byAddress.set(address, cost);
		return cost;
	}
}

/** Too dear: asked half as often, up to so many times less; well below the budget twice as often again. */
const most = 8;
const calmRatio = 0.4;

/** How many times longer the pauses between two looks are from here on. `percent` of a core: on the node that it costs most. */
export function nextFactor(factor: number, percent: number | undefined, budgetPercent: number): number {
	if (percent === undefined) return factor;
	if (percent > budgetPercent) return Math.min(most, factor * 2);
	return percent < budgetPercent * calmRatio ? Math.max(1, factor / 2) : factor;
}
