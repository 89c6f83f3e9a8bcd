import type {ConfirmRequest} from '../../store/dialog.ts';
import type {ConsoleState} from '../../store/store.ts';
import type {PaneName} from '../../store/ui.ts';
import {mayRun, serverAnswers} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {changedSince, onlyFrom} from '../params.ts';
import {type Action, type AnyAction, type Choice, isRefusal, type Refusal} from '../types.ts';

/** Values as CONFIG GET tells them. */
export type Change = {readonly from: string; readonly to: string};

/** What is particular of one setting. */
export type Setting = {
	readonly name: string;
	readonly title: string;
	readonly pane: PaneName;
	/** What would be right, for field and help. */
	readonly hint: string;
	readonly does: string;
	/** Server time, where there is any. */
	readonly docCost?: string;
	/** What else one has to know to choose a value: label and figure, as it is now. */
	readonly present?: (state: ConsoleState) => ConfirmRequest['facts'];
	/** What the form begins with. */
	readonly initial: (now: string, state: ConsoleState) => string;
	/** From what was typed to what CONFIG GET will tell; a refusal says what would be right. */
	readonly parse: (text: string) => string | Refusal;
	/** Why this change is not to be tried, though the value is one. */
	readonly refusal?: (change: Change) => string | undefined;
	/** For the eye, where the server's own figure says little. */
	readonly shown?: (value: string) => string;
	readonly effect: (change: Change, state: ConsoleState) => readonly string[];
	readonly affects: (change: Change, state: ConsoleState) => string;
	readonly cost?: (change: Change, state: ConsoleState) => string;
	/** What can be done when the server does not take the value. */
	readonly whenRefused?: (reason: string) => readonly string[];
};

/** CONFIG SET of one setting, and never CONFIG REWRITE: what was done in an incident ends with the process, unless somebody wants it to stay. */
export function settingAction(setting: Setting): AnyAction {
	const {name, title, pane} = setting;
	const id = `config.${name}`;
	return defineAction<Change>({
		id,
		title,
		danger: 'disruptive',
		pane,
		doc: {
			sends: `CONFIG SET ${name} VALUE`,
			does: setting.does,
			cost: setting.docCost ?? 'none',
			verify: 'CONFIG GET returns the new value',
			undo: 'CONFIG SET to the old value',
		},

		params: [{name: 'value', mustBeSaid: true, aliases: [name], hint: setting.hint, initial: state => initialText(setting, state)}, onlyFrom],
		present(state) {
			const now = valueIn(setting, state);
			return [...(now === undefined ? [] : [['now', shown(setting, now)] as const]), ...(setting.present?.(state) ?? [])];
		},
		rereads: ['settings', 'info'],
		target: (state, choice) => changeTo(setting, state, choice),

		facts: ({from, to}) => [
			['setting', name],
			['now', shown(setting, from)],
			['new', shown(setting, to)],
		],

		checks: ({from}, now) => [
			serverAnswers(now),
			{label: `it is still ${quoted(from)}`, ok: valueIn(setting, now) === from, reason: `${name} has been changed meanwhile`},
			mayRun(now, 'CONFIG SET'),
		],

		plan: ({to}) => [['CONFIG', 'SET', name, to]],
		effect: (change, state) => [...setting.effect(change, state), 'lost at the next restart: the config file is not rewritten'],
		affects: setting.affects,
		cost: (change, state) => setting.cost?.(change, state) ?? 'none',
		evidence: ['settings', 'info'],

		verify({to}, _done, after) {
			const value = valueIn(setting, after);
			if (value === to) return {ok: true, detail: `${name} is ${shown(setting, to)}`};
			return {ok: false, detail: value === undefined ? `${name} could not be read again` : `${name} is ${shown(setting, value)}`};
		},

		values: (_change, state) => ({[name]: valueIn(setting, state)}),
		undo: ({from, to}) => ({
			plan: [['CONFIG', 'SET', name, from]],
			action: id,
			choice: {on: [], set: {value: quoted(from), from: quoted(to)}},
		}),
		explain: whyRefused(setting),
	});
}

/** Undefined: not read yet, or not allowed. */
function valueIn({name, parse}: Setting, {snapshot: {settings}}: ConsoleState): string | undefined {
	const value = settings.data?.get(name);
	if (value === undefined) return undefined;
	const canonical = parse(value);
	return isRefusal(canonical) ? value : canonical;
}

function initialText(setting: Setting, state: ConsoleState): string {
	const now = valueIn(setting, state);
	return now === undefined ? '' : setting.initial(now, state);
}

function changeTo(setting: Setting, state: ConsoleState, {set}: Choice): Change | Refusal {
	const {name, parse} = setting;
	const {refused} = state.snapshot.settings;
	const from = valueIn(setting, state);
	if (from === undefined) return {refused: refused ? `${name} cannot be read: ${refused.reason}` : `${name} has not been read yet`};
	const to = parse(set.value ?? '');
	if (isRefusal(to)) return to;
	const changed = changedSince(set, quoted(from));
	if (changed) return changed;
	if (from === to) return {refused: `${name} is ${quoted(to)} already`, needsInput: true};
	// Who says what it must be now takes something back, and what stood before has been taken by this server.
	const refusal = set.from ? undefined : setting.refusal?.({from, to});
	return refusal === undefined ? {from, to} : {refused: refusal};
}

/** An empty value has to be told from none. */
const quoted = (value: string): string => (value === '' ? '""' : value);

const shown = (setting: Setting, value: string): string => setting.shown?.(value) ?? quoted(value);

/** The server's own reason, without the words around it; the value stays what it was. */
function whyRefused({name, whenRefused}: Setting): NonNullable<Action<Change>['explain']> {
	return ({code, message}) => {
		if (code !== 'ERR') return undefined;
		const reason = message.replace(
			/^ERR (?:CONFIG SET failed(?: \(possibly related to argument '[^']*'\))? - |Invalid argument '[^']*' for CONFIG SET '[^']*' - )?/,
			'',
		);
		return {detail: `The server does not take it: ${reason}. ${name} is what it was`, next: whenRefused?.(reason) ?? []};
	};
}
