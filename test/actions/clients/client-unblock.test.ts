import {describe, expect, it} from 'vitest';
import {clientUnblock} from '../../../src/actions/clients/client-unblock.ts';
import {answered, bindIn, failureIn} from '../../helpers/action-run.ts';
import {blockedWorker, client, consoleClient, type StateParts, stateWith} from '../../helpers/fixtures.ts';

const clients = [blockedWorker({id: '7', name: 'job-1'}), blockedWorker({id: '8', name: 'job-2'}), client({id: '9'})];
const bound = bindIn(clientUnblock, {clients, selectedClientId: '7'});

it.each<[string, StateParts, string]>([
	['under the cursor', {selectedClientId: '8'}, '8'],
	['marked', {markedClientIds: ['7'], selectedClientId: '8'}, '7'],
])('wakes the one client %s', (_how, parts, id) => {
	expect(bindIn(clientUnblock, {clients, ...parts}).plan).toEqual([['CLIENT', 'UNBLOCK', id]]);
});

it.each<[string, StateParts, string]>([
	['nobody chosen', {}, 'Select a client first, or mark some with m'],
	['two marked', {markedClientIds: ['7', '8']}, 'One client at a time: clear the marks (M) and select one'],
	['a group', {panes: {clients: {grouping: 'name', selectedId: 'group:job-*'}}}, 'One client at a time: clear the marks (M) and select one'],
	['a client that is not blocked', {selectedClientId: '9'}, 'Client 9 is not blocked'],
	['a console', {clients: [consoleClient({isBlocked: true})], selectedClientId: '1'}, 'This is a console: it does not close itself or its like'],
])('refuses %s', (_what, parts, refused) => expect(clientUnblock.refusal(stateWith({clients, ...parts}))).toMatchObject({refused}));

it.each<[string, StateParts, string | undefined]>([
	['all is as it was', {clients}, undefined],
	['it works again', {clients: [client({id: '7'})]}, 'Client 7 is no longer blocked'],
	['it has gone', {clients: []}, 'Client 7 has already gone'],
	['it may not be run', {clients, permissions: {'CLIENT UNBLOCK': false}}, 'This user has no permission to run CLIENT UNBLOCK'],
	['the server is silent', {clients, server: {kind: 'SILENT'}}, 'The server does not answer: whatever is sent now is executed at some later moment'],
])('checks, when %s', (_what, now, expected) => expect(failureIn(bound, now)).toBe(expected));

it('refuses without a list', () => expect(clientUnblock.refusal(stateWith())).toEqual({refused: 'The client list has not been read yet'}));

describe('verification', () => {
	it.each([
		[1, {ok: true, detail: 'client 7 was woken'}],
		[0, {ok: false, detail: 'client 7 was not blocked any more', isFinal: true}],
	])('by the reply %i', (reply, expected) => expect(bound.verify(answered(reply), stateWith({clients}))).toEqual(expected));
});

it('says that the connection stays, and that nothing is to be undone', () => {
	expect(bound.request.effect.join(' ')).toContain('the connection stays');
	expect(bound.undo).toEqual({none: expect.stringContaining('not needed')});
});
