import {type Line, type LinePart, line, spread} from '../kit/line.ts';
import {panelInner, panelLines} from '../kit/panel.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';

export type PaneSize = {readonly width: number; readonly height: number};

/** How a pane is placed: in a frame among others, or on the whole screen. */
export type PaneProps = PaneSize & {readonly isFramed: boolean; readonly isFocused: boolean};

/** What a pane has to say: its title, how it is ordered and how old, and its rows. */
export type PaneContent = {readonly title: string; readonly right: LinePart; readonly lines: readonly Line[]};

/** The room that is left for a pane's rows. */
export const contentSize = ({width, height, isFramed}: PaneProps): PaneSize =>
	isFramed ? panelInner({width, height}) : {width, height: Math.max(0, height - 1)};

export function PaneBox({content, props}: {readonly content: PaneContent; readonly props: PaneProps}) {
	const {ascii} = useTheme();
	const {width, height, isFramed, isFocused} = props;
	const {title, right, lines} = content;
	if (isFramed) return <Rows lines={panelLines({title, right, body: lines, width, height, focused: isFocused, ascii})} width={width} />;
	const heading = spread(line(' ', {text: title, tone: 'strong'}), line(right, ' '), width, {ascii});
	const filled = Array.from({length: Math.max(0, height - 1)}, (_, row) => lines[row] ?? []);
	return <Rows lines={[heading, ...filled]} width={width} />;
}
