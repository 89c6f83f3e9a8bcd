import fc from 'fast-check';
import {expect, it} from 'vitest';
import {hookActions} from '../../../src/actions/hooks/hook-actions.ts';
import {registryOf} from '../../../src/actions/registry.ts';
import {keepActionStatus} from '../../../src/commands/console/action-status.ts';
import type {ConsoleState, ConsoleStore} from '../../../src/store/store.ts';
import {changeUi} from '../../../src/store/ui-commands.ts';
import {blockedWorker, client, consoleClient, storeWith} from '../../helpers/fixtures.ts';
import {queueStatus} from '../../helpers/queue-status.ts';
import {queueWorld} from '../../helpers/queue-world.ts';

const registry = registryOf(hookActions([{name: 'owner', command: ['echo'], danger: 'safe', timeoutSeconds: 9}]));
/** A hook cannot be told of the second queue: a variable ends at a NUL. */
const world = {
	...queueWorld({failed: 1}, {}, [queueStatus({id: 'bull:a\0b'})]),
	clients: [consoleClient({id: '1'}), client({id: '8'}), client({id: '9', idleSeconds: 900}), blockedWorker({id: '7'})],
};

type Move = (store: ConsoleStore) => void;
const ui =
	(change: Parameters<typeof changeUi>[1]): Move =>
	store =>
		changeUi(store, change);
const paneOf = (state: ConsoleState, change: object) => ({panes: {...state.ui.panes, clients: {...state.ui.panes.clients, ...change}}});
const moves = fc.constantFrom<Move>(
	...['1', '8', '9', '7', undefined].map(selectedId => ui(state => paneOf(state, {selectedId}))),
	...(['clients', 'queues', 'scripts'] as const).map(focus => ui(() => ({focus}))),
	ui(state => paneOf(state, {filter: 'idle'})),
	ui(() => ({markedClientIds: new Set(['8'])})),
	ui(() => ({markedClientIds: new Set()})),
	...['bull:orders', 'bull:a\0b', undefined].map(selectedId => ui(({ui: {panes}}) => ({panes: {...panes, queues: {...panes.queues, selectedId}}}))),
	store => store.setState(({session}) => ({session: {...session, mode: 'read-only'}})),
	store => store.setState(({session}) => ({session: {...session, mode: 'guarded'}})),
	store => store.setState(({snapshot}) => ({snapshot: {...snapshot, clients: {...snapshot.clients, data: {clients: [], rejected: [], rejectedCount: 0}}}})),
);

it('tells of every action what a console that has just begun would tell, whatever moved before', () => {
	fc.assert(
		fc.property(fc.array(moves, {maxLength: 8}), steps => {
			const store = storeWith(world);
			keepActionStatus(store, registry);
			for (const move of steps) move(store);
			const fresh = storeWith(world);
			fresh.setState({...store.getState(), actions: []});
			keepActionStatus(fresh, registry);
			expect(store.getState().actions).toEqual(fresh.getState().actions);
		}),
	);
});
