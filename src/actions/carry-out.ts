import {ReplyLostError} from '../errors.ts';
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

/** All Sentinels are told, whatever becomes of one: a half-told group is judged by `review`, what it said or why nothing in its place. */
async function tellSentinels(bound: BoundAction, nodes: readonly string[], {deps}: Context): Promise<Ended> {
	const replies: unknown[] = [];
	const broken: Broken[] = [];
	for (const [index, argv] of bound.plan.entries()) {
		try {
			replies.push(await deps.sendToSentinel(nodes[index] ?? '', argv, bound.deadlineMs(deps.store.getState())));
		} catch (error) {
			broken.push(brokenBy(error, bound, {refused: '', lost: '', unsent: 'nothing was sent: {}'}, deps.store.getState()));
			replies.push(error);
		}
	}
	const [first] = broken;
	const nobodyTook = broken.length === bound.plan.length && broken.every(({outcome}) => outcome === 'failed');
	if (first && (nobodyTook || bound.plan.length === 1)) return withAccount(first, broken, nodes);
	return {done: {replies, tally: undefined}, output: []};
}

const withAccount = (first: Broken, broken: readonly Broken[], nodes: readonly string[]): Broken =>
	broken.length === 1 ? first : {...first, detail: broken.map(({detail}, index) => `${nodes[index]}: ${detail}`).join('; ')};

async function runProgram(bound: BoundAction, program: Program, {deps, signal}: Context): Promise<Ended> {
	const startedAtMs = deps.clock.now();
	const onOutput = (output: readonly string[]) => deps.progress({output, startedAtMs, atMs: deps.clock.now()});
	try {
		const ending = await deps.runProgram(bound.plan[0] ?? [], program, onOutput, signal);
		const {output, exitCode, isTimedOut} = ending;
		if (isTimedOut) return {outcome: 'unknown', detail: `it was ended after ${program.timeoutMs / 1000} s without having come to its end`, next: [], output};
		if (signal.aborted) return {outcome: 'cancelled', detail: 'stopped by the operator: what it had done by then stays done', next: [], output};
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
