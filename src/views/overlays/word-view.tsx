import {useConsole} from '../../hooks/use-console.ts';
import type {PaneSize} from '../frame/pane-box.tsx';
import {line} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';

/** A word to be typed before the console takes its hands out of its pockets. */
export function WordView({width, height}: PaneSize) {
	const overlay = useConsole(state => state.ui.overlay);
	if (overlay?.kind !== 'word') return null;
	const lines = [
		line(' ', {text: overlay.title, tone: 'strong'}),
		[],
		line(` Type ${overlay.word} to do so: `, {text: overlay.typed, tone: 'strong'}, {text: ' ', inverse: true}),
		line(' ', {text: 'Enter', tone: 'key'}, ' do it   ', {text: 'Esc', tone: 'key'}, ' leave'),
	];
	return <Rows lines={Array.from({length: height}, (_, row) => lines[row] ?? [])} width={width} />;
}
