import {messageOf} from '../errors.ts';
import {Pace} from '../pace.ts';
import type {ActionResult, Outcome} from '../store/dialog.ts';
import type {ConsoleState} from '../store/store.ts';
import {bindNow} from './bind-now.ts';
import {carryOut} from './carry-out.ts';
import {serverAnswers} from './checks.ts';
import {firstFailure} from './define-action.ts';
import type {AuditNote, Deps, Facts} from './deps.ts';
import {type AnyAction, type BoundAction, type Choice, isRefusal, type Work} from './types.ts';
import {verified} from './verified.ts';

/** Of one core, of the server: what a long action takes while it runs, less when answers come late. */
const share = 0.2;

/** What is read once a second is not read again for the last guard. */
const freshForMs = 2000;

/** Guard → freeze → read → confirm → guard again → intent on disk → send once → refresh → verify → outcome on disk. The single road to a write. */
export async function runAction(action: AnyAction, choice: Choice, deps: Deps, signal: AbortSignal): Promise<ActionResult> {
	return new Run(action, deps, signal).run(choice);
}

class Run {
	readonly #action: AnyAction;
	readonly #deps: Deps;
	readonly #signal: AbortSignal;
	readonly #pace: Pace;
	#note: Pick<AuditNote, 'id' | 'action' | 'danger' | 'plan'>;
	#before: Facts;

	constructor(action: AnyAction, deps: Deps, signal: AbortSignal) {
		this.#action = action;
		this.#deps = deps;
		this.#signal = signal;
		this.#pace = paceFor(this.#state);
		this.#note = {id: deps.newId(), action: action.id, danger: action.danger, plan: []};
		this.#before = factsOf(this.#state, undefined);
	}

	get #state(): ConsoleState {
		return this.#deps.store.getState();
	}

	async run(choice: Choice): Promise<ActionResult> {
		const mode = readOnly(this.#state);
		if (mode !== undefined) return this.#finish('refused', mode);
		const bound = await this.#bind(choice);
		if ('outcome' in bound) return bound;
		this.#note = {...this.#note, plan: bound.plan};
		const refusal = this.#guard(bound);
		if (refusal !== undefined) return this.#finish('refused', refusal);

		const needsWord = this.#action.danger !== 'safe' || bound.request.isProduction;
		if (needsWord && !(await this.#deps.confirm(bound.request))) return this.#finish('cancelled', 'left without running it');
		await this.#lookAgain(bound);
		const moved = this.#guard(bound);
		if (moved !== undefined) return this.#finish('refused', moved);
		return this.#carryOut(bound);
	}

	/** The target is frozen now; what else the dialog must say is read. */
	async #bind(choice: Choice): Promise<BoundAction | ActionResult> {
		const bound = await bindNow(this.#action, choice, {deps: this.#deps, pace: this.#pace, signal: this.#signal});
		if (bound === 'left') return this.#finish('cancelled', 'left while it was being read what it would do');
		return isRefusal(bound) ? this.#finish('refused', bound.refused) : bound;
	}

	/** Who asks once a minute (`--interval 60`), or less often to cost less, would judge by what was so a minute ago. */
	async #lookAgain({work}: BoundAction): Promise<void> {
		const {clock, refresh} = this.#deps;
		const {updatedAtMs} = this.#state.snapshot.info;
		const isOld = updatedAtMs !== undefined && clock.now() - updatedAtMs > freshForMs;
		if (isOld && isAboutServer(work) && serverAnswers(this.#state).ok !== false) await refresh(['info']);
	}

	async #carryOut(bound: BoundAction): Promise<ActionResult> {
		this.#before = {...factsOf(this.#state, bound), ...(bound.exports ? {evidence: bound.exports.lines} : {})};
		try {
			await this.#deps.audit({...this.#note, phase: 'intent', before: this.#before});
		} catch (error) {
			return this.#finish('refused', `Nothing was sent: the audit log cannot be written (${messageOf(error)})`);
		}
		// A slow disk may have taken its time for that.
		const moved = this.#guard(bound);
		if (moved !== undefined) return this.#finish('failed', `Nothing was sent: ${moved}`);
		if (bound.exports) this.#deps.keep(bound.exports);
		const ended = await carryOut(bound, {deps: this.#deps, pace: this.#pace, note: this.#note, signal: this.#signal});
		const undo = 'plan' in bound.undo ? bound.undo.plan : undefined;
		if ('outcome' in ended) {
			const more = ended.outcome === 'unknown' ? {undo} : {};
			return this.#finish(ended.outcome, ended.detail, {next: ended.next, output: ended.output, ...more}, bound);
		}
		const verdict = await verified(bound, ended.done, {deps: this.#deps, pace: this.#pace, signal: this.#signal});
		const outcome = verdict.ok ? 'done' : verdict.hasFailed ? 'failed' : 'unverified';
		return this.#finish(outcome, verdict.detail, {undo, output: ended.output}, bound);
	}

	#guard(bound: BoundAction): string | undefined {
		return readOnly(this.#state) ?? firstFailure(bound.checks(this.#state));
	}

	async #finish(outcome: Outcome, detail: string, more: Partial<ActionResult> = {}, bound?: BoundAction): Promise<ActionResult> {
		const {undo} = bound ?? {};
		const way = more.undo && undo && 'plan' in undo ? undo : undefined;
		const forMs = way?.forMs;
		const until = forMs === undefined ? {} : {undoUntilMs: this.#deps.clock.now() + forMs};
		const result: ActionResult = {outcome, detail, next: [], undo: undefined, output: [], ...until, ...more};
		const wayBack = way ? {undo: {action: way.action, ...way.choice, ...(forMs === undefined ? {} : {forMs})}} : {};
		const output = result.output.length > 0 ? {output: result.output} : {};
		try {
			await this.#deps.audit({
				...this.#note,
				phase: 'outcome',
				outcome,
				detail,
				before: this.#before,
				after: factsOf(this.#state, bound),
				...wayBack,
				...output,
			});
			return result;
		} catch (error) {
			return {...result, next: [...result.next, `The outcome could not be written to the audit log: ${messageOf(error)}`]};
		}
	}
}

const isAboutServer = (work: Work | undefined): boolean => work?.kind !== 'program' && work?.kind !== 'sentinels';

const readOnly = ({session}: ConsoleState): string | undefined => (session.mode === 'read-only' ? 'This console is read-only' : undefined);

function factsOf(state: ConsoleState, bound: BoundAction | undefined): Facts {
	const {snapshot} = state;
	const values = bound?.values(state);
	return {state: snapshot.server.kind, connectedClients: snapshot.vitals.connectedClients, ...(values ? {values} : {})};
}

/** The way there and back is known from the probes. */
export function paceFor({snapshot}: ConsoleState): Pace {
	const pace = new Pace(share);
	for (const {ms} of snapshot.roundTrips) pace.learnWay(ms);
	return pace;
}
