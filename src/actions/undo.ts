import type {Plan} from '../store/dialog.ts';
import type {ConsoleState} from '../store/store.ts';
import {commandText} from '../text/command-text.ts';
import {mayRun, serverAnswers} from './checks.ts';
import {defineAction} from './define-action.ts';
import type {AnyAction} from './types.ts';

/** Those of the commands (`CONFIG SET name value`) whose value is not the present one. */
const differing = (plan: Plan, {snapshot}: ConsoleState): Plan => plan.filter(([, , name = '', value]) => snapshot.settings.data?.get(name) !== value);

/** The way back from an action that has one, as an action of its own on the same road: dialog, audit and all. */
export function undoOf(action: AnyAction, plan: Plan, done: Plan): AnyAction {
	return defineAction<Plan>({
		id: action.id,
		title: `Undo: ${action.title.toLowerCase()}`,
		danger: action.danger,
		pane: action.pane,
		doc: {...action.doc, sends: plan.map(commandText).join('; '), does: 'the old value is back', undo: 'do it again'},
		target: () => plan,
		facts: () => [],
		checks: (_plan, now) => [
			serverAnswers(now),
			{
				label: 'the value is still the one that was set',
				ok: differing(done, now).length === 0,
				reason: 'Somebody has changed it since: look before you change it back',
			},
			mayRun(now, 'CONFIG SET'),
		],
		plan: commands => commands,
		effect: () => ['the old value is back'],
		cost: () => 'none',
		deadlineMs: () => 5000,
		evidence: ['settings'],
		verify: (commands, _replies, after) => {
			const wrong = differing(commands, after);
			return wrong.length === 0 ? {ok: true, detail: 'the old value is back'} : {ok: false, detail: `not as before: ${wrong.map(commandText).join('; ')}`};
		},
		undo: () => ({none: 'do it again'}),
	});
}
