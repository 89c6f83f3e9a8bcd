import type {AnyAction} from '../../actions/types.ts';
import {redactArgv} from '../../redis/parse/redact.ts';
import type {ConfirmRequest, Plan} from '../../store/dialog.ts';
import {type ConsoleState, isProduction} from '../../store/store.ts';
import {briefCommand} from '../../text/command-text.ts';
import {formatCount} from '../../text/format.ts';
import {type Wanted, wantedFor} from './consent.ts';
import {block, indent, literalBlock} from './text.ts';

/** What it would do: the content of the dialog. Without `request` it was refused before there was one. */
export type Preview = {
	readonly schema: 1;
	readonly action: string;
	readonly title: string;
	readonly danger: string;
	/** As in the audit log. */
	readonly target: string;
	readonly environment: string | null;
	readonly facts: ConfirmRequest['facts'];
	readonly plan: Plan;
	readonly goesOn: string | null;
	/** Where each command goes, if not to the server. */
	readonly places: readonly string[];
	readonly effect: readonly string[];
	readonly affects: string | null;
	readonly cost: string | null;
	readonly undo: string | null;
	/** `ok` null: it cannot be known now, and does not stand in the way. */
	readonly checks: readonly {readonly label: string; readonly ok: boolean | null; readonly reason: string | null}[];
	readonly confirm: Wanted;
	/** Why it cannot run now. */
	readonly refused: string | null;
};

type Subject = {readonly action: AnyAction; readonly state: ConsoleState; readonly auditTarget: string; readonly refused?: string | undefined};

export function toPreview(request: ConfirmRequest | undefined, {action, state, auditTarget, refused}: Subject): Preview {
	const {target} = state.session;
	const word = action.danger === 'destructive' ? target.name : undefined;
	return {
		schema: 1,
		action: action.id,
		title: action.title,
		danger: action.danger,
		target: auditTarget,
		environment: target.environment ?? null,
		...(request ? contentOf(request, state) : nothing),
		confirm: wantedFor(request ?? {danger: action.danger, isProduction: isProduction(state.session), word}),
		refused: refused ?? null,
	};
}

type Content = Omit<Preview, 'schema' | 'action' | 'title' | 'danger' | 'target' | 'environment' | 'confirm' | 'refused'>;

const nothing: Content = {facts: [], plan: [], goesOn: null, places: [], effect: [], affects: null, cost: null, undo: null, checks: []};

const contentOf = ({facts, plan, goesOn, places, effect, affects, cost, undo, checks}: ConfirmRequest, state: ConsoleState): Content => ({
	facts,
	plan: plan.map(redactArgv),
	goesOn: goesOn ?? null,
	places,
	effect,
	affects,
	cost,
	undo,
	// Some have the reason ready for the case that it is so.
	checks: checks(state).map(({label, ok, reason}) => ({label, ok: ok ?? null, reason: (ok === false ? reason : undefined) ?? null})),
});

/** More of a plan is in the JSON. */
const shownCommands = 20;

/** The same as text, a line each; commands are not wrapped, so that they can be copied. */
export function previewLines(preview: Preview, role: string | undefined): readonly string[] {
	const {title, danger, target, environment, facts, effect, affects, cost, undo, refused} = preview;
	const width = Math.max(9, ...facts.map(([label]) => label.length + 1));
	const where = [target, role, environment === 'production' ? 'PRODUCTION' : environment].filter(part => part !== undefined && part !== null).join('   ');
	const one = (label: string, text: string | null) => (text === null ? [] : block(label, [text], width));
	return [
		`${title} (${danger})`,
		...one('target', where),
		...facts.flatMap(([label, value]) => one(label, value)),
		...literalBlock('sends', commandLines(preview), width),
		...block('effect', effect, width),
		...one('affects', affects),
		...one('undo', undo),
		...one('cost', cost),
		...preview.checks.map(checkText),
		refused === null ? `${indent}${confirmText(preview.confirm)}` : `It cannot run now: ${refused}`,
	];
}

function confirmText(wanted: Wanted): string {
	if (wanted === 'none') return 'It runs without being asked for a confirmation.';
	return `To run it: ${wanted === 'yes' ? '--yes' : `--confirm ${wanted.slice('word:'.length)}`}`;
}

/** A precondition with its tick, in plain ASCII. */
function checkText({label, ok, reason}: Preview['checks'][number]): string {
	if (ok === null) return `${indent}?  ${label}: not known`;
	return ok ? `${indent}ok ${label}` : `${indent}NO ${reason ?? label}`;
}

function commandLines({plan, places, goesOn}: Preview): readonly string[] {
	const shown = plan.slice(0, shownCommands).map((argv, index) => `${briefCommand(argv)}${places[index] === undefined ? '' : `   on ${places[index]}`}`);
	const more = plan.length - shown.length;
	return [...shown, ...(more > 0 ? [`and ${formatCount(more)} more`] : []), ...(goesOn === null ? [] : [goesOn])];
}
