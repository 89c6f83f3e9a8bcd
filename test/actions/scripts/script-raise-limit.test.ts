import {describe, expect, it} from 'vitest';
import {scriptRaiseLimit} from '../../../src/actions/scripts/script-raise-limit.ts';
import {answered, bindIn, failureIn, setUp} from '../../helpers/action-run.ts';
import {type StateParts, stateWith} from '../../helpers/fixtures.ts';

const threshold = (ms: number | string): StateParts => ({settings: {'busy-reply-threshold': String(ms)}});
const bound = bindIn(scriptRaiseLimit, threshold(5000));

describe('the new limit', () => {
	it.each([
		[5000, 10_000],
		[700, 1400],
		[100, 1000],
		[45_000, 60_000],
		[59_999, 60_000],
	])('of %i ms is %i ms: twice as much, at least a second, at most a minute', (oldMs, newMs) => {
		expect(bindIn(scriptRaiseLimit, threshold(oldMs)).plan).toEqual([['CONFIG', 'SET', 'busy-reply-threshold', String(newMs)]]);
	});

	it('is set by its old name before 7.0', () => {
		expect(bindIn(scriptRaiseLimit, {settings: {'lua-time-limit': '5000'}}).plan).toEqual([['CONFIG', 'SET', 'lua-time-limit', '10000']]);
	});

	it.each<[string, StateParts, string]>([
		['it has not been read', {}, 'The limit has not been read yet'],
		['it is a minute', threshold(60_000), 'The limit is 60000 ms already'],
		['it is more than a minute', threshold(90_000), 'The limit is 90000 ms already'],
		['there is none: 0 lets scripts run for ever', threshold(0), 'busy-reply-threshold is 0: there is no limit to raise'],
		['there is none', threshold(-1), 'busy-reply-threshold is -1: there is no limit to raise'],
	])('is refused when %s', (_why, parts, refused) => expect(scriptRaiseLimit.refusal(stateWith(parts))).toEqual({refused}));

	it('is refused in the server’s words where CONFIG GET is', () => {
		const {settings} = stateWith().snapshot;
		const snapshot = {settings: {...settings, refused: {command: 'CONFIG GET', reason: 'NOPERM …'}}};
		expect(scriptRaiseLimit.refusal(stateWith({snapshot}))).toEqual({refused: 'The limit cannot be read: NOPERM …'});
	});
});

it.each<[string, StateParts, string | undefined]>([
	['all is as it was', threshold(5000), undefined],
	['somebody has changed it', threshold(7000), 'The limit has been changed meanwhile'],
	['the server is BUSY', {...threshold(5000), server: {kind: 'BUSY'}}, 'The server is BUSY and refuses this: stop the script first'],
	['it may not be run', {...threshold(5000), permissions: {'CONFIG SET': false}}, 'This user has no permission to run CONFIG SET'],
])('checks, when %s', (_what, now, expected) => expect(failureIn(bound, now)).toBe(expected));

it('shows old and new', () => {
	expect(bound.request.facts).toEqual([
		['setting', 'busy-reply-threshold'],
		['now', '5000 ms'],
		['new', '10000 ms'],
	]);
});

it.each<[StateParts, object]>([
	[threshold(10_000), {ok: true, detail: 'busy-reply-threshold is 10000 ms'}],
	[threshold(5000), {ok: false, detail: 'busy-reply-threshold is 5000'}],
	[{}, {ok: false, detail: 'busy-reply-threshold is not readable'}],
])('is verified by reading it: %j', (after, expected) => expect(bound.verify(answered('OK'), stateWith(after))).toEqual(expected));

describe('undo', () => {
	const choice = {on: [], set: {ms: '5000', from: '10000'}};

	it('is the old value, shown in the dialog, and only from the value that was set', () => {
		expect(bound.undo).toEqual({plan: [['CONFIG', 'SET', 'busy-reply-threshold', '5000']], action: 'script.raise-limit', choice});
		expect(bound.request.undo).toBe('CONFIG SET busy-reply-threshold 5000');
	});

	it('goes down the same road: asked, written down, sent, verified', async () => {
		const {journal, run} = setUp({action: scriptRaiseLimit, choice, state: threshold(10_000), after: threshold(5000), replies: ['OK']});
		await expect(run()).resolves.toMatchObject({outcome: 'done'});
		expect(journal).toEqual(['confirm', 'audit intent', 'send CONFIG SET busy-reply-threshold 5000', 'refresh', 'audit outcome']);
	});

	it('is unverified when the value is still another', async () => {
		const {run} = setUp({action: scriptRaiseLimit, choice, state: threshold(10_000), after: threshold(10_000), replies: ['OK']});
		await expect(run()).resolves.toMatchObject({outcome: 'unverified', detail: 'busy-reply-threshold is 10000'});
	});

	it('does not overwrite what somebody else has set since', async () => {
		const {journal, run} = setUp({action: scriptRaiseLimit, choice, state: threshold(7000), replies: ['OK']});
		await expect(run()).resolves.toMatchObject({outcome: 'refused', detail: 'Somebody has changed it since: it is 7000 now, not 10000'});
		expect(journal).toEqual(['audit outcome']);
	});
});

it.each([
	['0', 'ms must be a whole number, 1 to 2147483647'],
	['soon', 'ms must be a whole number, 1 to 2147483647'],
	['5000', 'The limit is 5000 ms already'],
])('refuses %s, and says what would be right', (ms, refused) => {
	expect(scriptRaiseLimit.refusal(stateWith(threshold(5000)), {on: [], set: {ms}})?.refused).toBe(refused);
});
