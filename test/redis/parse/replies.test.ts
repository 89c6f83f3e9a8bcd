import {expect, it} from 'vitest';
import {parseConfigGet} from '../../../src/redis/parse/config.ts';
import {parseFunctionStats} from '../../../src/redis/parse/function-stats.ts';
import {parseHello} from '../../../src/redis/parse/hello.ts';
import {replies} from './fixture.ts';

it.each(['functionStats', 'functionStatsResp3'])('tells which function runs (%s)', name => {
	expect(parseFunctionStats(replies[name])).toEqual({running: {name: 'spin', command: ['FCALL', 'spin', '1', 'k', '***'], durationMs: expect.any(Number)}});
});

it.each(['functionStatsIdle', 'functionStatsIdleResp3'])('tells that none runs (%s)', name =>
	expect(parseFunctionStats(replies[name])).toEqual({running: undefined}),
);

it.each([
	['helloResp2', {protocol: 2, mode: 'standalone', role: 'master'}],
	['helloResp3', {protocol: 3, mode: 'standalone', role: 'master'}],
	['helloResp3Mapped', {protocol: 3, mode: 'standalone', role: 'master'}],
	['helloInBusy', {protocol: 3, mode: 'standalone', role: 'master'}],
	['helloCluster', {protocol: 3, mode: 'cluster', role: 'master'}],
])('reads %s', (name, expected) => {
	expect(parseHello(replies[name])).toEqual({product: 'Redis', version: '7.0.15', clientId: expect.stringMatching(/^\d+$/), modules: [], ...expected});
});

it('reads HELLO of a replica with modules, and of a Sentinel', () => {
	const modules = [['name', 'ReJSON', 'ver', 20_007], {name: 'search', ver: 1}, ['ver', 2], 7];
	expect(parseHello(['server', 'valkey', 'version', '9.1.2', 'proto', 3, 'id', 9n, 'mode', 'standalone', 'role', 'replica', 'modules', modules])).toEqual({
		product: 'Valkey',
		version: '9.1.2',
		protocol: 3,
		clientId: '9',
		mode: 'standalone',
		role: 'replica',
		modules: ['ReJSON', 'search'],
	});
	expect(parseHello(['server', 'redis', 'version', '7.0.15', 'proto', 2, 'id', 4, 'mode', 'sentinel', 'modules', []])).toMatchObject({
		mode: 'sentinel',
		role: undefined,
	});
});

it('has nothing to say about a reply that is no HELLO', () => {
	expect(parseHello('OK')).toEqual({
		product: undefined,
		version: undefined,
		protocol: undefined,
		clientId: undefined,
		mode: undefined,
		role: undefined,
		modules: [],
	});
});

it.each(['configGet', 'configGetResp3Mapped'])('reads settings (%s)', name => {
	const settings = parseConfigGet(replies[name]);
	expect(settings.get('maxclients')).toBe('10000');
	expect(settings.get('maxmemory-policy')).toBe('noeviction');
	expect(settings.size).toBe(6);
});

it('reads settings from a Map, and leaves out what is none', () => {
	expect(
		parseConfigGet(
			new Map<unknown, unknown>([
				['save', ''],
				['odd', ['x']],
				[null, 'x'],
			]),
		),
	).toEqual(new Map([['save', '']]));
	expect(parseConfigGet(['a', '1', 'b'])).toEqual(new Map([['a', '1']]));
	expect(parseConfigGet(null)).toEqual(new Map());
});
