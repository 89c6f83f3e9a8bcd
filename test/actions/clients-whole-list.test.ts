import {describe, expect, it} from 'vitest';
import {clientKill} from '../../src/actions/clients/client-kill.ts';
import {clientKillIdle} from '../../src/actions/clients/client-kill-idle.ts';
import {chosenClients, isListed} from '../../src/actions/clients/client-targets.ts';
import {settingActions} from '../../src/actions/settings/settings-actions.ts';
import {bindIn} from '../helpers/action-run.ts';
import {client, consoleClient, groupFigures, keptClients, type StateParts, stateWith, wholeClientList} from '../helpers/fixtures.ts';

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

	it('tells at least how many a timeout would close, and nobody where the longest idle are not idle for so long', () => {
		const effect = (value: string) => {
			const timeout = settingActions.find(({id}) => id === 'config.timeout');
			const snapshot = {clients: keptClients([client({idleSeconds: 301}), client({id: '8', idleSeconds: 9})])};
			return timeout && bindIn(timeout, {snapshot, settings: {timeout: '0'}}, {on: [], set: {value}}).request.effect[0];
		};
		expect(effect('300')).toMatch(/: at least 1 client at once, by the last list$/);
		expect(effect('1h')).toMatch(/: 0 clients at once, by the last list$/);
	});

	describe('closes of a group those that are listed', () => {
		const clients = [client({id: '3', name: 'api-1'}), client({id: '4', name: 'api-2'}), consoleClient({id: '5', name: 'api-3'})];
		const groups = {
			...wholeClientList().groups,
			name: new Map([
				['api-*', groupFigures(40_001)],
				['job-*', groupFigures(9000)],
			]),
		};
		const pane = (selectedId: string, filter = ''): StateParts => ({panes: {clients: {grouping: 'name', selectedId, filter}}});
		const world = (parts: StateParts): StateParts => ({...parts, snapshot: {clients: keptClients(clients, {groups})}});

		it.each<[string, StateParts, string | undefined]>([
			['the group under the cursor', pane('group:api-*'), '2 of 40,000 in the group, those that are listed'],
			['a filtered one', pane('group:api-*', 'api-2'), '1 of 40,000 in the group, those that are listed and pass the filter'],
			['a marked one', {...pane('group:job-*'), markedClientIds: ['3', '4']}, '2 of 40,000 in the group, those that are listed'],
			['single marked ones', {...pane('group:job-*'), markedClientIds: ['3']}, undefined],
			['one client, not grouped', {selectedClientId: '3'}, undefined],
		])('and says so: %s', (_what, parts, expected) => {
			expect(Object.fromEntries(bindIn(clientKill, world(parts)).request.facts).listed).toBe(expected);
		});

		it('and nobody of one of which none is', () => {
			expect(clientKill.refusal(stateWith(world(pane('group:job-*'))))?.refused).toBe('None of the 9,000 clients of this group is among the 3 that are listed');
		});
	});
});
