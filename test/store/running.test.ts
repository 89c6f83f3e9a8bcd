import {expect, it} from 'vitest';
import {received} from '../../src/store/resource.ts';
import {callerWords, runningFor, runningNow} from '../../src/store/running.ts';
import {busyThreshold} from '../../src/store/snapshot.ts';
import {client, consoleClient, noonMs, type StateParts, stateWith} from '../helpers/fixtures.ts';

const busy = {kind: 'BUSY', running: 'script', sinceMs: noonMs - 2000, begunAfterMs: noonMs - 7000} as const;
const silent = {kind: 'SILENT', sinceMs: noonMs - 3000, begunAfterMs: noonMs - 3000} as const;
const spin = {name: 'spin', command: ['FCALL', 'spin', '1', 'k', 'arg1'], durationMs: 6500};
const functionStats = received({running: spin}, noonMs - 400);

const now = (parts: StateParts) => runningNow(stateWith(parts).snapshot);

it.each(['OK', 'LOADING', 'DOWN', 'OOM', 'MAXCLIENTS', 'CONNECTING'] as const)('nothing is said to run while the server is %s', kind => {
	expect(now({server: {kind}})).toBeUndefined();
});

it.each([
	['script', {server: busy}],
	['function', {server: {...busy, running: 'function'}}],
	['module', {server: {...busy, running: 'module'}}],
	['unknown', {server: silent}],
] as const)('tells %s, as BUSY does; a silence tells nothing', (kind, parts) => expect(now(parts)).toMatchObject({kind}));

it.each([
	['in a silence', {server: silent, settings: {'busy-reply-threshold': '5000'}}, noonMs + 2000],
	['by its name before 7.0', {server: silent, settings: {'lua-time-limit': '4000'}}, noonMs + 1000],
	['not where the threshold is not known', {server: silent}, undefined],
	['not where BUSY is never answered', {server: silent, settings: {'busy-reply-threshold': '0'}}, undefined],
	['not where it began before we looked', {server: {...silent, begunAfterMs: undefined}, settings: {'busy-reply-threshold': '5000'}}, undefined],
	['no more once BUSY is answered', {server: busy, settings: {'busy-reply-threshold': '5000'}}, undefined],
] as const)('expects BUSY %s', (_when, parts, expected) => expect(now(parts)?.busyExpectedAtMs).toBe(expected));

it('describes a function by FUNCTION STATS', () => {
	expect(now({server: {...busy, running: 'function'}, snapshot: {functionStats}})).toMatchObject({
		functionName: 'spin',
		command: spin.command,
		durationMs: 6500,
	});
});

it.each(['script', 'module'] as const)('does not take the figures of a function for those of a %s', running => {
	expect(now({server: {...busy, running}, snapshot: {functionStats}})).toMatchObject({functionName: undefined, command: undefined, durationMs: undefined});
});

it.each([
	['the server’s own figure, and the time since it was read', {server: {...busy, running: 'function'}, snapshot: {functionStats}}, {ms: 6900, atLeast: false}],
	['counted from the last ordinary reply', {server: busy}, {ms: 7000, atLeast: false}],
	['at least since BUSY was seen, where nobody saw it begin', {server: {...busy, begunAfterMs: undefined}}, {ms: 2000, atLeast: true}],
	['a silence', {server: silent}, {ms: 3000, atLeast: false}],
] as const)('lasts: %s', (_what, parts, expected) => {
	const {snapshot} = stateWith(parts);
	const running = runningNow(snapshot);
	expect(running && runningFor(snapshot, running, noonMs)).toEqual(expected);
});

it('guesses the callers from the last client list: who ran a script, most recent first, three at most, never a console', () => {
	const clients = [
		client({id: '10', lastCommand: 'get', idleSeconds: 0}),
		client({id: '11', lastCommand: 'eval', idleSeconds: 9}),
		client({id: '12', lastCommand: 'evalsha', idleSeconds: 2}),
		client({id: '13', lastCommand: 'fcall', idleSeconds: 5}),
		client({id: '14', lastCommand: 'fcall_ro', idleSeconds: 30}),
		consoleClient({id: '15', lastCommand: 'eval', idleSeconds: 0}),
	];
	const running = now({server: busy, clients});
	expect(running?.likelyCallers.map(({id}) => id)).toEqual(['12', '13', '11']);
	expect(running?.callersSeenAtMs).toBe(noonMs);
});

it.each([
	['one', ['eval'], 'likely 10.0.0.1:5000 api0'],
	['several', ['eval', 'evalsha'], 'not known: the last to run scripts were 10.0.0.1:5000 api0, 10.0.0.1:5000 api1'],
])('calls likely only one that is alone: %s', (_what, commands, words) => {
	const clients = commands.map((lastCommand, index) => client({id: `1${index}`, lastCommand, name: `api${index}`, idleSeconds: index}));
	expect(callerWords(now({server: busy, clients}) ?? {likelyCallers: []})).toBe(words);
});

it('guesses nobody without a list', () => expect(now({server: busy})).toMatchObject({likelyCallers: [], callersSeenAtMs: undefined}));

it.each([
	[{'busy-reply-threshold': '5000'}, {name: 'busy-reply-threshold', ms: 5000}],
	[{'lua-time-limit': '5000'}, {name: 'lua-time-limit', ms: 5000}],
	[
		{'busy-reply-threshold': '700', 'lua-time-limit': '700'},
		{name: 'busy-reply-threshold', ms: 700},
	],
	[{'busy-reply-threshold': '-1'}, {name: 'busy-reply-threshold', ms: -1}],
	[{'busy-reply-threshold': 'soon'}, undefined],
	[{maxclients: '5000'}, undefined],
] as const)('reads the threshold from %j', (settings, expected) => {
	expect(busyThreshold(stateWith({settings}).snapshot)).toEqual(expected);
});

it('knows no threshold before CONFIG GET was answered', () => expect(busyThreshold(stateWith().snapshot)).toBeUndefined());
