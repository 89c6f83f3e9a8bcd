import {describe, expect, it} from 'vitest';
import {clientKillIdle} from '../../src/actions/clients/client-kill-idle.ts';
import {chosenClients, isListed} from '../../src/actions/clients/client-targets.ts';
import {client, keptClients, type StateParts, stateWith} from '../helpers/fixtures.ts';

/** Three of four clients are listed: the list is too long to be kept. */
const rows = [client({id: '3'}), client({id: '5'}), client({id: '9'})];
const state = stateWith({snapshot: {clients: keptClients(rows, {count: 4, ids: Float64Array.of(3, 5, 7, 9)})}});

describe('a list of clients that is too long to be kept', () => {
	it.each([
		['3', true],
		['7', true],
		['9', true],
		['2', false],
		['8', false],
		['10', false],
	])('knows whether client %s is still there: %s', (id, isThere) => {
		expect(isListed(state.snapshot)({id, address: 'anything'})).toBe(isThere);
	});

	it('takes one that is listed, and says of another that it is there but not listed', () => {
		const choice = (id: string) => chosenClients(state, {on: [id], set: {}});
		expect(choice('5')).toMatchObject([{id: '5'}]);
		expect(choice('7')).toEqual({refused: 'Client 7 is one of 4, and not among the 3 that are listed'});
		expect(choice('8')).toEqual({refused: 'There is no client 8'});
	});

	it('does not say that nobody is idle: who is may not be listed', () => {
		const clients = [client({idleSeconds: 3})];
		const refusal = (parts: StateParts) => clientKillIdle.refusal(stateWith(parts), {on: [], set: {idle: '300'}})?.refused;
		expect(refusal({clients})).toBe('No ordinary client has been idle for 5m00s or longer');
		expect(refusal({snapshot: {clients: keptClients(clients)}})).toBeUndefined();
	});
});
