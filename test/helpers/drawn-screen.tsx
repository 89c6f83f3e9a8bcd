import '../../src/promise-with-resolvers.ts';
import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import {render} from 'ink';
import {App} from '../../src/app.tsx';
import {StoreContext} from '../../src/hooks/use-console.ts';
import {pacedStore} from '../../src/store/paced-store.ts';
import type {ConsoleStore} from '../../src/store/store.ts';
import {paneNames} from '../../src/store/ui.ts';
import {changeUi} from '../../src/store/ui-commands.ts';
import {Stage} from '../../src/terminal/stage.ts';
import {RowCodes} from '../../src/text/row-codes.ts';
import {RowCodesContext} from '../../src/views/kit/rows.tsx';
import {ThemeContext} from '../../src/views/kit/theme.tsx';

const size = {columns: 120, rows: 40};
const views = ['overview', ...paneNames] as const;

/** The console's screen, drawn through the stage to a terminal that takes everything and shows nothing: for benchmarks that only want it drawn. */
export function drawnScreen(store: ConsoleStore, now: () => number) {
	const drawn = {frames: 0, bytes: 0};
	const codes = new RowCodes();
	const writer = {
		onTaken: () => {},
		write(text: string) {
			drawn.bytes += Buffer.byteLength(text);
			// As a terminal does that is asked how it is.
			if (text.includes('\u001b[5n')) queueMicrotask(() => stage.answered());
			return true;
		},
	};
	const stage = new Stage(Object.assign(new EventEmitter(), size), writer, {unfold: frame => codes.unfold(frame)});
	changeUi(store, () => ({size}));
	stage.open('');
	const keyboard = Object.assign(new PassThrough(), {isTTY: true, setRawMode: () => keyboard, ref: () => keyboard, unref: () => keyboard});
	const app = render(
		<StoreContext.Provider value={pacedStore(store, now)}>
			<ThemeContext.Provider value={{colour: true, ascii: false}}>
				<RowCodesContext.Provider value={codes}>
					<App onKeys={() => {}} onPaste={() => {}} />
				</RowCodesContext.Provider>
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{
			stdout: stage as unknown as NodeJS.WriteStream,
			stdin: keyboard as unknown as NodeJS.ReadStream,
			debug: true,
			exitOnCtrlC: false,
			patchConsole: false,
			interactive: true,
			onRender: () => drawn.frames++,
		},
	);
	return {
		/** So far. */
		drawn: drawn as {readonly frames: number; readonly bytes: number},
		/** The n-th of all the panes, over and over. */
		show: (turn: number) => changeUi(store, () => ({view: views[turn % views.length] ?? 'overview'})),
		close: () => app.unmount(),
	};
}
