import {expect, it} from 'vitest';
import {App} from '../../../src/app.tsx';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {storeWith} from '../../helpers/fixtures.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

it.each([
	['both', 'cache', /10\.0\.0\.9:6379 {2}master {2}Redis 7\.0\.15 /],
	['the role alone', 'prod-cache-of-the-shop', /10\.0\.0\.9:6379 {2}master {3}/],
])('of role and product a row of 80 columns has %s', async (_what, environment, expected) => {
	const size = {columns: 80, rows: 24};
	const store = storeWith({environment, snapshot: {identity: {product: 'Redis', version: '7.0.15', role: 'master'}}, ui: {size}});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ThemeContext.Provider value={{colour: true, ascii: false}}>
				<App onKeys={() => {}} onPaste={() => {}} />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		size,
	);
	await terminal.settle();
	expect(terminal.frame().split('\n')[0]).toMatch(expected);
	terminal.unmount();
});
