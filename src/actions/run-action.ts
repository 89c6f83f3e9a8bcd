import type {Clock} from '../clock.ts';
import {DeadlineError, NotSentError, ReplyLostError, ServerRefusedError} from '../errors.ts';
import type {ActionResult, ConfirmRequest, Outcome, Plan} from '../store/dialog.ts';
import type {ConsoleState, ConsoleStore} from '../store/store.ts';
import {firstFailure} from './define-action.ts';
import {type AnyAction, type BoundAction, type Evidence, isRefusal} from './types.ts';

export type AuditNote = {
	readonly phase: 'intent' | 'outcome';
	/** The same for the intent and the outcome of one run. */
	readonly id: string;
	readonly action: string;
	readonly danger: string;
	readonly plan: Plan;
	readonly outcome?: Outcome;
	readonly detail?: string;
	readonly before?: Facts;
	readonly after?: Facts;
};

/** The state of the server around an action, for the record. */
type Facts = {readonly state: string; readonly connectedClients: number | undefined};

export type Deps = {
	readonly store: ConsoleStore;
	readonly clock: Clock;
	/** The only function in the program that can change the server. */
	readonly send: (argv: readonly string[], deadlineMs: number) => Promise<unknown>;
	/** Resolves false on Esc and on No. Never rejects. */
	readonly confirm: (request: ConfirmRequest) => Promise<boolean>;
	/** Read these now, so that `verify` judges fresh facts. */
	readonly refresh: (evidence: readonly Evidence[]) => Promise<void>;
	/** Resolves when the note is on the disk. Rejects when it cannot be written: then nothing is sent. */
	readonly audit: (note: AuditNote) => Promise<void>;
	readonly newId: () => string;
};

/** Verification looks again for this long: right after a kill a server may answer BUSY once more (facts A3). */
const verifyForMs = 3000;
const verifyEveryMs = 60;

/** Guard → freeze → confirm → guard again → intent on disk → send once → refresh → verify → outcome on disk. The single road to a write. */
export async function runAction(action: AnyAction, deps: Deps, signal: AbortSignal): Promise<ActionResult> {
	const {store} = deps;
	const bound = action.bind(store.getState());
	const note = {id: deps.newId(), action: action.id, danger: action.danger, plan: isRefusal(bound) ? [] : bound.plan};
	const before = factsOf(store.getState());

	const finish = async (outcome: Outcome, detail: string, more: Partial<ActionResult> = {}): Promise<ActionResult> => {
		const result = {outcome, detail, next: [], undo: undefined, ...more};
		try {
			await deps.audit({...note, phase: 'outcome', outcome, detail, before, after: factsOf(store.getState())});
			return result;
		} catch (error) {
			return {...result, next: [...result.next, `The outcome could not be written to the audit log: ${messageOf(error)}`]};
		}
	};

	if (isRefusal(bound)) return finish('refused', readOnly(store.getState()) ?? bound.refused);
	const refusal = guard(bound, store.getState());
	if (refusal !== undefined) return finish('refused', refusal);

	const needsWord = action.danger !== 'safe' || bound.request.isProduction;
	if (needsWord && !(await deps.confirm(bound.request))) return finish('cancelled', 'left without running it');
	const moved = guard(bound, store.getState());
	if (moved !== undefined) return finish('refused', moved);

	try {
		await deps.audit({...note, phase: 'intent', before});
	} catch (error) {
		return finish('refused', `Nothing was sent: the audit log cannot be written (${messageOf(error)})`);
	}
	const sent = await sendAll(bound, deps);
	if ('outcome' in sent) return finish(sent.outcome, sent.detail, {next: sent.next});
	const verdict = await verified(bound, sent.replies, deps, signal);
	return finish(verdict.ok ? 'done' : 'unverified', verdict.detail, {undo: 'plan' in bound.undo ? bound.undo.plan : undefined});
}

const readOnly = ({session}: ConsoleState): string | undefined => (session.mode === 'read-only' ? 'This console is read-only' : undefined);

const guard = (bound: BoundAction, now: ConsoleState): string | undefined => readOnly(now) ?? firstFailure(bound.checks(now));

const factsOf = ({snapshot}: ConsoleState): Facts => ({state: snapshot.server.kind, connectedClients: snapshot.vitals.connectedClients});

type Broken = {readonly outcome: 'failed' | 'unknown'; readonly detail: string; readonly next: readonly string[]};

/** Every command once, in order; the first that fails ends it, with an exact account. */
async function sendAll(bound: BoundAction, {send, store}: Deps): Promise<{readonly replies: readonly unknown[]} | Broken> {
	const replies: unknown[] = [];
	for (const argv of bound.plan) {
		try {
			replies.push(await send(argv, bound.deadlineMs(store.getState())));
		} catch (error) {
			return broken(error, bound, replies.length, store.getState());
		}
	}
	return {replies};
}

function broken(error: unknown, bound: BoundAction, answered: number, now: ConsoleState): Broken {
	if (error instanceof ServerRefusedError) {
		const explained = bound.explain(error, now);
		return {outcome: 'failed', detail: `${explained?.detail ?? error.message}${account(bound, answered, 'refused')}`, next: explained?.next ?? []};
	}
	// A lost reply is not a failure: the server may have done it. Saying so is the difference between one kill and two.
	if (error instanceof ReplyLostError || error instanceof DeadlineError) {
		const detail =
			error instanceof DeadlineError ? `no reply in time: the server may still do it` : 'the connection was lost before the reply: the server may have done it';
		return {
			outcome: 'unknown',
			detail: `${detail}${account(bound, answered, 'sent without a reply')}. It was sent once and is not sent again.`,
			next: ['Look at the pane: only the server knows now'],
		};
	}
	if (error instanceof NotSentError) {
		const what = answered === 0 ? 'nothing was sent' : 'the rest was not sent';
		return {outcome: 'failed', detail: `${what}: ${error.message}${account(bound, answered, undefined)}`, next: []};
	}
	throw error;
}

/** What became of each of several commands: ` (2 of 5 answered, 1 refused, 2 not sent)`. */
function account({plan}: BoundAction, answered: number, lastWas: string | undefined): string {
	if (plan.length < 2) return '';
	const unsent = plan.length - answered - (lastWas === undefined ? 0 : 1);
	const parts = [`${answered} of ${plan.length} answered`, lastWas === undefined ? '' : `1 ${lastWas}`, unsent > 0 ? `${unsent} not sent` : ''];
	return ` (${parts.filter(part => part !== '').join(', ')})`;
}

async function verified(bound: BoundAction, replies: readonly unknown[], {clock, refresh, store}: Deps, signal: AbortSignal) {
	const untilMs = clock.now() + verifyForMs;
	for (;;) {
		await refresh(bound.evidence);
		const verdict = bound.verify(replies, store.getState());
		if (verdict.ok || verdict.isFinal || clock.now() >= untilMs || signal.aborted) return verdict;
		await clock.sleep(verifyEveryMs, signal);
	}
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
