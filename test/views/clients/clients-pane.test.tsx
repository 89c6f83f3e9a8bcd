import {expect, it} from 'vitest';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {ClientRow} from '../../../src/redis/parse/client-list.ts';
import {ClientsPane} from '../../../src/views/clients/clients-pane.tsx';
import {blockedWorker, client, consoleClient, keptClients, type StateParts, storeWith} from '../../helpers/fixtures.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

async function rows(parts: StateParts): Promise<readonly string[]> {
	const store = storeWith({session: {ownClientIds: new Set(['1', '2', '3'])}, ui: {view: 'clients', focus: 'clients'}, ...parts});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ClientsPane width={100} height={12} isFramed={false} isFocused />
		</StoreContext.Provider>,
		{columns: 100, rows: 12},
	);
	await terminal.settle();
	const frame = terminal.frame().split('\n');
	terminal.unmount();
	return frame;
}

const summary = async (clients: readonly ClientRow[]): Promise<string | undefined> => (await rows({clients}))[1]?.trim();

const own = ['1', '2', '3'].map(id => consoleClient({id}));
const others = ['8', '9'].map(id => consoleClient({id, name: 'redis-triage:bob@host:observe'}));

it.each<[string, readonly ClientRow[], string]>([
	['its own connections apart', [...own, client()], '4 clients (3 of this console)'],
	['another console', [...own, ...others.slice(1)], '4 clients (3 of this console, 1 other-console connection)'],
	['several', [...own, ...others, blockedWorker({id: '20'})], '6 clients (3 of this console, 1 waiting worker, 2 other-console connections)'],
	['nothing of what is not there', [client()], '1 client'],
])('counts %s', async (_what, clients, expected) => expect(await summary(clients)).toBe(expected));

it('says that a filter has found its clients among those listed, where that is a part', async () => {
	const [clients, panes] = [[client({name: 'api'})], {clients: {filter: 'api'}}];
	expect((await rows({snapshot: {clients: keptClients(clients)}, panes}))[0]).toContain('/api: 1 of those listed');
	const [title] = await rows({clients, panes});
	expect(title).toContain('/api: 1');
	expect(title).not.toContain('listed');
});
