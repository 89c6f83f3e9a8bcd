import {describe, expect, it, vi} from 'vitest';
import {defineAction} from '../../src/actions/define-action.ts';
import {listBatch} from '../../src/actions/list-batch.ts';
import type {AnyAction} from '../../src/actions/types.ts';
import {noChoice} from '../../src/actions/types.ts';
import {DeadlineError, NotSentError, ReplyLostError, ServerRefusedError} from '../../src/errors.ts';
import {setUp} from '../helpers/action-run.ts';

const plan = Array.from({length: 10}, (_, index) => ['UNLINK', `key-${index}`]);

/** Ten keys, of which four fit into a round. */
const unlinkTen: AnyAction = defineAction<null>({
	id: 'test.batch',
	title: 'Ten',
	danger: 'destructive',
	pane: 'memory',
	doc: {sends: '', does: '', cost: '', verify: '', undo: ''},
	target: () => null,
	facts: () => [],
	checks: () => [],
	plan: () => plan,
	work: () => listBatch({unit: 'keys', plan, microsEach: 600, skippedBecause: reply => (reply === 1 ? undefined : 'gone')}),
	effect: () => [],
	affects: () => 'nobody',
	cost: () => 'none',
	evidence: [],
	verify: (_target, {tally}) => ({ok: tally?.done === 10, detail: `${tally?.done} done`}),
	undo: () => ({none: 'none'}),
});

/** What is said to each round, in order. */
type Answers = readonly (readonly unknown[] | Error)[];

function batch(...rounds: Answers) {
	const run = setUp({action: unlinkTen});
	const queue = [...rounds];
	const sent: (readonly (readonly string[])[])[] = [];
	const send = vi.fn(async (argvs: readonly (readonly string[])[]) => {
		run.journal.push(`round of ${argvs.length}`);
		sent.push(argvs);
		const answer = queue.shift() ?? argvs.map(() => 1);
		if (answer instanceof Error) throw answer;
		return answer;
	});
	Object.assign(run.deps, {openRounds: () => ({send})});
	return {...run, sent};
}

it('goes in rounds within the time of one, each on the disk before it leaves, with the account so far', async () => {
	const {journal, notes, sent, run} = batch();
	await expect(run()).resolves.toMatchObject({outcome: 'done', detail: '10 done'});
	expect(journal).toEqual([
		'confirm',
		'audit intent',
		'audit intent',
		'round of 4',
		'audit intent',
		'round of 4',
		'audit intent',
		'round of 2',
		'refresh',
		'audit outcome',
	]);
	expect(sent.flat()).toEqual(plan);
	expect(notes.filter(({round}) => round !== undefined)).toMatchObject([
		{phase: 'intent', id: 'run-1', round: 1, plan: plan.slice(0, 4), detail: '0 done'},
		{phase: 'intent', id: 'run-1', round: 2, plan: plan.slice(4, 8), detail: '4 done'},
		{phase: 'intent', id: 'run-1', round: 3, plan: plan.slice(8), detail: '8 done'},
	]);
});

it('counts what was left alone, and why', async () => {
	const {run} = batch([1, 0, 1, 0]);
	await expect(run()).resolves.toMatchObject({outcome: 'unverified', detail: '8 done'});
});

describe('what breaks it off', () => {
	it.each<[string, Answers, string, string, number]>([
		[
			'a refusal',
			[
				[1, 1, 1, 1],
				[1, new ServerRefusedError('MISCONF no'), 1, 1],
			],
			'failed',
			'MISCONF no. 7 done, 1 failed (1 MISCONF no), 2 not tried, in 2 rounds',
			2,
		],
		[
			'a lost reply',
			[[1, 0, 1, 1], new ReplyLostError('x')],
			'unknown',
			'the connection was lost before the reply: the server may have done it: round 2 with 4 keys is unknown; before it: 3 done, 1 skipped (1 gone), 2 not tried. It was sent once and is not sent again.',
			2,
		],
		['a late reply', [new DeadlineError('x')], 'unknown', 'round 1 with 4 keys is unknown; before it: 0 done, 6 not tried', 1],
		['no connection any more', [[1, 1, 1, 1], new NotSentError('lost')], 'failed', 'the rest was not sent: lost. 4 done, 6 not tried, in 1 round', 2],
		['no connection at all', [new NotSentError('lost')], 'failed', 'nothing was sent: lost', 1],
	])('%s: an exact account, and nothing is repeated', async (_what, rounds, outcome, detail, count) => {
		const {sent, run} = batch(...rounds);
		await expect(run()).resolves.toMatchObject({outcome, detail: expect.stringContaining(detail)});
		expect(sent).toHaveLength(count);
		expect(new Set(sent.flat()).size).toBe(sent.flat().length);
	});

	it('the operator, between two rounds', async () => {
		const {deps, sent, stop, run} = batch();
		Object.assign(deps, {progress: () => stop.abort()});
		await expect(run()).resolves.toMatchObject({outcome: 'cancelled', detail: 'stopped between two rounds. 4 done, 6 not tried, in 1 round'});
		expect(sent).toHaveLength(1);
	});

	it('an audit log that is full: the round that cannot be written down is not sent', async () => {
		const {deps, sent, run} = batch();
		vi.mocked(deps.audit).mockImplementation(async ({round}) => {
			if (round === 2) throw new Error('ENOSPC');
		});
		await expect(run()).resolves.toMatchObject({
			outcome: 'failed',
			detail: 'the audit log cannot be written (ENOSPC), so the rest was not sent. 4 done, 6 not tried, in 1 round',
		});
		expect(sent).toHaveLength(1);
	});
});

it('tells how far it is', async () => {
	const {deps, run} = batch([1, 0, 1, 1]);
	const told = vi.fn();
	Object.assign(deps, {progress: told});
	await run();
	expect(told.mock.calls.at(-1)?.[0]).toMatchObject({batch: {unit: 'keys', total: 10, done: 9, skipped: 1, failed: 0, rounds: 3}});
});

it('is left alone in read-only mode', async () => {
	const {sent} = batch();
	const {run, send} = setUp({action: unlinkTen, state: {session: {mode: 'read-only'}}, choice: noChoice});
	await expect(run()).resolves.toMatchObject({outcome: 'refused'});
	expect([...sent, ...send.mock.calls]).toEqual([]);
});
