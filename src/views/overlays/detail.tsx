import {useScriptName} from '../../hooks/script-names.ts';
import {useConsole} from '../../hooks/use-console.ts';
import {wrapText} from '../../text/wrap.ts';
import {details} from '../details.ts';
import type {PaneSize} from '../frame/pane-box.tsx';
import type {Detail as Content} from '../kit/facts.ts';
import {type Line, line} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';

/** The row under the cursor with everything that is known of it, nothing cut. */
export function Detail({width, height}: PaneSize) {
	const state = useConsole(now => now);
	const scriptName = useScriptName();
	const {ascii} = useTheme();
	const overlay = state.ui.overlay?.kind === 'detail' ? state.ui.overlay : undefined;
	const {title, facts} = (overlay && details[overlay.pane](state, {scriptName, ascii})) ?? gone;
	const lines = facts.flatMap(([name, value]) =>
		wrapText(value, Math.max(10, width - 18)).map((text, index) => line({text: ` ${(index === 0 ? name : '').padEnd(16)}`, tone: 'dim'}, text)),
	);
	const from = Math.min(overlay?.offset ?? 0, Math.max(0, lines.length - (height - 1)));
	const shown: readonly Line[] = [line(' ', {text: title, tone: 'strong'}), ...lines.slice(from, from + height - 1)];
	return <Rows lines={Array.from({length: height}, (_, row) => shown[row] ?? [])} width={width} />;
}

const gone: Content = {title: 'The row has gone: Esc back', facts: []};
