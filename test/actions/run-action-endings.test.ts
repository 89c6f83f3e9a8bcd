import {describe, expect, it, vi} from 'vitest';
import {scriptKill} from '../../src/actions/scripts/script-kill.ts';
import {scriptRaiseLimit} from '../../src/actions/scripts/script-raise-limit.ts';
import {DeadlineError, NotSentError, ReplyLostError, ServerRefusedError} from '../../src/errors.ts';
import {bindIn, busy, gate, nobody, one, setUp, simple} from '../helpers/action-run.ts';
import {stateWith} from '../helpers/fixtures.ts';

describe('what the server did not do, or nobody knows', () => {
	it.each([
		['the reply was lost', new ReplyLostError('closed'), 'the connection was lost before the reply: the server may have done it'],
		['the deadline passed', new DeadlineError('5000 ms'), 'no reply in time: the server may still do it'],
	])('unknown when %s: sent once, not looked at as done', async (_what, error, detail) => {
		const {send, deps, run} = setUp({replies: [error]});
		await expect(run()).resolves.toEqual({
			outcome: 'unknown',
			detail: `${detail}. It was sent once and is not sent again.`,
			next: ['Look at the pane: only the server knows now'],
			undo: undefined,
			output: [],
		});
		expect(send).toHaveBeenCalledOnce();
		expect(deps.refresh).not.toHaveBeenCalled();
	});

	it('failed when it never left', async () => {
		await expect(setUp({replies: [new NotSentError('no connection (broken)')]}).run()).resolves.toMatchObject({
			outcome: 'failed',
			detail: 'nothing was sent: no connection (broken)',
		});
	});

	it.each([
		['UNKILLABLE', 'UNKILLABLE Sorry the script already executed write commands against the dataset.', 'the script has already written', 'Wait: it ends when'],
		['NOTBUSY', 'NOTBUSY No scripts in execution right now.', 'no script was running', 'look at the slowlog'],
		['BUSY', 'BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.', 'SCRIPT KILL is the wrong one', 'Press K again'],
	])('failed with what %s means here and what to do next', async (_code, message, detail, next) => {
		const result = await setUp({action: scriptKill, state: busy, replies: [new ServerRefusedError(message)]}).run();
		expect(result).toMatchObject({outcome: 'failed', detail: expect.stringContaining(detail)});
		expect(result.next.join('\n')).toContain(next);
	});

	it('failed in the server’s own words where there is nothing to explain', async () => {
		await expect(setUp({replies: [new ServerRefusedError('ERR No such client')]}).run()).resolves.toMatchObject({
			outcome: 'failed',
			detail: 'ERR No such client',
			next: [],
		});
	});

	it('a defect is not turned into an outcome', async () => {
		await expect(setUp({replies: [new TypeError('oops')]}).run()).rejects.toThrow('oops');
	});
});

const threePings = simple('disruptive', ['PING', '1'], ['PING', '2'], ['PING', '3']);

describe('several commands', () => {
	it.each([
		[[1, new ServerRefusedError('ERR no'), 1], 'failed', 'ERR no (1 of 3 answered, 1 refused, 1 not sent)', 2],
		[[1, 1, new ServerRefusedError('ERR no')], 'failed', 'ERR no (2 of 3 answered, 1 refused)', 3],
		[[1, new ReplyLostError('x')], 'unknown', 'may have done it (1 of 3 answered, 1 sent without a reply, 1 not sent)', 2],
		[[new DeadlineError('x')], 'unknown', 'may still do it (0 of 3 answered, 1 sent without a reply, 2 not sent)', 1],
		[[1, new NotSentError('gone')], 'failed', 'the rest was not sent: gone (1 of 3 answered, 2 not sent)', 2],
		[[new NotSentError('gone')], 'failed', 'nothing was sent: gone (0 of 3 answered, 3 not sent)', 1],
	] as const)('broken off by %j: an exact account, and nothing after it', async (replies, outcome, detail, sent) => {
		const {send, run} = setUp({action: threePings, replies});
		await expect(run()).resolves.toMatchObject({outcome, detail: expect.stringContaining(detail)});
		expect(send).toHaveBeenCalledTimes(sent);
	});

	it('go one after the other, each once the one before is answered', async () => {
		const {send, run} = setUp({action: threePings});
		const {promise, open} = gate(1);
		send.mockReturnValueOnce(promise);
		const running = run();
		await vi.waitFor(() => expect(send).toHaveBeenCalledOnce());
		open();
		await running;
		expect(send).toHaveBeenCalledTimes(3);
	});
});

