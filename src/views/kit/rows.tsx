import {Box, Text} from 'ink';
import {createContext, memo, useContext} from 'react';
import type {RowCodes} from '../../text/row-codes.ts';
import {toCells} from '../../text/safe-text.ts';
import {fit, type Line, looksLike} from './line.ts';
import {drawn, type Theme, useTheme} from './theme.tsx';

type RowsProps = {readonly lines: readonly Line[]; readonly width: number};
type RowProps = {readonly content: Line; readonly width: number; readonly theme: Theme};

/** Where the frame is unfolded again on its way to the terminal; without it Ink prints each row itself. */
export const RowCodesContext = createContext<Pick<RowCodes, 'codeFor'> | undefined>(undefined);

/**
 * Lines of the screen, one Ink text a row, each exactly `width` cells. This is the only road from a line to Ink, and every line is made safe
 * here, so no foreign text gets past it. The height is fixed: a box that is too low clips its last rows and never squeezes one out of the middle.
 * No view may leave a row clipped: a row asks for its code only when it changes, and one that no frame has shown loses it (row-codes.ts) and could come
 * back as another row. test/layouts.test.tsx looks at every view.
 */
export function Rows({lines, width}: RowsProps) {
	const theme = useTheme();
	const room = toCells(width);
	if (room === 0 || lines.length === 0) return null;
	return (
		<Box flexDirection="column" flexShrink={0} width={room} height={lines.length}>
			{Array.from(lines.entries(), ([row, content]) => (
				<Row key={row} content={content} width={room} theme={theme} />
			))}
		</Box>
	);
}

const Row = memo(function Row({content, width, theme}: RowProps) {
	const codes = useContext(RowCodesContext);
	const text = drawn(fit(content, width, {ascii: theme.ascii}), theme);
	return <Text wrap="truncate">{codes ? codes.codeFor(text, width) : text}</Text>;
}, isSameRow);

/** Views make their lines anew for each frame; most say what they said before, and then Ink has nothing to lay out. */
function isSameRow(before: RowProps, after: RowProps): boolean {
	if (before.width !== after.width || before.theme !== after.theme) return false;
	if (before.content === after.content) return true;
	return (
		before.content.length === after.content.length &&
		before.content.every((span, place) => {
			const other = after.content[place];
			return other !== undefined && span.text === other.text && looksLike(span, other);
		})
	);
}
