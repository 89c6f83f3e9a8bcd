import {DeadlineError, NotSentError, ReplyLostError, ServerRefusedError} from '../errors.ts';
import type {Pace} from '../pace.ts';
import type {Plan} from '../store/dialog.ts';
import {carryOutBatch} from './carry-out-batch.ts';
import type {AuditNote, Deps} from './deps.ts';
import {type Account, type Broken, brokenBy} from './endings.ts';
import type {BoundAction, Done, Program, Sampling} from './types.ts';

export type Context = {
	readonly deps: Deps;
	readonly pace: Pace;
	readonly note: Pick<AuditNote, 'id' | 'action' | 'danger' | 'plan'>;
	readonly signal: AbortSignal;
};

export type Ended = {readonly done: Done; readonly output: readonly string[]} | Broken;

/** Send what was confirmed, each command once, with an exact account of what became of it. */
export function carryOut(bound: BoundAction, context: Context): Promise<Ended> {
	const {work} = bound;
	switch (work?.kind) {
		case 'batch':
			return carryOutBatch(bound, work, context);
		case 'program':
			return runProgram(bound, work, context);
		case 'sampling':
			return sample(bound, work, context);
		case 'sentinels':
			return tellSentinels(bound, work.nodes, context);
		case undefined:
			return sendAll(bound, context);
	}
}

/** Every command once, in order; the first that fails ends it. */
async function sendAll(bound: BoundAction, {deps}: Context): Promise<Ended> {
	const replies: unknown[] = [];
	for (const argv of bound.plan) {
		try {
			replies.push(await deps.send(argv, bound.deadlineMs(deps.store.getState())));
		} catch (error) {
			if (bound.endsConnection && error instanceof ReplyLostError) break;
			return brokenBy(error, bound, accountOf(bound.plan, replies.length), deps.store.getState());
		}
	}
	return {done: {replies, tally: undefined}, output: []};
}

/** What became of each of several commands: ` (2 of 5 answered, 1 refused, 2 not sent)`. */
function accountOf(plan: Plan, answered: number): Account {
	const what = answered === 0 ? 'nothing was sent' : 'the rest was not sent';
	const count = (last: string | undefined) => {
		if (plan.length < 2) return '';
		const unsent = plan.length - answered - (last === undefined ? 0 : 1);
		const parts = [`${answered} of ${plan.length} answered`, last === undefined ? '' : `1 ${last}`, unsent > 0 ? `${unsent} not sent` : ''];
		return ` (${parts.filter(part => part !== '').join(', ')})`;
	};
	return {refused: count('refused'), lost: count('sent without a reply'), unsent: `${what}: {}${count(undefined)}`};
}

/**
 * All Sentinels are told, and all at once: one that is dead must not keep the living ones waiting. A half-told group is judged by `review`, with
 * what each said, or why nothing, in its place.
 */
async function tellSentinels(bound: BoundAction, nodes: readonly string[], {deps, signal}: Context): Promise<Ended> {
	const deadlineMs = bound.deadlineMs(deps.store.getState());
	const tell = async (argv: readonly string[], index: number): Promise<Told> => {
		const node = nodes[index] ?? '';
		try {
			if (signal.aborted) throw new NotSentError('stopped before it was sent');
			return {node, reply: await deps.sendToSentinel(node, argv, deadlineMs, signal), isError: false};
		} catch (error) {
			return {node, reply: error, isError: true};
		}
	};
	const told = await Promise.all(bound.plan.map(tell));
	const account = {refused: '', lost: '', unsent: 'nothing was sent: {}'};
	const broken = told.flatMap(({reply, isError}) => (isError ? [brokenBy(reply, bound, account, deps.store.getState())] : []));
	const stopped = signal.aborted ? stoppedAmong(told) : undefined;
	if (stopped) return stopped;
	const [first] = broken;
	const nobodyTook = broken.length === bound.plan.length && broken.every(({outcome}) => outcome === 'failed');
	if (first && (nobodyTook || bound.plan.length === 1)) return withAccount(first, broken, nodes);
	return {done: {replies: told.map(({reply}) => reply), tally: undefined}, output: []};
}

/** `reply`: what it said, or the error in its place. */
type Told = {readonly node: string; readonly reply: unknown; readonly isError: boolean};

/** Who was told before the operator stopped it, and who was not; undefined where all were. One of which it is not known makes it all unknown. */
function stoppedAmong(all: readonly Told[]): Broken | undefined {
	const of = (isSuch: (one: Told) => boolean) => all.filter(isSuch).map(({node}) => node);
	const unsent = of(({reply}) => reply instanceof NotSentError);
	if (unsent.length === 0) return undefined;
	const told = of(({isError}) => !isError);
	const refused = of(({reply}) => reply instanceof ServerRefusedError);
	const lost = of(({reply}) => reply instanceof ReplyLostError || reply instanceof DeadlineError);
	const parts = [counted('told', told), counted('refused', refused), counted('sent without a reply', lost), counted('not told', unsent)];
	return {
		outcome: lost.length > 0 ? 'unknown' : 'cancelled',
		detail: `stopped by the operator: of ${all.length} Sentinel${all.length === 1 ? '' : 's'} ${parts.filter(part => part !== '').join(', ')}`,
		next: told.length + lost.length > 0 ? ['What a Sentinel was told stays: look at the pane before it is run again'] : [],
		output: [],
	};
}

const counted = (what: string, nodes: readonly string[]): string => (nodes.length === 0 ? '' : `${nodes.length} ${what} (${nodes.join(', ')})`);

const withAccount = (first: Broken, broken: readonly Broken[], nodes: readonly string[]): Broken =>
	broken.length === 1 ? first : {...first, detail: broken.map(({detail}, index) => `${nodes[index]}: ${detail}`).join('; ')};

async function runProgram(bound: BoundAction, program: Program, {deps, signal}: Context): Promise<Ended> {
	const startedAtMs = deps.clock.now();
	const onOutput = (output: readonly string[]) => deps.progress({output, startedAtMs, atMs: deps.clock.now()});
	try {
		const ending = await deps.runProgram(bound.plan[0] ?? [], program, onOutput, signal);
		const {output, exitCode, isTimedOut, isStopped} = ending;
		if (isTimedOut) return {outcome: 'unknown', detail: `it was ended after ${program.timeoutMs / 1000} s without having come to its end`, next: [], output};
		// A stop that comes when it has ended by itself, as while its last words are read, takes nothing back.
		if (isStopped) return {outcome: 'cancelled', detail: 'stopped by the operator: what it had done by then stays done', next: [], output};
		if (exitCode !== 0) return {outcome: 'failed', detail: exitCode === undefined ? `ended by ${ending.signal}` : `exit code ${exitCode}`, next: [], output};
		return {done: {replies: [ending], tally: undefined}, output};
	} catch (error) {
		return brokenBy(error, bound, {refused: '', lost: '', unsent: 'it could not be started: {}'}, deps.store.getState());
	}
}

async function sample(bound: BoundAction, sampling: Sampling, {deps, signal}: Context): Promise<Ended> {
	const startedAtMs = deps.clock.now();
	const onSeen = (output: readonly string[]) => deps.progress({output, startedAtMs, atMs: deps.clock.now()});
	try {
		const ending = await deps.sample(sampling, onSeen, signal);
		return {done: {replies: [ending], tally: undefined}, output: ending.lines};
	} catch (error) {
		return brokenBy(error, bound, {refused: '', lost: '', unsent: 'nothing was sent: {}'}, deps.store.getState());
	}
}
