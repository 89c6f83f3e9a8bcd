import {useConsole} from '../../hooks/use-console.ts';
import {wrapText} from '../../text/wrap.ts';
import type {PaneSize} from '../frame/pane-box.tsx';
import {type Line, line} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';

/** What a program has said that ran without a dialog, nothing cut. */
export function OutputView({width, height}: PaneSize) {
	const overlay = useConsole(state => state.ui.overlay);
	const auditFile = useConsole(state => state.session.auditFile);
	if (overlay?.kind !== 'output') return null;
	const lines = overlay.lines.flatMap(text => wrapText(text, Math.max(10, width - 2))).map(text => line(' ', text));
	const room = height - 2;
	const from = Math.min(overlay.offset, Math.max(0, lines.length - room));
	const hidden = lines.length - from - room;
	const shown: readonly Line[] = [
		line(' ', {text: overlay.title, tone: 'strong'}, hidden > 0 && {text: `   ${hidden} more below (j)`, tone: 'dim'}),
		line({text: ` also in the timeline (6) and in ${auditFile}`, tone: 'dim'}),
		...lines.slice(from, from + room),
	];
	return <Rows lines={Array.from({length: height}, (_, row) => shown[row] ?? [])} width={width} />;
}