describe('verification', () => {
	it('looks again until it holds: right after a kill the server may be BUSY once more', async () => {
		const {store, deps, run} = setUp({action: scriptKill, state: busy, replies: ['OK']});
		let looks = 0;
		vi.mocked(deps.refresh).mockImplementation(async () => {
			looks += 1;
			if (looks === 3) store.setState(stateWith());
		});
		await expect(run()).resolves.toMatchObject({outcome: 'done', detail: 'the script has ended: PING is answered again'});
		expect(looks).toBe(3);
	});

	it('gives up after three seconds: unverified, not done', async () => {
		const {deps, send, run} = setUp({action: scriptKill, state: busy, after: busy, replies: ['OK']});
		const begunMs = deps.clock.now();
		await expect(run()).resolves.toMatchObject({outcome: 'unverified', detail: 'the kill was taken, and the server is still BUSY'});
		expect(deps.clock.now() - begunMs).toBeGreaterThanOrEqual(3000);
		expect(deps.clock.now() - begunMs).toBeLessThan(3200);
		expect(send).toHaveBeenCalledOnce();
	});

	it('looks once where looking again changes nothing', async () => {
		const {deps, run} = setUp({replies: [0]});
		await expect(run()).resolves.toMatchObject({outcome: 'unverified', detail: 'the server closed nobody: it had gone by itself'});
		expect(deps.refresh).toHaveBeenCalledOnce();
	});

	it('stops looking when the console is being left', async () => {
		const {deps, stop, run} = setUp({action: scriptKill, state: busy, after: busy, replies: ['OK']});
		vi.mocked(deps.refresh).mockImplementation(async () => stop.abort());
		await expect(run()).resolves.toMatchObject({outcome: 'unverified'});
		expect(deps.refresh).toHaveBeenCalledOnce();
	});

	it('hands over the way back, where there is one', async () => {
		const state = {settings: {'busy-reply-threshold': '5000'}};
		const after = {settings: {'busy-reply-threshold': '10000'}};
		await expect(setUp({action: scriptRaiseLimit, state, after, replies: ['OK']}).run()).resolves.toMatchObject({
			outcome: 'done',
			undo: [['CONFIG', 'SET', 'busy-reply-threshold', '5000']],
		});
		await expect(setUp().run()).resolves.toMatchObject({outcome: 'done', undo: undefined});
	});
});

describe('the audit', () => {
	it.each([
		['done', {}],
		['unverified', {replies: [0]}],
		['unknown', {replies: [new ReplyLostError('x')]}],
		['failed', {replies: [new ServerRefusedError('ERR no')]}],
		['refused', {state: nobody}],
		['cancelled', {confirm: false}],
	] as const)('has the outcome %s once, with its words', async (outcome, setting) => {
		const {notes, run} = setUp(setting);
		const result = await run();
		expect(result.outcome).toBe(outcome);
		expect(notes.filter(({phase}) => phase === 'outcome')).toEqual([
			expect.objectContaining({outcome, detail: result.detail, action: 'client.kill', danger: 'disruptive'}),
		]);
	});

	it('joins intent and outcome of one run, with the state of the server before and after', async () => {
		const {notes, run} = setUp({state: {...one, info: {connectedClients: 12}}, after: {...nobody, info: {connectedClients: 11}}});
		await run();
		const before = {state: 'OK', connectedClients: 12};
		expect(notes).toMatchObject([
			{phase: 'intent', id: 'run-1', before},
			{phase: 'outcome', id: 'run-1', before, after: {state: 'OK', connectedClients: 11}},
		]);
		expect(notes[0]).not.toHaveProperty('outcome');
	});

	it('tells when the outcome could not be written; the outcome itself stays true', async () => {
		const {deps, run} = setUp();
		vi.mocked(deps.audit).mockImplementation(async ({phase}) => {
			if (phase === 'outcome') throw new Error('ENOSPC');
		});
		await expect(run()).resolves.toMatchObject({outcome: 'done', next: ['The outcome could not be written to the audit log: ENOSPC']});
	});
});

it('shows an undo as one would type it', () => {
	const bound = bindIn(simple('disruptive'), {});
	expect(bound).toMatchObject({request: {undo: 'CONFIG SET save ""'}});
});
