import type {Check, ConfirmRequest} from '../store/dialog.ts';
import {type ConsoleState, isProduction} from '../store/store.ts';
import {commandText} from '../text/command-text.ts';
import {type Action, type AnyAction, type BoundAction, isRefusal, type Refusal} from './types.ts';

/** Hide an action's own target type behind what every action can do. */
export function defineAction<Target>(action: Action<Target>): AnyAction {
	return {
		id: action.id,
		title: action.title,
		danger: action.danger,
		pane: action.pane,
		doc: action.doc,
		refusal(state) {
			const target = action.target(state);
			if (isRefusal(target)) return target;
			const refused = firstFailure(withActing(action.checks(target, state), state));
			return refused === undefined ? undefined : {refused};
		},
		bind: state => bind(action, state),
	};
}

/** What every action needs besides its own. Last: what is wrong with the target is the better answer. */
const withActing = (checks: readonly Check[], {session}: ConsoleState): readonly Check[] => [
	...checks,
	{label: 'the connection that acts is open', ok: session.acting === 'open', reason: 'The connection that acts is not open: the server has not let it in yet'},
];

function bind<Target>(action: Action<Target>, state: ConsoleState): BoundAction | Refusal {
	const target = action.target(state);
	if (isRefusal(target)) return target;
	const plan = action.plan(target);
	const checks = (now: ConsoleState) => withActing(action.checks(target, now), now);
	const undo = action.undo(target);
	const request: ConfirmRequest = {
		actionId: action.id,
		title: action.title,
		danger: action.danger,
		facts: action.facts(target, state),
		plan,
		effect: action.effect(target),
		cost: action.cost(target, state),
		undo: 'none' in undo ? undo.none : undo.plan.map(commandText).join('; '),
		checks,
		word: action.danger === 'destructive' ? state.session.target.name : undefined,
		isProduction: isProduction(state.session),
	};
	return {
		id: action.id,
		title: action.title,
		danger: action.danger,
		evidence: action.evidence,
		plan,
		request,
		undo,
		checks,
		deadlineMs: now => action.deadlineMs(target, now),
		verify: (replies, after) => action.verify(target, replies, after),
		explain: (error, now) => action.explain?.(error, target, now),
	};
}

/** The first precondition that fails, in words; what is not known does not fail. */
export function firstFailure(checks: readonly Check[]): string | undefined {
	const failed = checks.find(({ok}) => ok === false);
	return failed && (failed.reason ?? `not so: ${failed.label}`);
}
