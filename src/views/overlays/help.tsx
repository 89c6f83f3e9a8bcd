import {useConsole} from '../../hooks/use-console.ts';
import {type Context, keyLabel, keymap} from '../../keymap/keymap.ts';
import type {PaneSize} from '../frame/pane-box.tsx';
import {fit, type Line, line} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';

const sections: readonly (readonly [Context, string])[] = [
	['scripts', '1 Scripts'],
	['clients', '2 Clients'],
	['global', 'Everywhere'],
	['dialog', 'In a dialog'],
	['finding', 'In a finding'],
	['text', 'While typing'],
	['always', 'Always'],
];

/** Every key there is, from the table that also dispatches them. */
export function Help({width, height}: PaneSize) {
	const {ascii} = useTheme();
	const offset = useConsole(state => (state.ui.overlay?.kind === 'help' ? state.ui.overlay.offset : 0));
	const columns = width >= 100 ? 2 : 1;
	const columnWidth = Math.floor(width / columns);
	const all = [...sections.flatMap(([context, title]) => section(context, title)), ...glossary];
	const perColumn = Math.ceil(all.length / columns);
	const rows = Array.from({length: perColumn}, (_, row) =>
		Array.from({length: columns}, (__, column) => fit(all[column * perColumn + row] ?? [], columnWidth, {ascii})).flat(),
	);
	const from = Math.min(offset, Math.max(0, rows.length - (height - 1)));
	const hidden = rows.length - from - (height - 1);
	const heading = line(' ', {text: 'Keys', tone: 'strong'}, hidden > 0 && {text: `   ${hidden} more below`, tone: 'dim'});
	const shown = rows.slice(from, from + height - 1);
	return <Rows lines={[heading, ...shown, ...Array.from({length: height - 1 - shown.length}, (): Line => [])]} width={width} />;
}

const words: readonly (readonly [string, string])[] = [
	['P0 P1 P2', 'stopped, degraded, at risk'],
	['GUARDED', 'actions are allowed, each behind its dialog'],
	['READ-ONLY', 'no connection that could write is open'],
	['OPENING', 'the connection that acts is not open yet'],
	['SILENT', 'no reply; the stopwatch runs from the last one'],
	['BUSY', 'a script or function runs; + means longer than seen'],
	['UNKILLABLE', 'the script has written: the server will not stop it'],
	['lag', 'seconds since the slowest replica was heard'],
	['evict', 'keys removed for want of memory, per second'],
	['cost', 'share of a core that this console takes there'],
];
const glossary: readonly Line[] = [
	line(' ', {text: 'Words', tone: 'accent'}),
	...words.map(([word, meaning]) => line('   ', {text: word.padEnd(16), tone: 'strong'}, meaning)),
];

function section(context: Context, title: string): readonly Line[] {
	const bindings = keymap.filter(binding => binding.context === context);
	return [
		line(' ', {text: title, tone: 'accent'}),
		...bindings.map(({keys, label}) => line('   ', {text: keys.map(keyLabel).join(' ').padEnd(16), tone: 'key'}, label)),
		[],
	];
}
