import {Box} from 'ink';
import {useConsole} from '../../hooks/use-console.ts';
import type {ConfirmRequest} from '../../store/dialog.ts';
import type {Span} from '../kit/line.ts';
import {panelLines} from '../kit/panel.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';
import {layoutDialog} from './dialog-layout.ts';

const dangerTones = {safe: 'dim', disruptive: 'warn', destructive: 'bad'} as const;

/** Upper case and inverse where it destroys: seen without colours too. */
const dangerWord = ({danger}: ConfirmRequest): Span =>
	danger === 'destructive' ? {text: ' DESTRUCTIVE ', tone: dangerTones[danger], inverse: true} : {text: danger, tone: dangerTones[danger]};

/** The confirmation of an action. Its preconditions follow the world while it is open. */
export function Dialog({width}: {readonly width: number}) {
	const {ascii} = useTheme();
	const state = useConsole(now => now);
	const layout = layoutDialog(state, ascii);
	const {dialog} = state.ui;
	if (!layout || !dialog) return null;
	const {boxWidth, body} = layout;
	const box = panelLines({
		title: dialog.request.title,
		right: dangerWord(dialog.request),
		body,
		width: boxWidth,
		height: body.length + 2,
		focused: true,
		ascii,
	});
	return (
		<Box width={width} justifyContent="center" flexShrink={0}>
			<Rows lines={box} width={boxWidth} />
		</Box>
	);
}
