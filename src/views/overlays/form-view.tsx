import {useConsole} from '../../hooks/use-console.ts';
import type {PaneSize} from '../frame/pane-box.tsx';
import {type Line, line} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';

/** What an action asks before its dialog: a field a line, with what would be right. Nothing is sent from here. */
export function FormView({width, height}: PaneSize) {
	const overlay = useConsole(state => state.ui.overlay);
	const target = useConsole(state => state.session.target);
	if (overlay?.kind !== 'form') return null;
	const {title, facts, fields, index} = overlay;
	const labelWidth = Math.max(...fields.map(({name}) => name.length), ...facts.map(([label]) => label.length)) + 2;
	const where = target.name === target.address ? target.address : `${target.name}  ${target.address}`;
	const lines: readonly Line[] = [
		line(' ', {text: title, tone: 'strong'}, {text: `   on ${where}`, tone: 'dim'}),
		[],
		...facts.map(([label, value]) => line({text: ` ${label.padEnd(labelWidth)}`, tone: 'dim'}, value)),
		...fields.flatMap(({name, hint, value}, at) => [
			line(
				{text: ` ${name.padEnd(labelWidth)}`, tone: at === index ? 'key' : 'dim'},
				{text: value, tone: at === index ? 'strong' : 'plain'},
				at === index && {text: ' ', inverse: true},
			),
			line({text: ` ${' '.repeat(labelWidth)}${hint}`, tone: 'dim'}),
		]),
		[],
		line(
			' ',
			{text: 'Enter', tone: 'key'},
			' shows what would be sent   ',
			...(fields.length > 1 ? [{text: 'Tab', tone: 'key'} as const, ' next field   '] : []),
			{text: 'Ctrl-U', tone: 'key'},
			' empties it   ',
			{text: 'Esc', tone: 'key'},
			' leave',
		),
	];
	return <Rows lines={Array.from({length: height}, (_, row) => lines[row] ?? [])} width={width} />;
}

/** What an action would do is being read from the server. */
export function PreparingView({width, height}: PaneSize) {
	const overlay = useConsole(state => state.ui.overlay);
	if (overlay?.kind !== 'preparing') return null;
	const lines: readonly Line[] = [
		line(' ', {text: overlay.title, tone: 'strong'}),
		[],
		line(' ', {text: overlay.told, tone: 'accent'}),
		line({text: ' Plain reads, in small steps: nothing has been changed yet.', tone: 'dim'}),
		[],
		line(' ', {text: 'Esc', tone: 'key'}, ' leave'),
	];
	return <Rows lines={Array.from({length: height}, (_, row) => lines[row] ?? [])} width={width} />;
}
