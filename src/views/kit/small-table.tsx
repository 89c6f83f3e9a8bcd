import {Text} from 'ink';
import Table from 'ink-table';
import type {PropsWithChildren} from 'react';
import {fit} from './line.ts';
import {useTheme} from './theme.tsx';

type SmallTableProps = {
	/** Column titles, in order. */
	readonly columns: readonly string[];
	/** One object a row, keyed by column title. */
	readonly rows: readonly Readonly<Record<string, string>>[];
	/** The widest a cell may be. */
	readonly cellWidth: number;
};

/** A bordered table for a handful of rows. It draws two lines a row and costs too much for a live pane (facts/terminal.md). */
export function SmallTable({columns, rows, cellWidth}: SmallTableProps) {
	const theme = useTheme();
	const shorten = (text: string) =>
		fit([{text}], cellWidth, {ascii: theme.ascii})
			.map(span => span.text)
			.join('')
			.trimEnd();
	const data = rows.map(row => Object.fromEntries(columns.map(title => [title, shorten(row[title] ?? '')])));
	return <Table data={data} columns={[...columns]} header={Heading} cell={Cell} skeleton={theme.ascii ? AsciiSkeleton : Skeleton} />;
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
