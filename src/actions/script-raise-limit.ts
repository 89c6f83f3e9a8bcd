import {type BusyThreshold, busyThreshold} from '../store/snapshot.ts';
import {mayRun, serverAnswers} from './checks.ts';
import {defineAction} from './define-action.ts';

type Target = {readonly setting: string; readonly oldMs: number; readonly newMs: number};

/** Twice the limit gives a legitimate long script room without hiding a runaway for long. */
const doubled = ({ms}: BusyThreshold): number => Math.min(Math.max(ms, 500) * 2, 60_000);

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

	target({snapshot}) {
		const threshold = busyThreshold(snapshot);
		if (!threshold)
			return {refused: snapshot.settings.refused ? `The limit cannot be read: ${snapshot.settings.refused.reason}` : 'The limit has not been read yet'};
		if (threshold.ms <= 0) return {refused: `${threshold.name} is ${threshold.ms}: there is no limit to raise`};
		if (doubled(threshold) <= threshold.ms) return {refused: `The limit is ${threshold.ms} ms already`};
		return {setting: threshold.name, oldMs: threshold.ms, newMs: doubled(threshold)};
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
	cost: () => 'none',
	deadlineMs: () => 5000,
	evidence: ['settings'],

	verify({setting, newMs}, _replies, {snapshot}) {
		const value = snapshot.settings.data?.get(setting);
		return value === String(newMs) ? {ok: true, detail: `${setting} is ${newMs} ms`} : {ok: false, detail: `${setting} is ${value ?? 'not readable'}`};
	},

	undo: ({setting, oldMs}) => ({plan: [['CONFIG', 'SET', setting, String(oldMs)]]}),
});
