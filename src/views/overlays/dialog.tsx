import {Box} from 'ink';
import {useConsole} from '../../hooks/use-console.ts';
import type {DialogState} from '../../store/dialog.ts';
import type {PaneSize} from '../frame/pane-box.tsx';
import {panelLines} from '../kit/panel.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';
import {dialogLines} from './dialog-lines.ts';

/** A wider dialog is not read faster. */
const widest = 86;

type Props = PaneSize & {readonly dialog: DialogState};

/** The confirmation of an action. Its preconditions follow the world while it is open. */
export function Dialog({width, height, dialog}: Props) {
	const {ascii} = useTheme();
	const state = useConsole(now => now);
	const boxWidth = Math.min(width, widest);
	const checks = dialog.request.checks(state);
	const lines = dialogLines({
		dialog,
		session: state.session,
		role: state.snapshot.identity.role,
		checks,
		nowMs: state.nowMs,
		width: boxWidth - 2,
		rows: height - 2,
		ascii,
	});
	const body = fitted(lines, height - 2);
	const box = panelLines({
		title: dialog.request.title,
		right: dialog.request.danger,
		body,
		width: boxWidth,
		height: Math.min(height, body.length + 2),
		focused: true,
		ascii,
	});
	return (
		<Box width={width} justifyContent="center" flexShrink={0}>
			<Rows lines={box} width={boxWidth} />
		</Box>
	);
}

/** On a low screen blank rows go first; what is asked, at the end, always stays. */
function fitted<T extends readonly unknown[]>(lines: readonly T[], room: number): readonly T[] {
	if (lines.length <= room) return lines;
	const tight = lines.filter(content => content.length > 0);
	return tight.length <= room ? tight : [...tight.slice(0, Math.max(0, room - 2)), ...tight.slice(-2)];
}
