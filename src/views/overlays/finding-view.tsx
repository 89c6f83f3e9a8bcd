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
		return <Rows lines={[line(' ', {text: `${overlay.findingId} is over`, tone: 'good'}), line(' ', {text: 'Esc back', tone: 'dim'})]} width={width} />;
	const remedies = finding.remedies.flatMap(id => actions.find(status => status.id === id) ?? []);
	const selected = Math.min(overlay.index, remedies.length - 1);
	const textWidth = Math.min(width, 110);
	const above = factLines(finding, textWidth);
	const cellWidth = Math.max(16, Math.floor((textWidth - 15) / 3));
	return (
		<Box flexDirection="column" width={width} height={height}>
			<Rows lines={above} width={width} />
			{remedies.length > 0 ? (
				<Box paddingLeft={1} flexShrink={0}>
					<SmallTable
						columns={['', 'remedy', 'sends', 'state']}
						rows={remedies.map((status, index) => remedyRow(status, index === selected, ascii))}
						cellWidth={cellWidth}
					/>
				</Box>
			) : (
				<Rows lines={[line(...labelled('remedy', 'none that the console could send: see above'))]} width={width} />
			)}
		</Box>
	);
}

const labelled = (name: string, text: string): readonly Span[] => [{text: ` ${name.padEnd(10)}`, tone: 'dim'}, {text}];

function factLines({id, severity, title, evidence, meaning, components, over}: Finding, width: number): readonly Line[] {
	const block = (name: string, texts: readonly string[]): readonly Line[] =>
		texts.flatMap(text => wrapText(text, width - 12)).map((text, index) => line(...labelled(index === 0 ? name : '', text)));
	return [
		line(' ', {text: severity, tone: severityTone[severity], inverse: true}, ' ', {text: title, tone: 'strong'}, {text: `   ${id}`, tone: 'dim'}),
		...block('evidence', [evidence]),
		...block('meaning', meaning),
		...block('affects', [components.join(', ')]),
		...block('over when', [over]),
	];
}

function remedyRow({title, sends, refusal}: ActionStatus, isSelected: boolean, ascii: boolean): Record<string, string> {
	return {'': isSelected ? glyphsFor(ascii).selected : ' ', remedy: title, sends, state: refusal === undefined ? 'ready: Enter' : refusal};
}
