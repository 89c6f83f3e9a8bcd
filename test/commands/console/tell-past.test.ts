import {expect, it} from 'vitest';
import {tellPast} from '../../../src/commands/console/tell-past.ts';
import {auditLine, auditTarget, raised, writeLog} from '../../helpers/audit-log.ts';
import {noonMs, storeWith} from '../../helpers/fixtures.ts';

async function told(...lines: readonly string[]) {
	const store = storeWith();
	await tellPast(store, writeLog(lines.join('\n')), auditTarget, noonMs);
	return store.getState();
}

it('tells of actions that an earlier console left open, with the rounds of a batch', async () => {
	const {timeline, ui} = await told(
		auditLine('1', 'intent', {action: 'script.kill', operator: 'bob'}),
		auditLine('2', 'intent', {action: 'queue.clean'}),
		auditLine('2', 'intent', {action: 'queue.clean', round: 1, detail: '0 done'}),
		auditLine('2', 'intent', {action: 'queue.clean', round: 2, detail: '250 done'}),
	);
	const batch = 'queue.clean by alice at 11:00:00Z has no outcome: 2 rounds are in the log, 250 done before the last of them, of which nobody knows';
	expect(timeline).toMatchObject([
		{kind: 'action', outcome: 'unknown', subject: '1', text: 'script.kill by bob at 11:00:00Z has no outcome in the audit log: it may have run'},
		{
			kind: 'action',
			outcome: 'unknown',
			subject: '2',
			text: batch,
			details: [
				expect.stringContaining('Only the server knows'),
				'written down at 2025-01-01T11:00:00.000Z',
				'round 2 was the last; before it: 250 done',
				'audit id 2',
			],
		},
	]);
	expect(ui.notice).toMatchObject({text: `${batch} (and 1 more: 6)`, tone: 'warn'});
});

it('keeps the ways back, and says nothing', async () => {
	const {timeline, ui, waysBack} = await told(raised('1', '700', '1400'));
	expect(waysBack).toMatchObject([{auditId: '1', action: 'script.raise-limit', choice: {set: {ms: '700', from: '1400'}}}]);
	expect([timeline, ui.notice]).toEqual([[], undefined]);
});

it('does not forget what this console has done meanwhile', async () => {
	const store = storeWith();
	const {waysBack} = await told(raised('2', '1400', '2800'));
	const telling = tellPast(store, writeLog(raised('1', '700', '1400')), auditTarget, noonMs);
	store.setState({waysBack});
	await telling;
	expect(store.getState().waysBack.map(({auditId}) => auditId)).toEqual(['1', '2']);
});

it('does not tell what was left on one server of the next one', async () => {
	const store = storeWith();
	const telling = tellPast(store, writeLog([raised('1', '700', '1400'), auditLine('2', 'intent')].join('\n')), auditTarget, noonMs);
	store.setState(({session}) => ({session: {...session, target: {...session.target, address: '10.0.0.10:6379'}}}));
	await telling;
	const {waysBack, timeline, ui} = store.getState();
	expect([waysBack, timeline, ui.notice]).toEqual([[], [], undefined]);
});

it('says when the log cannot be read', async () => {
	const store = storeWith();
	await tellPast(store, '/', auditTarget, noonMs);
	expect(store.getState().ui.notice?.text).toMatch(/^The audit log cannot be read: EISDIR/);
});
