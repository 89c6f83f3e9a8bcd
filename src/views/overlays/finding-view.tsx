import {Box} from 'ink';
import {useConsole} from '../../hooks/use-console.ts';
import type {Finding} from '../../store/finding.ts';
import type {ActionStatus} from '../../store/store.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import {wrapText} from '../../text/wrap.ts';
import {severityTone} from '../frame/findings-strip.tsx';
import type {PaneSize} from '../frame/pane-box.tsx';
import {type Line, line, type Span} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {SmallTable} from '../kit/small-table.tsx';
import {useTheme} from '../kit/theme.tsx';

/** One finding in full: evidence, meaning, whom it affects, the remedies with their state, and how one sees that it is over. */
export function FindingView({width, height}: PaneSize) {
	const {ascii} = useTheme();
	const overlay = useConsole(state => state.ui.overlay);
	const findings = useConsole(state => state.findings);
	const actions = useConsole(state => state.actions);
	if (overlay?.kind !== 'finding') return null;
	const finding = findings.find(({id}) => id === overlay.findingId);
	if (!finding)
		return <Rows lines={[line(' ', {text: `${overlay.findingId} has ended`, tone: 'good'}), line(' ', {text: 'Esc back', tone: 'dim'})]} width={width} />;
	const remedies = finding.remedies.flatMap(id => actions.find(status => status.id === id) ?? []);
	const selected = Math.min(overlay.index, remedies.length - 1);
	// At 80 columns the commands would be cut to nothing; the dialog shows them whole.
	const columns = width < 100 ? ['', 'remedy', 'state'] : ['', 'remedy', 'sends', 'state'];
	const cellWidth = Math.max(16, Math.floor((width - 6 - 3 * columns.length) / (columns.length - 1)));
	const above = headLines(finding, width);
	const tableRows = remedies.length === 0 ? 1 : 3 + 2 * remedies.length;
	const below = cutAt(factLines(finding, width), height - above.length - tableRows);
	return (
		<Box flexDirection="column" width={width} height={height}>
			<Rows lines={above} width={width} />
			{remedies.length > 0 ? (
				<Box paddingLeft={1} flexShrink={0}>
					<SmallTable columns={columns} rows={remedies.map((status, index) => remedyRow(status, index === selected, ascii))} cellWidth={cellWidth} />
				</Box>
			) : (
				<Rows lines={[line(...labelled('remedy', 'none that the console can send: see below what helps'))]} width={width} />
			)}
			<Rows lines={below} width={width} />
		</Box>
	);
}

/** What does not fit is said to be there. */
function cutAt(lines: readonly Line[], rows: number): readonly Line[] {
	if (lines.length <= rows) return lines;
	return rows < 1 ? [] : [...lines.slice(0, rows - 1), line({text: ` … ${lines.length - rows + 1} more lines on a higher screen`, tone: 'dim'})];
}

const labelled = (name: string, text: string): readonly Span[] => [{text: ` ${name.padEnd(10)}`, tone: 'dim'}, {text}];

function headLines({id, severity, title, evidence}: Finding, width: number): readonly Line[] {
	return [
		line(' ', {text: severity, tone: severityTone[severity], inverse: true}, ' ', {text: title, tone: 'strong'}, {text: `   ${id}`, tone: 'dim'}),
		...block('evidence', [evidence], width),
	];
}

const factLines = ({meaning, components, over}: Finding, width: number): readonly Line[] => [
	...block('meaning', meaning, width),
	...block('affects', [components.join(', ')], width),
	...block('ends when', [over], width),
];

const block = (name: string, texts: readonly string[], width: number): readonly Line[] =>
	texts.flatMap(text => wrapText(text, Math.min(width, 120) - 12)).map((text, index) => line(...labelled(index === 0 ? name : '', text)));

function remedyRow({title, sends, refusal, needsChoice}: ActionStatus, isSelected: boolean, ascii: boolean): Record<string, string> {
	return {
		'': isSelected ? glyphsFor(ascii).selected : ' ',
		remedy: title,
		sends,
		state: refusal === undefined ? 'ready: Enter' : needsChoice ? 'Enter: choose which' : refusal,
	};
}
