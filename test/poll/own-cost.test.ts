import {expect, it} from 'vitest';
import {OwnCost} from '../../src/poll/own-cost.ts';
import type {CommandStat} from '../../src/redis/parse/command-stats.ts';
import {stateWith} from '../helpers/fixtures.ts';
import {clusterOf, fleetNode} from '../helpers/fleet.ts';

const stat = (name: string, microsPerCall: number): CommandStat => ({name, microsPerCall, calls: 1000, totalMicros: 1e6, rejectedCalls: 0, failedCalls: 0});
const stats = [stat('ping', 1), stat('info', 100), stat('client|list', 800), stat('client|kill', 7), stat('cluster|info', 20), stat('commandlog|get', 30)];

/** A cost that has begun to count at 0. */
function started(): OwnCost {
	const cost = new OwnCost(1);
	cost.settle(stats, 0);
	return cost;
}

function count(cost: OwnCost, ...commands: readonly (readonly [times: number, argv: readonly string[]])[]): OwnCost {
	for (const [times, argv] of commands) for (let call = 0; call < times; call += 1) cost.count(argv);
	return cost;
}

it.each<[string, readonly (readonly [number, readonly string[]])[], number, number]>([
	['nothing', [], 1000, 0],
	[
		'2 PING and 1 INFO in a second: 102 µs',
		[
			[2, ['PING']],
			[1, ['INFO']],
		],
		1000,
		0.0102,
	],
	['sections are arguments, not another command', [[1, ['INFO', 'commandstats']]], 1000, 0.01],
	['1 CLIENT LIST in a second: 800 µs', [[1, ['CLIENT', 'LIST']]], 1000, 0.08],
	['1 CLUSTER INFO', [[1, ['CLUSTER', 'INFO']]], 1000, 0.002],
	['1 COMMANDLOG GET', [[1, ['COMMANDLOG', 'GET', '128', 'large-reply']]], 1000, 0.003],
	['the same in ten seconds', [[1, ['CLIENT', 'LIST']]], 10_000, 0.008],
	['10,000 µs in a second are one per cent', [[100, ['INFO']]], 1000, 1],
	['a subcommand has its own price', [[1, ['CLIENT', 'KILL', 'ID', '7']]], 1000, 0.0007],
	['a command the server has no figure for costs nothing known', [[5, ['SELECT', '3']]], 1000, 0],
] as const)('%s', (_what, commands, elapsedMs, percent) => {
	expect(count(started(), ...commands).settle(stats, elapsedMs)).toBeCloseTo(percent, 8);
});

it('takes the figure of the whole container before 7.0', () => {
	const old = [stat('client', 50)];
	expect(count(started(), [2, ['CLIENT', 'LIST']]).settle(old, 1000)).toBeCloseTo(0.01, 8);
});

it('begins anew with every settlement', () => {
	const cost = count(started(), [100, ['INFO']]);
	expect(cost.settle(stats, 1000)).toBeCloseTo(1);
	expect(cost.settle(stats, 2000)).toBe(0);
	count(cost, [50, ['INFO']]);
	expect(cost.settle(stats, 3000)).toBeCloseTo(0.5);
});

it.each([
	['the first time: there is no time to divide by', new OwnCost(1), stats, 1000],
	['without time between', started(), stats, 0],
	['where the server tells no figures: not knowing is not zero', count(started(), [5, ['INFO']]), [], 1000],
] as const)('is not known %s', (_when, cost, told, nowMs) => expect(cost.settle(told, nowMs)).toBeUndefined());

const grown = (name: string, calls: number, totalMicros: number): CommandStat => ({...stat(name, totalMicros / calls), calls, totalMicros});

it('takes the price of the time between, not the average since the server started', () => {
	const cost = new OwnCost(1);
	cost.settle([grown('client|list', 1_000_000, 10_000_000)], 0);
	count(cost, [2, ['CLIENT', 'LIST']]);
	expect(cost.settle([grown('client|list', 1_000_004, 10_020_000)], 1000)).toBeCloseTo(1, 8);
});

it.each([
	['no call has been told', 1000, 1_000_000],
	['the statistics have been reset', 10, 10_000],
])('takes the average where %s', (_why, calls, totalMicros) => {
	const cost = new OwnCost(1);
	cost.settle([grown('info', 1000, 1_000_000)], 0);
	expect(count(cost, [1, ['INFO']]).settle([grown('info', calls, totalMicros)], 1000)).toBeCloseTo(0.1, 8);
});

it('the light connection to the same server counts too, and none to another', () => {
	const {session} = stateWith();
	const nodes = [fleetNode({port: 7001, ownCostPercent: 5}), {...fleetNode({ownCostPercent: 0.7}), address: session.target.address}];
	const told = count(started(), [100, ['INFO']]).reckon(stats, 1000, stateWith({fleet: clusterOf(nodes)}));
	expect(told.ownCostPercent).toBeCloseTo(1.7, 8);
	expect(told.slowed?.size).toBe(1);
});
