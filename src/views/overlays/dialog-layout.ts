import {dialogNow} from '../../store/dialog.ts';
import {justActed} from '../../store/other-consoles.ts';
import type {ConsoleState} from '../../store/store.ts';
import {screenLayout} from '../frame/screen-layout.ts';
import {type Line, line} from '../kit/line.ts';
import {dialogContent, dialogPrompt} from './dialog-lines.ts';

/** A wider dialog is not read faster. */
const widest = 100;

export type DialogLayout = {
	readonly boxWidth: number;
	/** The rows inside the border, top to bottom; the prompt is always among them. */
	readonly body: readonly Line[];
	/** Rows of the content that have not been on the screen yet: as long as there are any, nothing may be confirmed. */
	readonly unseen: number;
	/** How far the content can be scrolled. */
	readonly lastOffset: number;
};

/** What of the open dialog is on the screen. On a low screen blank rows go first, then the content scrolls above its prompt. */
export function layoutDialog(state: ConsoleState, ascii: boolean): DialogLayout | undefined {
	const {dialog, size} = state.ui;
	if (!dialog) return undefined;
	const boxWidth = Math.min(size.columns, widest);
	const input = {
		dialog: dialogNow(dialog, state),
		session: state.session,
		role: state.snapshot.identity.role,
		checks: dialog.request.checks(state),
		nowMs: state.nowMs,
		acted: justActed(state),
		width: boxWidth - 2,
		ascii,
	};
	const inner = screenLayout(size, true).bodyRows - 2;
	const content = dialogContent(input);
	const whole = [...content, [], ...dialogPrompt(input, 0)];
	if (whole.length <= inner) return {boxWidth, body: whole, unseen: 0, lastOffset: 0};

	const tight = dialogContent(input, true).filter(row => row.length > 0);
	const room = Math.max(1, inner - dialogPrompt(input, 0, true).length);
	const lastOffset = Math.max(0, tight.length - room);
	const offset = Math.min(dialog.offset, lastOffset);
	const hiddenBelow = lastOffset - offset;
	// What has been seen once may be read again without being asked for again.
	const unseen = dialog.isSeen && dialog.phase === 'asking' ? 0 : hiddenBelow;
	const shown = tight.slice(offset, offset + room);
	return {
		boxWidth,
		body: [
			...shown.map((row, index) => (index === 0 && offset > 0 ? line(row, {text: `   (${offset} more above)`, tone: 'dim'}) : row)),
			...dialogPrompt(input, unseen, true),
		],
		unseen,
		lastOffset,
	};
}
