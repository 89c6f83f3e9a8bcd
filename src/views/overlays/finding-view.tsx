import {Box} from 'ink';
import {useConsole} from '../../hooks/use-console.ts';
import {openFinding} from '../../store/remedies.ts';
import type {ActionStatus} from '../../store/store.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import type {PaneSize} from '../frame/pane-box.tsx';
import {line} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {SmallTable} from '../kit/small-table.tsx';
import {useTheme} from '../kit/theme.tsx';
import {layoutFinding, remedyState} from './finding-layout.ts';

const columns = ['', 'remedy', 'sends', 'state'] as const;

/** One finding in full: evidence, the remedies with their state, what helps by hand, meaning, whom it affects, and how one sees that it is over. */
export function FindingView({width, height}: PaneSize) {
	const {ascii} = useTheme();
	const ui = useConsole(state => state.ui);
	const findings = useConsole(state => state.findings);
	const actions = useConsole(state => state.actions);
	const snapshot = useConsole(state => state.snapshot);
	if (ui.overlay?.kind !== 'finding') return null;
	const open = openFinding({ui, findings, actions, snapshot});
	if (!open)
		return <Rows lines={[line(' ', {text: `${ui.overlay.findingId} has ended`, tone: 'good'}), line(' ', {text: 'Esc back', tone: 'dim'})]} width={width} />;
	const {above, table, below} = layoutFinding({...open, offset: ui.overlay.offset, width, height, ascii});
	return (
		<Box flexDirection="column" width={width} height={height}>
			<Rows lines={above} width={width} />
			{table.length > 0 ? (
				<Box paddingLeft={1} flexShrink={0}>
					<SmallTable columns={columns} rows={table.map(status => remedyRow(status, status === open.chosen, ascii))} width={width - 2} />
				</Box>
			) : null}
			<Rows lines={below} width={width} />
		</Box>
	);
}

function remedyRow(status: ActionStatus, isSelected: boolean, ascii: boolean): Record<string, string> {
	return {
		'': isSelected ? glyphsFor(ascii).selected : ' ',
		remedy: status.title,
		sends: status.sends,
		state: remedyState(status),
	};
}
