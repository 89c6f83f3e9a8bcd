import {Box} from 'ink';
import {useConsole} from '../hooks/use-console.ts';
import {shownQueue} from '../store/opened-queue.ts';
import type {ConsoleState} from '../store/store.ts';
import {gridColumns, overviewPanes, type PaneName, paneNames} from '../store/ui.ts';
import {ClientsPane} from './clients/clients-pane.tsx';
import type {PaneProps, PaneSize} from './frame/pane-box.tsx';
import {HaPane} from './ha/ha-pane.tsx';
import {Rows} from './kit/rows.tsx';
import {MemoryPane} from './memory/memory-pane.tsx';
import {Detail} from './overlays/detail.tsx';
import {FindingView} from './overlays/finding-view.tsx';
import {FormView, PreparingView} from './overlays/form-view.tsx';
import {Help} from './overlays/help.tsx';
import {OutputView} from './overlays/output-view.tsx';
import {Palette} from './overlays/palette.tsx';
import {RecoveryView} from './overlays/recovery-view.tsx';
import {WordView} from './overlays/word-view.tsx';
import {OpenedQueueView} from './queues/opened-queue.tsx';
import {QueuesPane} from './queues/queues-pane.tsx';
import {ScriptsPane} from './scripts/scripts-pane.tsx';
import {TimelinePane} from './timeline/timeline-pane.tsx';

/** The pane behind each name. */
const panes: Readonly<Record<PaneName, (props: PaneProps) => React.ReactNode>> = {
	scripts: ScriptsPane,
	clients: ClientsPane,
	memory: MemoryPane,
	queues: QueuesPane,
	ha: HaPane,
	timeline: TimelinePane,
};

/** From this height on the overview has room for two rows of panes. */
const gridRows = 24;

/** What is between header and footer: an overlay, one pane, or the grid. */
export function Body({width, height}: PaneSize) {
	const overlay = useConsole(state => state.ui.overlay?.kind);
	switch (overlay) {
		case 'help':
			return <Help width={width} height={height} />;
		case 'recovery':
			return <RecoveryView width={width} height={height} />;
		case 'palette':
			return <Palette width={width} height={height} />;
		case 'finding':
			return <FindingView width={width} height={height} />;
		case 'detail':
			return <Detail width={width} height={height} />;
		case 'output':
			return <OutputView width={width} height={height} />;
		case 'word':
			return <WordView width={width} height={height} />;
		case 'form':
			return <FormView width={width} height={height} />;
		case 'preparing':
			return <PreparingView width={width} height={height} />;
		default:
			return <Panes width={width} height={height} />;
	}
}

/** Most servers answer within this: four panes that say "not read yet" would only keep the first figures waiting. */
const openingMs = 300;

const hasJustBegun = ({snapshot: {contact}, nowMs}: ConsoleState): boolean =>
	contact.link !== 'broken' && contact.lastReplyAtMs === undefined && nowMs - contact.linkSinceMs < openingMs;

function Panes({width, height}: PaneSize) {
	const isOpening = useConsole(hasJustBegun);
	const view = useConsole(state => state.ui.view);
	const focus = useConsole(state => state.ui.focus);
	const isQueueOpen = useConsole(state => shownQueue(state.ui) !== undefined);
	if (isQueueOpen) return <OpenedQueueView width={width} height={height} isFramed={false} isFocused />;
	if (isOpening) return <Rows lines={Array.from({length: height}, () => [])} width={width} />;
	if (view !== 'overview' || width < gridColumns) {
		const Pane = panes[focus];
		return <Pane width={width} height={height} isFramed={false} isFocused />;
	}
	const shown = gridPanes(focus, height);
	const half = Math.floor(width / 2);
	const rows = Math.ceil(shown.length / 2);
	return (
		<Box width={width} height={height} flexShrink={0} flexDirection="column">
			{Array.from({length: rows}, (_, row) => {
				const rowHeight = row === 0 ? Math.ceil(height / rows) : height - Math.ceil(height / rows);
				const [left = 'scripts', right = 'clients'] = shown.slice(row * 2, row * 2 + 2);
				const [Left, Right] = [panes[left], panes[right]];
				return (
					<Box key={left} width={width} height={rowHeight} flexShrink={0}>
						<Left width={half} height={rowHeight} isFramed isFocused={focus === left} />
						<Right width={width - half} height={rowHeight} isFramed isFocused={focus === right} />
					</Box>
				);
			})}
		</Box>
	);
}

/** In little height the two of the row that has the focus. */
function gridPanes(focus: PaneName, height: number): readonly PaneName[] {
	const all = paneNames.slice(0, overviewPanes);
	if (height >= gridRows) return all;
	return all.indexOf(focus) < 2 ? all.slice(0, 2) : all.slice(2);
}
