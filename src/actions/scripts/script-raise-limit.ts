import {type BusyThreshold, busyThreshold} from '../../store/snapshot.ts';
import type {ConsoleState} from '../../store/store.ts';
import {mayRun, serverAnswers} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {changedSince, onlyFrom, wholeNumber} from '../params.ts';
import {isRefusal} from '../types.ts';

type Target = {readonly setting: string; readonly oldMs: number; readonly newMs: number};

/** Twice the limit gives a legitimate long script room without hiding a runaway for long. */
const doubled = ({ms}: BusyThreshold): number => Math.max(ms, Math.min(Math.max(ms, 500) * 2, 60_000));

const initialMs = ({snapshot}: ConsoleState): string => {
	const threshold = busyThreshold(snapshot);
	return threshold ? String(doubled(threshold)) : '';
};

/** Let scripts run longer before the server answers BUSY to everyone else. */
export const scriptRaiseLimit = defineAction<Target>({
	id: 'script.raise-limit',
	title: 'Raise the time limit of scripts',
	danger: 'disruptive',
	pane: 'scripts',
	doc: {
		sends: 'CONFIG SET busy-reply-threshold MS (lua-time-limit before 7.0)',
		does: 'BUSY replies, and with them SCRIPT KILL, begin later; until then clients wait in silence',
		cost: 'none',
		verify: 'CONFIG GET returns the new value',
		undo: 'CONFIG SET to the old value',
	},

	params: [
		{
			name: 'ms',
			aliases: ['value', 'busy-reply-threshold', 'lua-time-limit'],
			hint: 'milliseconds, 1 or more',
			isQuiet: true,
			initial: state => initialMs(state),
		},
		onlyFrom,
	],
	target({snapshot}, {set}) {
		const threshold = busyThreshold(snapshot);
		if (!threshold)
			return {refused: snapshot.settings.refused ? `The limit cannot be read: ${snapshot.settings.refused.reason}` : 'The limit has not been read yet'};
		if (threshold.ms <= 0) return {refused: `${threshold.name} is ${threshold.ms}: there is no limit to raise`};
		const newMs = wholeNumber('ms', set.ms ?? '', {from: 1, to: 2_147_483_647});
		if (isRefusal(newMs)) return newMs;
		const changed = changedSince(set, String(threshold.ms));
		if (changed) return changed;
		if (newMs === threshold.ms) return {refused: `The limit is ${threshold.ms} ms already`};
		return {setting: threshold.name, oldMs: threshold.ms, newMs};
	},

	facts: ({setting, oldMs, newMs}) => [
		['setting', setting],
		['now', `${oldMs} ms`],
		['new', `${newMs} ms`],
	],

	checks: ({setting, oldMs}, now) => [
		serverAnswers(now),
		{label: `the limit is still ${oldMs} ms`, ok: now.snapshot.settings.data?.get(setting) === String(oldMs), reason: 'The limit has been changed meanwhile'},
		mayRun(now, 'CONFIG SET'),
	],

	plan: ({setting, newMs}) => [['CONFIG', 'SET', setting, String(newMs)]],
	effect: ({oldMs, newMs}) => [
		`a script may now run ${newMs} ms instead of ${oldMs} ms before others are answered BUSY`,
		'until then they wait in silence, and no script can be killed',
		'lost at the next restart: the config file is not rewritten',
	],
	affects: () => 'everybody who waits behind a long script',
	cost: () => 'none',
	evidence: ['settings'],

	verify({setting, newMs}, _done, {snapshot}) {
		const value = snapshot.settings.data?.get(setting);
		return value === String(newMs) ? {ok: true, detail: `${setting} is ${newMs} ms`} : {ok: false, detail: `${setting} is ${value ?? 'not readable'}`};
	},

	values: ({setting}, {snapshot}) => ({[setting]: snapshot.settings.data?.get(setting)}),
	undo: ({setting, oldMs, newMs}) => ({
		plan: [['CONFIG', 'SET', setting, String(oldMs)]],
		action: 'script.raise-limit',
		choice: {on: [], set: {ms: String(oldMs), from: String(newMs)}},
	}),
});
