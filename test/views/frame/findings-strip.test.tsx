import {describe, expect, it} from 'vitest';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {Finding} from '../../../src/store/finding.ts';
import type {ActionStatus} from '../../../src/store/store.ts';
import {FindingsStrip} from '../../../src/views/frame/findings-strip.tsx';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {storeWith} from '../../helpers/fixtures.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

const remedy: ActionStatus = {
	id: 'config.appendonly',
	title: 'Switch the append-only file on or off',
	danger: 'disruptive',
	sends: 'CONFIG SET appendonly VALUE',
	pane: 'ha',
	refusal: undefined,
	needsChoice: false,
	isReadOnly: false,
	takesRow: false,
	asks: true,
};

const titled = (title: string): Finding => ({
	id: 'persistence.off',
	severity: 'P2',
	title,
	evidence: 'appendonly no; no save points; 98 keys',
	meaning: [],
	components: [],
	remedies: [remedy.id],
	over: '',
});

async function strip(columns: number, title: string): Promise<string> {
	const findings = [titled(title), {...titled('Another'), id: 'ha.none'}];
	const store = storeWith({findings, actions: [remedy]});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ThemeContext.Provider value={{colour: true, ascii: false}}>
				<FindingsStrip width={columns} />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{columns, rows: 1},
	);
	await terminal.settle();
	const row = terminal.frame();
	terminal.unmount();
	return row;
}

describe('the findings strip', () => {
	it.each([
		['all of it where there is room', 120, 'The append-only file is off', / F switch the append-only file on or off {3}1 of 2 f$/],
		[
			'all of it before the evidence at 80 columns',
			80,
			'The append-only file is off',
			/^ P2 The append-only file is off.* F switch the append-only file on or off 1\/2 f$/,
		],
		['what fits', 80, 'Nothing is saved: a crash loses all that is new', /that is new… F switch the append… 1\/2 f$/],
		['the key alone beside a long title', 80, 'A script has blocked the server for 10.5s: 14 connections wait', /14 connections wait.* F +1\/2 f$/],
	])('names what F does: %s', async (_what, columns, title, expected) => expect(await strip(columns, title)).toMatch(expected));
});
