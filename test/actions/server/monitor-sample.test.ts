import {describe, expect, it} from 'vitest';
import type {SamplingEnding} from '../../../src/actions/deps.ts';
import {monitorSample} from '../../../src/actions/server/monitor-sample.ts';
import {received} from '../../../src/store/resource.ts';
import {answered, bindIn, failureIn, setUp} from '../../helpers/action-run.ts';
import {noonMs, type StateParts, serverInfo, stateWith} from '../../helpers/fixtures.ts';

const set = (values: Readonly<Record<string, string>>) => ({on: [], set: values});
const traffic = (opsPerSecond: number): StateParts => ({snapshot: {vitals: {opsPerSecond}}});
const ending = (change: Partial<SamplingEnding> = {}): SamplingEnding => ({
	because: 'time',
	commands: 12_041,
	bytes: 1000,
	durationMs: 5003,
	lines: ['a'],
	...change,
});

it('asks for the seconds, and says what it will do', () => {
	expect(monitorSample.fields(stateWith({}))).toEqual([{name: 'seconds', hint: 'whole seconds, 1 to 30', value: '5'}]);
	const {plan, work, request} = bindIn(monitorSample, traffic(2400), set({duration: '10', 'max-mib': '16'}));
	expect(plan).toEqual([['MONITOR']]);
	expect(work).toEqual({kind: 'sampling', durationMs: 10_000, maxBytes: 16 * 1024 ** 2});
	expect(request.stops).toBe('sampling');
	expect(request.facts[0]?.[1]).toContain('after 10 s or 16 MiB');
	expect(request.cost).toBe('some 100 bytes for each command, now about 234K a second; up to half of the server’s throughput while it lasts');
});

it.each([
	[{seconds: '0'}, 'seconds must be a whole number, 1 to 30'],
	[{seconds: '31'}, 'seconds must be a whole number, 1 to 30'],
	[{seconds: 'x'}, 'seconds must be a whole number, 1 to 30'],
	[{'max-mib': '65'}, 'max-mib must be a whole number, 1 to 64'],
])('refuses %j', (values, refused) => expect(monitorSample.refusal(stateWith({}), set(values))).toMatchObject({refused}));

it('takes 5s for 5', () => expect(monitorSample.refusal(stateWith({}), set({seconds: '5s'}))).toBeUndefined());

describe('its preconditions', () => {
	it.each<[string, StateParts, string | undefined]>([
		['calm', traffic(100), undefined],
		['a user who may not', {permissions: {MONITOR: false}}, 'This user has no permission to run MONITOR'],
		['silent', {server: {kind: 'SILENT'}}, 'The server does not answer: whatever is sent now is executed at some later moment'],
		['full', {server: {kind: 'MAXCLIENTS'}}, 'The server takes no new connection (MAXCLIENTS), and MONITOR needs one of its own: make room first'],
		['very busy', traffic(80_000), 'At 80,000 commands a second it would hold the server up: set seconds to 1'],
		[
			'very busy at the first look',
			{snapshot: {info: received(serverInfo({opsPerSecond: 80_000}), noonMs)}},
			'At 80,000 commands a second it would hold the server up: set seconds to 1',
		],
	])('%s', (_what, parts, failure) => expect(failureIn(bindIn(monitorSample, {}), parts)).toBe(failure));

	it('allow one second of a very busy server, with a word about it', () => {
		const bound = bindIn(monitorSample, traffic(80_000), set({seconds: '1'}));
		expect(failureIn(bound, traffic(80_000))).toBeUndefined();
		expect(bound.request.effect.join()).toContain('this is a busy server');
	});
});

it.each<[SamplingEnding['because'], boolean, string]>([
	['time', true, '12,041 commands in 5s; ended when its time was up'],
	['bytes', true, '12,041 commands in 5s; ended early: it had read as much as it may'],
	['buffer', true, '12,041 commands in 5s; ended early: too much was waiting for it in the server'],
	['stopped', true, '12,041 commands in 5s; stopped by the operator'],
	['lost', false, '12,041 commands in 5s; the connection was lost'],
])('says why it ended: %s', (because, ok, detail) => {
	expect(bindIn(monitorSample, {}).verify(answered(ending({because})), stateWith({}))).toMatchObject({ok, detail});
});

it('goes down the road: asked, written down, sampled, verified, and what it has shown is kept', async () => {
	const {deps, journal, notes, run} = setUp({action: monitorSample});
	Object.assign(deps, {
		sample: async () => {
			journal.push('sample');
			return ending();
		},
	});
	await expect(run()).resolves.toMatchObject({outcome: 'done', output: ['a']});
	expect(journal).toEqual(['confirm', 'audit intent', 'sample', 'refresh', 'audit outcome']);
	expect(notes[1]).toMatchObject({plan: [['MONITOR']], output: ['a']});
});
