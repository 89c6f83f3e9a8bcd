import {Box, Text} from 'ink';
import {createContext, useContext, useState} from 'react';
import type {RowCodes} from '../../text/row-codes.ts';
import {toCells} from '../../text/safe-text.ts';
import {fit, type Line, looksLike} from './line.ts';
import {drawn, type Theme, useTheme} from './theme.tsx';

type RowsProps = {readonly lines: readonly Line[]; readonly width: number};
type Codes = Pick<RowCodes, 'codeFor'> | undefined;

/** Where the frame is unfolded again on its way to the terminal; without it Ink prints each row itself. */
export const RowCodesContext = createContext<Codes>(undefined);

/**
 * Lines of the screen, one Ink text for all of them, each exactly `width` cells. This is the only road from a line to Ink, and every line is made safe
 * here, so no foreign text gets past it. The height is fixed: a box that is too low clips its last rows and never squeezes one out of the middle.
 * No view may leave a row clipped: a row asks for its code only when it changes, and one that no frame has shown loses it (row-codes.ts) and could come
 * back as another row. test/layouts.test.tsx looks at every view.
 */
export function Rows({lines, width}: RowsProps) {
	const theme = useTheme();
	const codes = useContext(RowCodesContext);
	const [drawnLines] = useState(() => new DrawnLines());
	const room = toCells(width);
	const isNothing = room === 0 || lines.length === 0;
	const text = drawnLines.textOf(isNothing ? [] : lines, {width: room, theme, codes});
	if (isNothing) return null;
	return (
		<Box flexShrink={0} width={room} height={lines.length}>
			<Text wrap="truncate">{text}</Text>
		</Box>
	);
}

type Look = {readonly width: number; readonly theme: Theme; readonly codes: Codes};

/** Views make their lines anew for each frame, and most say what they said before: those are not drawn again. What is drawn for nothing was there in the last frame. */
class DrawnLines {
	#look: Look | undefined;
	#lines: readonly Line[] = [];
	#texts: readonly string[] = [];

	textOf(lines: readonly Line[], look: Look): string {
		const isSameLook = this.#look?.width === look.width && this.#look.theme === look.theme && this.#look.codes === look.codes;
		const [linesBefore, textsBefore] = isSameLook ? [this.#lines, this.#texts] : [[], []];
		this.#texts = lines.map((line, row) => {
			const before = linesBefore[row];
			return (before && saysSame(before, line) ? textsBefore[row] : undefined) ?? drawnRow(line, look);
		});
		this.#lines = lines;
		this.#look = look;
		return this.#texts.join('\n');
	}
}

function drawnRow(content: Line, {width, theme, codes}: Look): string {
	const text = drawn(fit(content, width, {ascii: theme.ascii}), theme);
	return codes ? codes.codeFor(text, width) : text;
}

function saysSame(before: Line, after: Line): boolean {
	if (before === after) return true;
	return (
		before.length === after.length &&
		before.every((span, place) => {
			const other = after[place];
			return other !== undefined && span.text === other.text && looksLike(span, other);
		})
	);
}
