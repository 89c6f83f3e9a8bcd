import {describe, expect, it, vi} from 'vitest';
import {gate, nobody, one, setUp, simple, three} from '../helpers/action-run.ts';
import {client, type StateParts, stateWith} from '../helpers/fixtures.ts';

describe('the road', () => {
	it('is walked in this order, each step once: asked, intent on disk, sent, looked again, outcome on disk', async () => {
		const {journal, run} = setUp();
		await expect(run()).resolves.toMatchObject({outcome: 'done', detail: 'client 7 is disconnected'});
		expect(journal).toEqual(['confirm', 'audit intent', 'send CLIENT KILL ID 7', 'refresh', 'audit outcome']);
	});

	it('sends exactly what it previewed and wrote down', async () => {
		const {deps, send, notes, run} = setUp({state: three, replies: [1, 1, 1]});
		await run();
		const plan = ['7', '8', '9'].map(id => ['CLIENT', 'KILL', 'ID', id]);
		expect(deps.confirm).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({actionId: 'client.kill', plan, word: undefined}));
		expect(send.mock.calls.map(([argv]) => argv)).toEqual(plan);
		expect(notes.map(({phase, round, plan: written}) => [phase, round, written])).toEqual([
			['intent', undefined, plan],
			['intent', 1, plan],
			['outcome', undefined, plan],
		]);
	});

	it('keeps to the target of the dialog although the selection has moved on since', async () => {
		const {store, send, deps, run} = setUp({state: {clients: [client(), client({id: '8'})], selectedClientId: '7'}});
		vi.mocked(deps.confirm).mockImplementation(async () => {
			store.setState(stateWith({clients: [client(), client({id: '8'})], selectedClientId: '8', markedClientIds: ['8']}));
			return true;
		});
		await run();
		expect(send.mock.calls.map(([argv]) => argv)).toEqual([['CLIENT', 'KILL', 'ID', '7']]);
	});

	it('gives every command the deadline of its action', async () => {
		const {send, run} = setUp({action: simple('disruptive'), replies: ['PONG']});
		await run();
		expect(send).toHaveBeenCalledExactlyOnceWith(['PING'], 1234);
	});

	it('reads what the action needs to judge', async () => {
		const {deps, run} = setUp();
		await run();
		expect(deps.refresh).toHaveBeenCalledExactlyOnceWith(['clients']);
	});
});

describe('grades', () => {
	it.each([
		['safe', undefined, 0, undefined],
		['safe', 'staging', 0, undefined],
		['safe', 'production', 1, undefined],
		['disruptive', undefined, 1, undefined],
		['disruptive', 'production', 1, undefined],
		['destructive', undefined, 1, 'cache'],
		['destructive', 'production', 1, 'cache'],
	] as const)('%s on %s asks %i times, for the word %s', async (danger, environment, times, word) => {
		const {deps, send, run} = setUp({action: simple(danger), state: environment ? {environment} : {}, replies: ['PONG']});
		await expect(run()).resolves.toMatchObject({outcome: 'done'});
		expect(deps.confirm).toHaveBeenCalledTimes(times);
		if (times > 0) expect(deps.confirm).toHaveBeenCalledWith(expect.objectContaining({word, isProduction: environment === 'production', danger}));
		expect(send).toHaveBeenCalledOnce();
	});

	it.each(['safe', 'disruptive', 'destructive'] as const)('%s is written down like every other', async danger => {
		const {notes, run} = setUp({action: simple(danger), state: {}, replies: ['PONG']});
		await run();
		expect(notes.map(({phase}) => phase)).toEqual(['intent', 'outcome']);
	});
});

describe('nothing is sent', () => {
	const goneWhileAsked = ({store, deps}: ReturnType<typeof setUp>, state: StateParts) =>
		vi.mocked(deps.confirm).mockImplementation(async () => {
			store.setState(stateWith(state));
			return true;
		});

	it.each([
		['read-only', {state: {...one, session: {mode: 'read-only'}}}, 'This console is read-only'],
		['without a target', {state: {clients: [client()]}}, 'Select a client first, or mark some with m'],
		['read-only and without a target: the mode is said', {state: {session: {mode: 'read-only'}}}, 'This console is read-only'],
		['when a check fails', {state: {...one, permissions: {'CLIENT KILL': false}}}, 'This user has no permission to run CLIENT KILL'],
	] as const)('%s: refused at once, and nobody is asked', async (_when, setting, detail) => {
		const {journal, run} = setUp(setting);
		await expect(run()).resolves.toMatchObject({outcome: 'refused', detail});
		expect(journal).toEqual(['audit outcome']);
	});

	it('when the operator leaves the dialog', async () => {
		const {journal, run} = setUp({confirm: false});
		await expect(run()).resolves.toMatchObject({outcome: 'cancelled'});
		expect(journal).toEqual(['confirm', 'audit outcome']);
	});

	it.each([
		['the target has gone', nobody, 'Client 7 has already gone'],
		['the console has been made read-only', {...one, session: {mode: 'read-only'}}, 'This console is read-only'],
		['the server has fallen silent', {...one, server: {kind: 'SILENT'}}, 'The server does not answer'],
		['the right has been withdrawn', {...one, permissions: {'CLIENT KILL': false}}, 'This user has no permission'],
	] as const)('when %s while the dialog was open', async (_what, state, detail) => {
		const setting = setUp();
		goneWhileAsked(setting, state);
		await expect(setting.run()).resolves.toMatchObject({outcome: 'refused', detail: expect.stringContaining(detail)});
		expect(setting.send).not.toHaveBeenCalled();
	});

	it('when the intent cannot be written to the audit log', async () => {
		const {deps, send, run} = setUp();
		vi.mocked(deps.audit).mockRejectedValue(new Error('ENOSPC: no space left on device'));
		const result = await run();
		expect(result).toMatchObject({outcome: 'refused', detail: 'Nothing was sent: the audit log cannot be written (ENOSPC: no space left on device)'});
		expect(result.next).toEqual(['The outcome could not be written to the audit log: ENOSPC: no space left on device']);
		expect(send).not.toHaveBeenCalled();
	});

	it('before the intent is on the disk', async () => {
		const {deps, send, run} = setUp();
		const {promise, open} = gate(undefined);
		vi.mocked(deps.audit).mockReturnValueOnce(promise);
		const running = run();
		await vi.waitFor(() => expect(deps.audit).toHaveBeenCalledOnce());
		expect(send).not.toHaveBeenCalled();
		open();
		await running;
		expect(send).toHaveBeenCalledOnce();
	});
});
