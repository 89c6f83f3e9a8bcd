import {useConsole} from '../../hooks/use-console.ts';
import type {PaneSize} from '../frame/pane-box.tsx';
import {type Line, line} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';
import {recoveryLines} from './recovery-lines.ts';

/** Whether the incident is over, with ticks that follow the world, and what is left to do. */
export function RecoveryView({width, height}: PaneSize) {
	const {ascii} = useTheme();
	const state = useConsole(now => now);
	const offset = state.ui.overlay?.kind === 'recovery' ? state.ui.overlay.offset : 0;
	const [title = [], ...rest] = recoveryLines(state, width, ascii);
	const room = height - 1;
	const from = Math.min(offset, Math.max(0, rest.length - room));
	const hidden = rest.length - from - room;
	const heading = line(title, hidden > 0 && {text: `   ${hidden} more below (j)`, tone: 'dim'});
	const shown: readonly Line[] = [heading, ...rest.slice(from, from + room)];
	return <Rows lines={Array.from({length: height}, (_, row) => shown[row] ?? [])} width={width} />;
}
