import {paletteEntries} from '../../hooks/palette.ts';
import {useConsole} from '../../hooks/use-console.ts';
import {useVisibleWindow} from '../../hooks/use-visible-window.ts';
import type {PaneSize} from '../frame/pane-box.tsx';
import {line} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {tableLines} from '../kit/table.ts';
import {useTheme} from '../kit/theme.tsx';

/** Everything that can be done, by name; what cannot be done now says why. */
export function Palette({width, height}: PaneSize) {
	const {ascii} = useTheme();
	const state = useConsole(now => now);
	const overlay = state.ui.overlay?.kind === 'palette' ? state.ui.overlay : undefined;
	const entries = paletteEntries(state, overlay?.query ?? '');
	const selected = Math.min(overlay?.index ?? 0, entries.length - 1);
	const visible = useVisibleWindow(entries.length, height - 3, selected);
	const rows = entries
		.slice(visible.from, visible.to)
		.map(({name, title, refusal}) => [
			{text: name, tone: refusal === undefined ? 'strong' : 'dim'} as const,
			refusal === undefined ? title : {text: `${title}: not now (${refusal})`, tone: 'dim' as const},
		]);
	const lines = [
		line(
			' ',
			{text: ':', tone: 'key'},
			overlay?.query ?? '',
			{text: ' ', inverse: true},
			{text: '   type to find, Up and Down choose, Enter runs', tone: 'dim'},
		),
		...tableLines({
			columns: [
				{title: 'COMMAND', width: 24},
				{title: 'WHAT IT DOES', grow: true, width: 20},
			],
			rows,
			width,
			ascii,
			selectedIndex: selected - visible.from,
		}),
		...(entries.length === 0 ? [line('  ', {text: 'Nothing is called so', tone: 'dim'})] : []),
	];
	return <Rows lines={Array.from({length: height}, (_, row) => lines[row] ?? [])} width={width} />;
}
