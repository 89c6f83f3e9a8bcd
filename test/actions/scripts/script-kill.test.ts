import {describe, expect, it} from 'vitest';
import {scriptKill} from '../../../src/actions/scripts/script-kill.ts';
import {ServerRefusedError} from '../../../src/errors.ts';
import type {ServerState} from '../../../src/store/server-state.ts';
import {answered, bindIn, failureIn} from '../../helpers/action-run.ts';
import {client, noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';

const script = {kind: 'BUSY', running: 'script', sinceMs: noonMs - 2000, begunAfterMs: noonMs - 7000, blockedSinceMs: noonMs - 6500} as const;
const silence = {kind: 'SILENT', sinceMs: noonMs - 3000, begunAfterMs: noonMs - 3000, blockedSinceMs: noonMs - 2500} as const;
const thresholdOf5s = {'busy-reply-threshold': '5000'};

const onScript = bindIn(scriptKill, {server: script});
const onSilence = bindIn(scriptKill, {server: silence, settings: thresholdOf5s});

describe('the command', () => {
	it.each<[string, Partial<ServerState>, readonly string[]]>([
		['a script', script, ['SCRIPT', 'KILL']],
		['a function', {...script, running: 'function'}, ['FUNCTION', 'KILL']],
		['a silence: most often it is a script', silence, ['SCRIPT', 'KILL']],
	])('for %s', (_what, server, argv) => expect(bindIn(scriptKill, {server}).plan).toEqual([argv]));

	it.each<[Partial<ServerState>, string]>([
		[{kind: 'OK'}, 'No script is running: the server answers'],
		[{kind: 'LOADING'}, 'No script is running: the server answers'],
		[{kind: 'DOWN'}, 'The server is down'],
		[{kind: 'CONNECTING'}, 'There is no connection yet'],
	])('is refused while the server is %j', (server, refused) => expect(scriptKill.refusal(stateWith({server}))).toEqual({refused}));

	it('is refused for a module command', () => {
		expect(scriptKill.refusal(stateWith({server: {...script, running: 'module'}}))?.refused).toBe('A module command cannot be killed');
	});
});

describe('checks while the dialog is open', () => {
	const sameSilence = {...silence, sinceMs: noonMs};

	it.each<[string, typeof onScript, StateParts, string | undefined]>([
		['the script runs on', onScript, {server: script}, undefined],
		['it falls silent in between', onScript, {server: {...script, kind: 'SILENT', sinceMs: noonMs}}, undefined],
		['it is BUSY again after that', onScript, {server: {...script, sinceMs: noonMs}}, undefined],
		['it has ended', onScript, {}, 'It has ended: the server answers again'],
		['the server has gone', onScript, {server: {kind: 'DOWN'}}, 'The server is down: whether it still runs is not known'],
		['another one has begun since', onScript, {server: {...script, blockedSinceMs: noonMs}}, 'What runs now is not what ran when the dialog opened'],
		['the silence lasts', onSilence, {server: sameSilence}, undefined],
		['the silence turns out to be a script', onSilence, {server: {...script, blockedSinceMs: silence.blockedSinceMs}}, undefined],
		[
			'it is another silence',
			onSilence,
			{server: {...silence, blockedSinceMs: noonMs}},
			'It has fallen silent: whether what ran when the dialog opened still runs is not known',
		],
		[
			'a kill was answered UNKILLABLE',
			onScript,
			{server: script, snapshot: {unkillableSinceMs: noonMs}},
			'It has written: the server refuses to kill it (UNKILLABLE)',
		],
		['it may not be run', onScript, {server: script, permissions: {'SCRIPT KILL': false}}, 'This user has no permission to run SCRIPT KILL'],
		['only the other kill may not be run', onScript, {server: script, permissions: {'FUNCTION KILL': false}}, undefined],
	])('%s', (_what, bound, now, expected) => expect(failureIn(bound, now)).toBe(expected));

	it.each([
		['a function', 'function', 'It has turned out to be a function'],
		['a module command', 'module', 'A module command cannot be killed'],
	] as const)('a silence that turns out to be %s is not answered with SCRIPT KILL', (_what, running, expected) => {
		expect(failureIn(onSilence, {server: {...script, running, blockedSinceMs: silence.blockedSinceMs}})).toContain(expected);
	});

	it('whether it has written is not known, and stands in nobody’s way', () => {
		expect(onScript.checks(stateWith({server: script}))).toContainEqual(expect.objectContaining({label: 'it has not written', ok: undefined}));
	});
});

describe('the dialog', () => {
	it('says what runs for how long, who waits, and calls the caller likely', () => {
		const clients = [client({id: '8', address: '10.0.0.8:1', name: 'api', lastCommand: 'eval'})];
		expect(bindIn(scriptKill, {server: script, clients}).request.facts).toEqual([
			['running', 'script for 7s when asked, 12 clients wait'],
			['caller', 'likely 10.0.0.8:1 api (seen 12:00:00Z)'],
		]);
		expect(onScript.request.facts).toContainEqual(['caller', 'not known']);
	});

	it('says "at least" where nobody saw it begin', () => {
		expect(bindIn(scriptKill, {server: {...script, begunAfterMs: undefined}}).request.facts[0]?.[1]).toContain('for at least 2s');
	});

	it('names a function', () => {
		const functionStats = {...stateWith().snapshot.functionStats, data: {running: {name: 'spin', command: [], durationMs: undefined}}};
		expect(bindIn(scriptKill, {server: {...script, running: 'function'}, snapshot: {functionStats}}).request.facts[0]?.[1]).toContain('function spin for 7s');
	});

	it.each<[string, StateParts, string]>([
		['when BUSY begins', {settings: thresholdOf5s}, 'in 2s, when BUSY begins, if it is a script'],
		['late', {settings: {'busy-reply-threshold': '2000'}}, 'it should have been taken already: perhaps it is no script'],
		['at a time nobody knows', {}, 'as soon as the server looks at it; when, is not known'],
		['never', {settings: {'busy-reply-threshold': '0'}}, 'never, if it is a script: busy-reply-threshold is 0, so BUSY is never answered'],
	])('says in a silence that it is a guess, and that the kill is taken %s', (_when, parts, expected) => {
		const {facts, effect} = bindIn(scriptKill, {server: silence, ...parts}).request;
		expect(facts).toEqual([
			['silent', 'for 3s when asked, 12 clients wait: perhaps a script'],
			['accepted', expected],
		]);
		expect(effect.join('\n')).toContain('if it is no script, this does nothing');
	});
});

describe('the deadline', () => {
	it.each<[string, StateParts, number]>([
		['of a kill that is taken at once', {server: script, settings: thresholdOf5s}, 5000],
		['in a silence lasts until BUSY is due, and a little', {server: silence, settings: thresholdOf5s}, 7000],
		['in a silence that should be BUSY by now', {server: silence, settings: {'busy-reply-threshold': '1000'}}, 5000],
		['in a silence with a threshold nobody knows: the server’s default', {server: silence}, 7000],
		['in a silence that began before we looked: a whole threshold', {server: {...silence, begunAfterMs: undefined}, settings: thresholdOf5s}, 10_000],
	])('%s', (_what, parts, expected) => expect(bindIn(scriptKill, parts).deadlineMs(stateWith(parts))).toBe(expected));
});

describe('verification', () => {
	it.each<[string, unknown, StateParts, object]>([
		['PONG', 'OK', {}, {ok: true, detail: 'the script has ended: PING is answered again'}],
		[
			'another refusal: the script at least has ended',
			'OK',
			{server: {kind: 'MISCONF'}, contact: {refusal: {kind: 'misconf', detail: ''}}},
			{ok: true, detail: 'the script has ended: the server is now MISCONF'},
		],
		['BUSY', 'OK', {server: script}, {ok: false, detail: 'the kill was taken, and the server is still BUSY'}],
		['nothing', 'OK', {server: silence}, {ok: false, detail: 'the kill was taken, and the server is still SILENT'}],
		[
			'the end of the connection',
			'OK',
			{server: {kind: 'DOWN'}, contact: {link: 'broken'}},
			{ok: false, detail: 'the kill was taken, and the server is now DOWN'},
		],
		['PONG, but the kill something else', 'QUEUED', {}, {ok: false, detail: 'the server replied QUEUED', isFinal: true}],
	])('PING is answered by %s', (_what, reply, after, expected) => expect(onScript.verify(answered(reply), stateWith(after))).toEqual(expected));
});

describe('an error reply', () => {
	const explain = (message: string) => onScript.explain(new ServerRefusedError(message), stateWith());

	it('UNKILLABLE: why, and the two honest choices', () => {
		const explained = explain('UNKILLABLE Sorry the script already executed write commands against the dataset.');
		expect(explained?.detail).toMatch(/^UNKILLABLE: .*Nothing was changed/);
		expect(explained?.next).toEqual([expect.stringMatching(/^Wait/), expect.stringMatching(/^Or end the server without saving/)]);
	});

	it('NOTBUSY: nothing was changed', () => expect(explain('NOTBUSY No scripts in execution right now.')?.detail).toMatch(/^NOTBUSY: .*Nothing was changed/));

	it('BUSY: it was the wrong kill', () => {
		expect(explain('BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.')?.detail).toContain(
			'SCRIPT KILL is the wrong one',
		);
	});

	it('any other speaks for itself', () => expect(explain('NOPERM no')).toBeUndefined());
});
