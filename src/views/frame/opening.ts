import type {ConsoleState} from '../../store/store.ts';
import {fit, line, spread} from '../kit/line.ts';
import {drawn, type Theme} from '../kit/theme.tsx';

/** What stands on the screen before the first frame: whom it is connecting to. Rows with SGR sequences, of the width of the screen. */
export function openingRows({session, ui: {size}}: ConsoleState, theme: Theme): readonly string[] {
	const name = line({text: ` ${session.target.name}`, tone: 'strong'});
	const badge = line({text: ' CONNECTING ', tone: 'info', inverse: true});
	return [drawn(fit(spread(name, badge, size.columns, theme), size.columns, theme), theme)];
}
