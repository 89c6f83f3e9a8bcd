import {expect, it} from 'vitest';
import {nextFactor} from '../../src/poll/fleet-costs.ts';
import {costliest} from '../../src/store/fleet.ts';
import {stateWith} from '../helpers/fixtures.ts';
import {clusterOf, fleetNode} from '../helpers/fleet.ts';

it.each([
	['nothing known', 2, undefined, 2],
	['over it', 1, 1.1, 2],
	['still over it', 4, 1.1, 8],
	['over it for ever', 8, 9, 8],
	['at it', 2, 1, 2],
	['well below it', 4, 0.39, 2],
	['well below it from the start', 1, 0, 1],
])('with a budget of 1 %%, %s: times %d at %s is times %d', (_what, factor, percent, expected) => expect(nextFactor(factor, percent, 1)).toBe(expected));

it('the other server that it costs most is named where that is more than here', () => {
	const at = (own: number, ...others: readonly (number | undefined)[]) => {
		const nodes = others.map((ownCostPercent, index) => fleetNode({port: 7001 + index, ownCostPercent}));
		return costliest(stateWith({fleet: clusterOf(nodes), snapshot: {ownCostPercent: own}}));
	};
	expect(at(0.1, 0.2, undefined, 0.3)).toEqual({address: '10.0.0.1:7003', percent: 0.3});
	expect(at(0.4, 0.2, 0.3)).toBeUndefined();
	expect(at(0, 0.004)).toBeUndefined();
});
