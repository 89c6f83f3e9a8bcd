import {useConsole} from '../../hooks/use-console.ts';
import {keyLabel} from '../../keymap/key-label.ts';
import {type Context, keymap} from '../../keymap/keymap.ts';
import {shownQueue} from '../../store/opened-queue.ts';
import type {UiState} from '../../store/ui.ts';
import {wrapText} from '../../text/wrap.ts';
import type {PaneSize} from '../frame/pane-box.tsx';
import {fit, type Line, line} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';
import {words} from './glossary.ts';

/** Of the panes, and what opens in them. */
const paneTitles: readonly (readonly [Context, string])[] = [
	['scripts', '1 Scripts'],
	['clients', '2 Clients'],
	['memory', '3 Memory'],
	['memory-surveying', '3 Memory, while its keys are surveyed'],
	['queues', '4 Queues'],
	['queue', 'In a queue'],
	['job', 'In a job'],
	['ha', '5 Persistence, replication, cluster'],
	['away', 'At another server'],
	['timeline', '6 Timeline'],
];
const everywhere: readonly (readonly [Context, string])[] = [
	['global', 'Everywhere'],
	['present', 'Back in time'],
	['views', 'Views'],
	['always', 'Always'],
];
const above: readonly (readonly [Context, string])[] = [
	['past', 'While looking back'],
	['replay', 'In a recording (redis-triage replay)'],
	['dialog', 'In a dialog'],
	['dialog-batch', 'While it runs in rounds'],
	['form', 'Where an action asks'],
	['preparing', 'While it is read what it would do'],
	['finding', 'In a finding'],
	['finding-elsewhere', 'In a finding of another server'],
	['client', 'In the details of a client, none marked'],
	['server', 'In the details of a server'],
	['recovery', 'In the recovery list'],
	['overlay', 'In help and details'],
	['palette', 'Among the commands'],
	['text', 'While typing'],
	['cramped', 'In a window below 60x16'],
];

const keyWidth = 21;

/** Every key there is, from the table that also dispatches them: first those of the pane one is in. */
export function Help({width, height}: PaneSize) {
	const {ascii} = useTheme();
	const ui = useConsole(state => state.ui);
	const offset = ui.overlay?.kind === 'help' ? ui.overlay.offset : 0;
	const columns = width >= 100 ? 2 : 1;
	const columnWidth = Math.floor(width / columns);
	const texts = helpColumns(ui, columns, columnWidth - 1);
	const rows = Array.from({length: Math.max(...texts.map(({length}) => length))}, (_, row) =>
		texts.flatMap(text => fit(text[row] ?? [], columnWidth, {ascii})),
	);
	const from = Math.min(offset, Math.max(0, rows.length - (height - 1)));
	const hidden = rows.length - from - (height - 1);
	const heading = line(' ', {text: 'Keys and words', tone: 'strong'}, hidden > 0 && {text: `   ${hidden} more below`, tone: 'dim'});
	const shown = rows.slice(from, from + height - 1);
	return <Rows lines={[heading, ...shown, ...Array.from({length: height - 1 - shown.length}, (): Line => [])]} width={width} />;
}

/** What is wanted first stands first in each column. */
function helpColumns(ui: UiState, columns: number, width: number): readonly (readonly Line[])[] {
	const here = contextsHere(ui);
	const ofPane = ([context]: readonly [Context, string]) => here.includes(context);
	const sections = (titles: typeof paneTitles) => titles.flatMap(([context, title]) => section(context, title, width));
	const keysHere = [...sections(paneTitles.filter(ofPane)), ...sections(everywhere)];
	const further = [...glossary(width), ...sections(paneTitles.filter(title => !ofPane(title)))];
	return columns === 1 ? [[...keysHere, ...further, ...sections(above)]] : [[...keysHere, ...sections(above)], further];
}

/** A queue that is open takes the keys of its pane. */
function contextsHere(ui: UiState): readonly Context[] {
	const queue = shownQueue(ui);
	if (queue) return [queue.job ? 'job' : 'queue'];
	return ui.focus === 'memory' ? ['memory', 'memory-surveying'] : [ui.focus];
}

const glossary = (width: number): readonly Line[] => [
	line(' ', {text: 'Words on the screen', tone: 'accent'}),
	...words.flatMap(([word, meaning]) => named({text: word, tone: 'strong'}, meaning, width)),
	[],
];

function section(context: Context, title: string, width: number): readonly Line[] {
	const bindings = keymap.filter(binding => binding.context === context);
	if (bindings.length === 0) return [];
	return [
		line(' ', {text: title, tone: 'accent'}),
		...bindings.flatMap(({keys, label}) => named({text: keys.map(keyLabel).join(' '), tone: 'key'}, label, width)),
		[],
	];
}

/** A meaning takes as many rows as it needs. */
function named({text, tone}: {readonly text: string; readonly tone: 'key' | 'strong'}, meaning: string, width: number): readonly Line[] {
	return wrapText(meaning, width - keyWidth).map((row, index) => line('   ', {text: (index === 0 ? text : '').padEnd(keyWidth - 3), tone}, row));
}
