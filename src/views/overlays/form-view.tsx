import {useConsole} from '../../hooks/use-console.ts';
import type {FailureSample} from '../../queues/failure-groups.ts';
import {formChoices} from '../../store/form-choices.ts';
import type {Resource} from '../../store/resource.ts';
import {formatCount} from '../../text/format.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import type {PaneSize} from '../frame/pane-box.tsx';
import {type Line, line} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';

/** What an action asks before its dialog: a field a line, with what would be right. Nothing is sent from here. */
export function FormView({width, height}: PaneSize) {
	const overlay = useConsole(state => state.ui.overlay);
	const target = useConsole(state => state.session.target);
	const choices = useConsole(formChoices);
	const {ascii} = useTheme();
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
	const room = height - lines.length - 1;
	const offered = choices ? choiceLines(choices, fields[index]?.value ?? '', Math.max(1, room), ascii) : [];
	return <Rows lines={Array.from({length: height}, (_, row) => [...lines, [], ...offered][row] ?? [])} width={width} />;
}

/** The reasons that are known, with how many say so: the commonest first, and always the one that is chosen. */
function choiceLines(choices: Resource<FailureSample>, value: string, height: number, ascii: boolean): readonly Line[] {
	const {data, refused, error} = choices;
	if (!data) return [line({text: ` ${refused ? `The reasons cannot be read: ${refused.reason}` : (error ?? 'Reading the reasons …')}`, tone: 'dim'})];
	const rows = [
		{shape: '', text: `all ${formatCount(data.total)}`},
		...data.groups.map(({shape, count}) => ({shape, text: `${formatCount(count)} × ${shape}`})),
	];
	const hasHeading = height >= 3;
	const room = Math.max(1, hasHeading ? height - 1 : height);
	const at = rows.findIndex(({shape}) => shape === value);
	const from = Math.max(0, Math.min(at - room + 1, rows.length - room));
	const sample = data.total !== undefined && data.lookedAt < data.total ? ` of the newest ${formatCount(data.lookedAt)}` : '';
	const heading = line(' ', {text: 'Left', tone: 'key'}, ' and ', {text: 'Right', tone: 'key'}, {text: ` choose among the reasons${sample}:`, tone: 'dim'});
	return [
		...(hasHeading ? [heading] : []),
		...rows.slice(from, from + room).map(({shape, text}) => {
			const isChosen = shape === value;
			return line(` ${isChosen ? glyphsFor(ascii).selected : ' '} `, {text, tone: isChosen ? 'strong' : 'plain'});
		}),
	];
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
