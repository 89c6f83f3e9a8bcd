import type {Pace} from '../pace.ts';
import type {Check, ConfirmRequest, ToldRequest} from '../store/dialog.ts';
import {nodeWords} from '../store/fleet.ts';
import {type ConsoleState, isProduction} from '../store/store.ts';
import {briefCommand} from '../text/command-text.ts';
import {serverAnswers} from './checks.ts';
import {namedChoice} from './params.ts';
import {permissionCheck} from './permission.ts';
import {type FrozenServer, freezeServer, type Scope, whyAnother, whyCut} from './same-server.ts';
import type {Reading} from './trips.ts';
import {type Action, type AnyAction, type Binding, type BoundAction, type Choice, isRefusal, noChoice, type Refusal, type Work} from './types.ts';

/** Hide an action's own target type behind what every action can do. */
export function defineAction<Target>(action: Action<Target>): AnyAction {
	const {params = []} = action;
	return {
		id: action.id,
		title: action.title,
		danger: action.danger,
		pane: action.pane,
		doc: action.doc,
		...(action.on === undefined ? {} : {on: action.on}),
		...(action.params === undefined ? {} : {params: action.params}),
		...(action.rereads === undefined ? {} : {rereads: action.rereads}),
		fields: state =>
			params
				.filter(({isQuiet}) => isQuiet !== true)
				.map(({name, hint, initial, choices}) => ({name, hint, value: initial(state), ...(choices === undefined ? {} : {choices})})),
		present: state => action.present?.(state) ?? [],
		refusal(state, choice = noChoice) {
			const target = targetOf(action, state, choice);
			if (isRefusal(target)) return target;
			const refused = firstFailure(allChecks(action, target, state));
			return refused === undefined ? undefined : {refused};
		},
		literalPlan(state) {
			const target = action.prepare ? undefined : targetOf(action, state, noChoice);
			return target === undefined || isRefusal(target) ? undefined : action.plan(target);
		},
		bind: (state, choice, pace) => bind(action, state, choice, pace),
	};
}

function targetOf<Target>(action: Action<Target>, state: ConsoleState, choice: Choice): Target | Refusal {
	const named = namedChoice(action.params ?? [], choice);
	if (isRefusal(named)) return named;
	const initial = Object.fromEntries((action.params ?? []).map(param => [param.name, param.initial(state)]));
	const target = action.target(state, {on: named.on, set: {...initial, ...named.set}});
	// What has not been read of a server that is not there is not what is wrong.
	return isRefusal(target) && isGone(state) ? {refused: `${serverAnswers(state).reason ?? ''}: ${state.snapshot.server.detail}`} : target;
}

const gone: ReadonlySet<string> = new Set(['DOWN', 'UNREACHABLE', 'NOAUTH', 'WRONGPASS']);

const isGone = ({snapshot}: ConsoleState): boolean => gone.has(snapshot.server.kind) && snapshot.info.data === undefined;

function bind<Target>(action: Action<Target>, state: ConsoleState, choice: Choice, pace: Pace): Refusal | Binding {
	const target = targetOf(action, state, choice);
	if (isRefusal(target)) return target;
	// Before anything is read: what would be refused anyway need not cost the server a walk through its keys.
	const refused = firstFailure(allChecks(action, target, state));
	if (refused !== undefined) return {refused};
	const frozen = {state, choice, server: freezeServer(state)};
	if (!action.prepare) return {kind: 'bound', bound: bound(action, {...frozen, target, permission: undefined})};
	return {
		kind: 'reading',
		reading: prepared(action, action.prepare(target, state, pace), (whole, permission) => bound(action, {...frozen, target: whole, permission})),
	};
}

function* prepared<Target>(
	action: Action<Target>,
	reading: Reading<Target | Refusal>,
	bindWhole: (target: Target, permission: Check | undefined) => BoundAction,
): Reading<BoundAction | Refusal> {
	const target = yield* reading;
	if (isRefusal(target)) return target;
	if (goesElsewhere(action, target)) return bindWhole(target, undefined);
	return bindWhole(target, yield* permissionCheck([...action.plan(target), ...(action.needs?.(target) ?? [])]));
}

/** Programs, samples and Sentinels have connections of their own, or none: the server has no say in it, and may be silent. */
function goesElsewhere<Target>(action: Action<Target>, target: Target): boolean {
	const kind = action.work?.(target)?.kind;
	return kind === 'program' || kind === 'sampling' || kind === 'sentinels';
}

