import {Box} from 'ink';
import {useConsole} from '../hooks/use-console.ts';
import type {PaneName} from '../store/ui.ts';
import {ClientsPane} from './clients/clients-pane.tsx';
import type {PaneProps, PaneSize} from './frame/pane-box.tsx';
import {Detail} from './overlays/detail.tsx';
import {FindingView} from './overlays/finding-view.tsx';
import {Help} from './overlays/help.tsx';
import {Palette} from './overlays/palette.tsx';
import {WordView} from './overlays/word-view.tsx';
import {ScriptsPane} from './scripts/scripts-pane.tsx';

/** The pane behind each name. */
const panes: Readonly<Record<PaneName, (props: PaneProps) => React.ReactNode>> = {scripts: ScriptsPane, clients: ClientsPane};

/** From this width on the overview has room for panes side by side. */
const gridColumns = 100;

/** What is between header and footer: an overlay, one pane, or the grid. */
export function Body({width, height}: PaneSize) {
	const overlay = useConsole(state => state.ui.overlay?.kind);
	switch (overlay) {
		case 'help':
			return <Help width={width} height={height} />;
		case 'palette':
			return <Palette width={width} height={height} />;
		case 'finding':
			return <FindingView width={width} height={height} />;
		case 'detail':
			return <Detail width={width} height={height} />;
		case 'word':
			return <WordView width={width} height={height} />;
		default:
			return <Panes width={width} height={height} />;
	}
}

function Panes({width, height}: PaneSize) {
	const view = useConsole(state => state.ui.view);
	const focus = useConsole(state => state.ui.focus);
	if (view !== 'overview' || width < gridColumns) {
		const Pane = panes[focus];
		return <Pane width={width} height={height} isFramed={false} isFocused />;
	}
	const half = Math.floor(width / 2);
	return (
		<Box width={width} height={height} flexShrink={0}>
			<ScriptsPane width={half} height={height} isFramed isFocused={focus === 'scripts'} />
			<ClientsPane width={width - half} height={height} isFramed isFocused={focus === 'clients'} />
		</Box>
	);
}
