import {UsageError} from '../errors.ts';
import type {Argv} from './flag-argv.ts';
import {spelled} from './flag-table.ts';

/** What `do` is told beside the server: the action, what it acts on, and whether it may. Nothing has been looked up yet. */
export type ActionFlags = {
	readonly actionId: string;
	readonly on: readonly string[];
	readonly set: Readonly<Record<string, string>>;
	readonly dryRun: boolean;
	readonly yes: boolean;
	/** The word of the dialog, as typed. */
	readonly confirm: string | undefined;
};

export function toActionFlags({given, text, texts, isOn}: Argv, actionId: string | undefined): ActionFlags {
	if (actionId === undefined) throw new UsageError(`do needs the id of an action: redis-triage do ACTION [URL]; ${table}`);
	if (!/^[\w.-]{1,80}$/.test(actionId))
		throw new UsageError(`do needs the id of an action before anything else, as in redis-triage do script.kill [URL]; ${table}`);
	for (const key of ['yes', 'confirm'] as const) {
		if (isOn('dryRun') && given.has(key))
			throw new UsageError(`${spelled('dryRun')} and ${spelled(key)}: one only shows it and the other runs it, so give one of them`);
	}
	return {actionId, on: [...new Set(texts('on'))], set: toSettings(texts('set')), dryRun: isOn('dryRun'), yes: isOn('yes'), confirm: text('confirm')};
}

const table = 'redis-triage actions lists them';

/** `name=value`; the value may hold anything, also nothing. */
function toSettings(pairs: readonly string[]): Readonly<Record<string, string>> {
	const settings = new Map<string, string>();
	for (const pair of pairs) {
		const [, name, value] = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(pair) ?? [];
		if (name === undefined || value === undefined) throw new UsageError(`${spelled('set')} must be NAME=VALUE, as in --set value=4gb`);
		if (settings.has(name)) throw new UsageError(`${spelled('set')} ${name.slice(0, 40)} is given twice: give it once`);
		settings.set(name, value);
	}
	return Object.fromEntries(settings);
}
