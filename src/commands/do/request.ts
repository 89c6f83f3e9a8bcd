import {namedChoice} from '../../actions/params.ts';
import type {Registry} from '../../actions/registry.ts';
import {type AnyAction, type Choice, isRefusal} from '../../actions/types.ts';
import {UsageError} from '../../errors.ts';
import {closest} from '../../text/closest.ts';
import type {ActionFlags} from '../flag-action.ts';

/** An action by its id, and what was said beside it. */
export type Asked = {readonly action: AnyAction; readonly choice: Choice};

/** What is wrong with what was typed, before anybody is asked for a password and any server for an answer. Throws a UsageError of one line. */
export function toAsked({actionId, on, set}: Pick<ActionFlags, 'actionId' | 'on' | 'set'>, {all, byId}: Registry): Asked {
	const action = byId(actionId);
	if (!action) throw new UsageError(unknownAction(actionId, all));
	const choice: Choice = {on, set};
	const named = namedChoice(action.params ?? [], choice);
	if (isRefusal(named)) throw new UsageError(`${action.id}: ${named.refused}`);
	if (action.on === undefined && on.length > 0) throw new UsageError(`--on: ${action.id} has nothing to name, so leave it out`);
	if (action.on !== undefined && on.length === 0 && !isNamedBySet(action, named)) {
		throw new UsageError(`${action.id} needs --on with ${action.on}: what a cursor would choose on the screen must be named here`);
	}
	const missing = action.params?.find(({name, mustBeSaid}) => mustBeSaid === true && named.set[name] === undefined);
	if (missing) throw new UsageError(`${action.id} needs --set ${missing.name}=…: ${missing.hint}`);
	return {action, choice};
}

function unknownAction(id: string, all: readonly AnyAction[]): string {
	const meant = closest(
		id,
		all.map(action => action.id),
	);
	return `there is no action ${id}: ${meant === undefined ? 'redis-triage actions lists them' : `did you mean ${meant}?`}`;
}

/** `a key pattern` may be given as `--set pattern=…` too, where the action has such a field. */
function isNamedBySet({on = '', params = []}: AnyAction, {set}: Choice): boolean {
	const word = on.split(' ').at(-1) ?? '';
	const field = params.find(({name, aliases = []}) => name === word || aliases.includes(word));
	return field !== undefined && (set[field.name] ?? '') !== '';
}
