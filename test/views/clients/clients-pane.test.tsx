import {expect, it} from 'vitest';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {ClientRow} from '../../../src/redis/parse/client-list.ts';
import {ClientsPane} from '../../../src/views/clients/clients-pane.tsx';
import {blockedWorker, client, consoleClient, storeWith} from '../../helpers/fixtures.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

async function summary(clients: readonly ClientRow[]): Promise<string> {
	const store = storeWith({clients, session: {ownClientIds: new Set(['1', '2', '3'])}, ui: {view: 'clients', focus: 'clients'}});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ClientsPane width={100} height={12} isFramed={false} isFocused />
		</StoreContext.Provider>,
		{columns: 100, rows: 12},
	);
	await terminal.settle();
	const row = terminal.frame().split('\n')[1]?.trim() ?? '';
	terminal.unmount();
	return row;
}

const own = ['1', '2', '3'].map(id => consoleClient({id}));
const others = ['8', '9'].map(id => consoleClient({id, name: 'redis-triage:bob@host:observe'}));

it.each<[string, readonly ClientRow[], string]>([
	['its own connections apart', [...own, client()], '4 clients (3 of this console)'],
	['another console', [...own, ...others.slice(1)], '4 clients (3 of this console, 1 other-console connection)'],
	['several', [...own, ...others, blockedWorker({id: '20'})], '6 clients (3 of this console, 1 waiting worker, 2 other-console connections)'],
	['nothing of what is not there', [client()], '1 client'],
])('counts %s', async (_what, clients, expected) => expect(await summary(clients)).toBe(expected));
