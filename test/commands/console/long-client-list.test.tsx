import {expect, it} from 'vitest';
import {registryOf} from '../../../src/actions/registry.ts';
import {keepActionStatus} from '../../../src/commands/console/action-status.ts';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {ClientRow} from '../../../src/redis/parse/client-list.ts';
import {changeUi, uiCommands} from '../../../src/store/ui-commands.ts';
import {setFilter} from '../../../src/store/ui-lists.ts';
import {ClientsPane} from '../../../src/views/clients/clients-pane.tsx';
import {client, storeWith} from '../../helpers/fixtures.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

const count = 3000;

/** Rows that tell how often anybody has looked at any of them. */
function watchedRows() {
	let reads = 0;
	const watched = (row: ClientRow): ClientRow =>
		new Proxy(row, {
			get(target, key) {
				reads++;
				return Reflect.get(target, key);
			},
		});
	const rows = Array.from({length: count}, (_, index) => watched(client({id: String(index + 1), name: `api-${index}`, idleSeconds: index})));
	return {
		rows,
		reads: () => reads,
	};
}

it('a key does not go through all clients: what all of them are asked is asked once a list', async () => {
	const {rows, reads} = watchedRows();
	const store = storeWith({clients: rows, ui: {view: 'clients', focus: 'clients'}});
	keepActionStatus(store, registryOf());
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ClientsPane width={100} height={12} isFramed={false} isFocused />
		</StoreContext.Provider>,
		{columns: 100, rows: 12},
	);
	const press = (command: string) => () => changeUi(store, uiCommands[command] ?? (() => ({})));
	const filter = (text: string) => () => changeUi(store, setFilter('clients', text));
	const readsOf = async (key: () => void) => {
		const before = reads();
		key();
		await terminal.settle();
		return reads() - before;
	};
	const looked: Record<string, number> = {};
	// The first of each kind has to go through all of them.
	for (const key of [press('list.next'), press('mark'), filter('a')]) await readsOf(key);
	looked.letter = await readsOf(filter('ap'));
	looked.next = await readsOf(press('list.next'));
	looked.page = await readsOf(press('list.page-down'));
	looked.last = await readsOf(press('list.last'));
	looked.clear = await readsOf(filter(''));
	terminal.unmount();
	for (const [key, reads] of Object.entries(looked)) expect(reads, key).toBeLessThan(count / 4);
});
