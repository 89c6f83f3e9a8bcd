import {closest} from '../text/closest.ts';
import type {Choice, Param, Refusal} from './types.ts';

/** `set` by the params' own names, aliases resolved; a name that there is not is refused with what would be right. */
export function namedChoice(params: readonly Param[], {on, set}: Choice): Choice | Refusal {
	const named: Record<string, string> = {};
	for (const [typed, value] of Object.entries(set)) {
		const param = params.find(({name, aliases = []}) => name === typed || aliases.includes(typed));
		if (!param) return {refused: unknownName(typed, params)};
		named[param.name] = value;
	}
	return {on, set: named};
}

function unknownName(typed: string, params: readonly Param[]): string {
	const shown = /^[\w.-]{1,40}$/.test(typed) ? typed : 'what was given';
	if (params.length === 0) return `There is nothing to set here: leave --set ${shown} out`;
	const names = params.map(({name}) => name);
	const meant = closest(typed, names);
	return `--set ${shown}: ${meant === undefined ? `it has ${params.map(({name, hint}) => `${name} (${hint})`).join(', ')}` : `did you mean ${meant}?`}`;
}

/** A whole number in words' bounds; a refusal names the field and what would be right. */
export function wholeNumber(name: string, text: string, {from, to = Number.MAX_SAFE_INTEGER}: {readonly from: number; readonly to?: number}): number | Refusal {
	const value = /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
	if (value >= from && value <= to) return value;
	return {refused: `${name} must be a whole number, ${to === Number.MAX_SAFE_INTEGER ? `${from} or more` : `${from} to ${to}`}`};
}

const unitSeconds: Readonly<Record<string, number>> = {'': 1, s: 1, m: 60, min: 60, h: 3600, d: 86_400};

/** `90`, `90s`, `15m`, `2h`, `7d` in seconds. */
export function duration(name: string, text: string): number | Refusal {
	const [, digits = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)\s*(s|m|min|h|d)?$/.exec(text.trim()) ?? [];
	if (digits === '') return {refused: `${name} must be a time, as in 90 (seconds), 15m, 2h or 7d`};
	return Number(digits) * (unitSeconds[unit] ?? 1);
}

const unitBytes: Readonly<Record<string, number>> = {'': 1, b: 1, k: 1000, kb: 1024, m: 1e6, mb: 1024 ** 2, g: 1e9, gb: 1024 ** 3};

/** As redis.conf has it (`memtoull`): `100mb` is MiB, `100m` a million bytes. */
export function bytes(name: string, text: string): number | Refusal {
	const [, digits = '', unit = ''] = /^(\d{1,15})\s*(b|kb?|mb?|gb?)?$/i.exec(text.trim()) ?? [];
	if (digits === '') return {refused: `${name} must be a size, as in 0, 4gb, 512mb or 1073741824`};
	return Number(digits) * (unitBytes[unit.toLowerCase()] ?? 1);
}

/** The undo of a setting is for the value that was set: what somebody else has set since is not overwritten. */
export const onlyFrom: Param = {name: 'from', hint: 'only if it is this now', isQuiet: true, initial: () => ''};

export function changedSince({from = ''}: Choice['set'], now: string): Refusal | undefined {
	return from === '' || from === now ? undefined : {refused: `Somebody has changed it since: it is ${now === '' ? 'empty' : now} now, not ${from}`};
}
