import {describe, expect, it} from 'vitest';
import {chosenClients, isListed} from '../../src/actions/clients/client-targets.ts';
import {received} from '../../src/store/resource.ts';
import {client, noonMs, stateWith} from '../helpers/fixtures.ts';

/** Three of four clients are listed: the list is too long to be kept. */
const rows = [client({id: '3'}), client({id: '5'}), client({id: '9'})];
const none = new Map();
const whole = {
	count: 4,
	kinds: {normal: 4, 'blocked-worker': 0, replica: 0, master: 0, subscriber: 0, monitor: 0, console: 0},
	heldUp: none,
	groups: {name: none, library: none, address: none, user: none},
	cut: [],
	ids: Float64Array.of(3, 5, 7, 9),
};
const state = stateWith({snapshot: {clients: received({clients: rows, rejectedCount: 0, rejected: [], whole}, noonMs)}});

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
});