/** What every action needs besides its own. Last: what is wrong with the target is the better answer. */
function allChecks<Target>(action: Action<Target>, target: Target, now: ConsoleState): readonly Check[] {
	const own = action.checks(target, now);
	if (goesElsewhere(action, target)) return own;
	// In a dry run nobody opens it; a read-only console has been refused before it comes to this.
	if (now.session.acting === 'none') return [...own, {label: 'a dry run: the connection that acts stays closed', ok: true}];
	return [
		...own,
		{
			label: 'the connection that acts is open',
			ok: now.session.acting === 'open',
			reason: 'The connection that acts is not open: the server has not let it in yet',
		},
	];
}

/**
 * Whatever it is about, it is about the server that it was opened on; programs on this machine are about none. Shown only when it does not hold: it
 * goes without saying, and a row more in every dialog would push others off a small screen.
 */
function checksSince<Target>(action: Action<Target>, {target, server, permission}: Frozen<Target>, now: ConsoleState): readonly Check[] {
	const checks = [...allChecks(action, target, now), ...(permission ? [permission] : [])];
	const scope = scopeOf(action, target);
	if (scope === undefined) return checks;
	const another = whyAnother(server, now, scope);
	// What else is wrong with another server is no answer.
	if (another !== undefined) return [sameServer(another), ...checks];
	const cut = scope === 'address' ? undefined : whyCut(server, now);
	return cut === undefined ? checks : [...checks, sameServer(cut)];
}

const sameServer = (reason: string): Check => ({label: 'it is the same server', ok: false, reason});

/** Sentinels know a server by its address, and act on it while it is away. */
function scopeOf<Target>(action: Action<Target>, target: Target): Scope | undefined {
	const kind = action.work?.(target)?.kind;
	if (kind === 'program') return undefined;
	if (kind === 'sentinels') return 'address';
	return action.isAboutRole ? 'process' : 'process and role';
}

type Frozen<Target> = {
	readonly target: Target;
	readonly state: ConsoleState;
	readonly server: FrozenServer;
	readonly choice: Choice;
	readonly permission: Check | undefined;
};

function bound<Target>(action: Action<Target>, frozen: Frozen<Target>): BoundAction {
	const {target, state, choice} = frozen;
	const {review} = action;
	const plan = action.plan(target);
	const work = action.work?.(target);
	const undo = action.undo(target);
	const checks = (now: ConsoleState) => checksSince(action, frozen, now);
	const told = (now: ConsoleState): ToldRequest => ({
		facts: [...nodeFact(now, work), ...action.facts(target, now)],
		effect: action.effect(target, now),
		affects: action.affects(target, now),
		cost: action.cost(target, now),
	});
	const scope = scopeOf(action, target);
	const request: ConfirmRequest = {
		actionId: action.id,
		title: action.title,
		danger: action.danger,
		...told(state),
		...(action.followsServer && scope ? {follow: now => (whyAnother(frozen.server, now, scope) === undefined ? told(now) : undefined)} : {}),
		plan,
		goesOn: action.goesOn?.(target),
		places: work?.kind === 'sentinels' ? work.nodes : [],
		undo: 'none' in undo ? undo.none : [...new Set(undo.plan.map(briefCommand))].join('; '),
		checks,
		word: action.danger === 'destructive' ? state.session.target.name : undefined,
		isProduction: isProduction(state.session),
		stops: stopsOf(work),
	};
	return {
		id: action.id,
		title: action.title,
		danger: action.danger,
		evidence: action.evidence,
		choice,
		plan,
		work,
		request,
		undo,
		exports: action.exports?.(target),
		endsConnection: action.endsConnection === true,
		checks,
		deadlineMs: now => action.deadlineMs?.(target, now) ?? usualDeadlineMs,
		verifyForMs: action.verifyForMs ?? usualVerifyForMs,
		verify: (done, after) => action.verify(target, done, after),
		review: review && ((done, pace) => review(target, done, pace)),
		values: now => action.values?.(target, now),
		explain: (error, now) => action.explain?.(error, target, now),
	};
}

/** In a cluster it is easily forgotten that the others keep theirs. */
function nodeFact(state: ConsoleState, work: Work | undefined): ConfirmRequest['facts'] {
	const words = work?.kind === 'program' || work?.kind === 'sentinels' ? undefined : nodeWords(state);
	return words === undefined ? [] : [['node', words]];
}

const usualDeadlineMs = 5000;
/** Right after a kill a server may answer BUSY once more (facts A3). */
const usualVerifyForMs = 3000;

const stopsOf = (work: Work | undefined): ConfirmRequest['stops'] => (work === undefined || work.kind === 'sentinels' ? undefined : work.kind);

/** The first precondition that fails, in words; what is not known does not fail. */
export function firstFailure(checks: readonly Check[]): string | undefined {
	const failed = checks.find(({ok}) => ok === false);
	return failed && (failed.reason ?? `not so: ${failed.label}`);
}
