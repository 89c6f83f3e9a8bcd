import {Text} from 'ink';
import Table from 'ink-table';
import type {PropsWithChildren} from 'react';
import {cellWidth} from '../../text/safe-text.ts';
import {fit} from './line.ts';
import {useTheme} from './theme.tsx';

type SmallTableProps = {
	/** Column titles, in order. */
	readonly columns: readonly string[];
	/** One object a row, keyed by column title. */
	readonly rows: readonly Readonly<Record<string, string>>[];
	/** Cells of the whole table, with its lines. */
	readonly width: number;
};

/** A bordered table for a handful of rows. It draws two lines a row and costs too much for a live pane (facts/terminal.md). */
export function SmallTable({columns, rows, width}: SmallTableProps) {
	const theme = useTheme();
	const {ascii} = theme;
	const widths = shared(
		columns.map(title => Math.max(...[title, ...rows.map(row => row[title] ?? '')].map(text => cellWidth(text, {ascii})))),
		width - 3 * columns.length - 1,
	);
	const shorten = (text: string, column: number) =>
		fit([{text}], widths[column] ?? 0, {ascii})
			.map(span => span.text)
			.join('')
			.trimEnd();
	const data = rows.map(row => Object.fromEntries(columns.map((title, column) => [title, shorten(row[title] ?? '', column)])));
	return <Table data={data} columns={[...columns]} header={Heading} cell={Cell} skeleton={theme.ascii ? AsciiSkeleton : Skeleton} />;
}

/** What each column wants, as far as there is room: the widest gives way. */
export function shared(wanted: readonly number[], room: number): readonly number[] {
	let widest = Math.max(...wanted);
	const cut = () => wanted.map(each => Math.min(each, widest));
	while (widest > 1 && cut().reduce((sum, each) => sum + each, 0) > room) widest -= 1;
	return cut();
}

const Heading = ({children}: PropsWithChildren) => <Text bold>{children}</Text>;
const Cell = ({children}: PropsWithChildren) => <Text>{children}</Text>;
const Skeleton = ({children}: PropsWithChildren) => <Text dimColor>{children}</Text>;
const AsciiSkeleton = ({children}: PropsWithChildren) => (
	<Text dimColor>
		{String(children)
			.replace(/[┌┐└┘├┤┬┴┼]/g, '+')
			.replaceAll('─', '-')
			.replaceAll('│', '|')}
	</Text>
);
