import {useConsole, useShown} from '../../hooks/use-console.ts';
import {useVisibleWindow} from '../../hooks/use-visible-window.ts';
import type {Grouping} from '../../redis/parse/client-grouping.ts';
import type {ClientRow, ParsedClientList} from '../../redis/parse/client-list.ts';
import {groupings, groupKey} from '../../store/client-groups.ts';
import {type ClientItem, clientItems, clientOrders} from '../../store/lists/client-list.ts';
import {indexOfId} from '../../store/lists/pane-lists.ts';
import {memoizeOn} from '../../store/memoize.ts';
import type {PaneUi} from '../../store/ui.ts';
import {formatCount, plural} from '../../text/format.ts';
import {contentSize, PaneBox, type PaneProps} from '../frame/pane-box.tsx';
import {ageSpan, emptyText} from '../kit/age.ts';
import {type Line, line} from '../kit/line.ts';
import {tableLines} from '../kit/table.ts';
import {useTheme} from '../kit/theme.tsx';
import {clientCells, clientTable, groupCells, groupColumns} from './client-tables.ts';

/** Who is connected: one by one or in groups, with what each connection is for. */
export function ClientsPane(props: PaneProps) {
	const {ascii} = useTheme();
	const {width, height} = contentSize(props);
	const nowMs = useConsole(state => state.nowMs);
	const resource = useShown(shown => shown.clients);
	const items = useConsole(clientItems);
	const ui = useConsole(state => state.ui.panes.clients);
	const marks = useConsole(state => state.ui.markedClientIds);
	const ownIds = useConsole(state => state.session.ownClientIds);

	const selected = indexOfId(items, ui.selectedId);
	const room = Math.max(0, height - 2);
	const visible = useVisibleWindow(items.length, room, props.isFocused ? selected : 0);
	const shown = items.slice(visible.from, visible.to);
	const {columns, sortedIndex} = clientTable(ui.sort.column);
	const isGrouped = ui.grouping !== undefined;
	const lines = [
		resource.data ? summary(resource.data, marks, ownIds) : [],
		...tableLines({
			columns: isGrouped ? groupColumns : columns,
			rows: shown.map(item => cells(item, ownIds.has(item.id), ascii)),
			width,
			ascii,
			selectedIndex: props.isFocused ? selected - visible.from : -1,
			markedIndexes: markedIndexes(shown, resource.data?.clients ?? [], marks, ui.grouping),
			sortedBy: isGrouped ? {column: 0, descending: true} : {column: sortedIndex, descending: ui.sort.descending},
		}),
		...(items.length === 0 ? [line('  ', emptyText(resource, ui.filter === '' ? 'No clients' : `Nothing matches /${ui.filter}`))] : []),
	];
	return (
		<PaneBox
			content={{title: '2 Clients', right: line(order(ui, items.length, resource.data?.whole !== undefined), '  ', ageSpan(resource, nowMs, ascii)), lines}}
			props={props}
		/>
	);
}

/** A group counts as marked when any of its clients is. */
function markedIndexes(
	shown: readonly ClientItem[],
	clients: readonly ClientRow[],
	marks: ReadonlySet<string>,
	grouping: string | undefined,
): ReadonlySet<number> {
	const by = groupings.find(name => name === grouping);
	const keys = by && marks.size > 0 ? markedGroups(clients, marks, by) : undefined;
	return new Set(shown.flatMap((item, index) => ((item.kind === 'client' ? marks.has(item.id) : keys?.has(item.group.key)) ? [index] : [])));
}

const markedGroups = memoizeOn(
	(clients: readonly ClientRow[], marks: ReadonlySet<string>, by: Grouping): ReadonlySet<string> =>
		new Set(clients.filter(({id}) => marks.has(id)).map(client => groupKey(client, by))),
);

const cells = memoizeOn((item: ClientItem, isOwn: boolean, ascii: boolean) =>
	item.kind === 'group' ? groupCells(item.group, ascii) : clientCells(item.client, isOwn, ascii),
);

/** How many of which sort: a blocked worker waits for work, it is not stuck. */
function summary(list: ParsedClientList, marks: ReadonlySet<string>, ownIds: ReadonlySet<string>): Line {
	const {clients, whole} = list;
	const others = countedKinds(list, ownIds);
	return line(
		` ${plural(whole?.count ?? clients.length, 'client')}`,
		whole && {text: `, ${formatCount(clients.length)} listed: held up, not ordinary, first by idle, age, memory`, tone: 'warn'},
		others.length > 0 && {text: ` (${others.join(', ')})`, tone: 'dim'},
		marks.size > 0 && {text: `   ${formatCount(marks.size)} marked: K closes them`, tone: 'accent'},
	);
}

/** Counted once a list, not for every key. */
const countedKinds = memoizeOn(({clients, rejectedCount, whole}: ParsedClientList, ownIds: ReadonlySet<string>): readonly string[] => {
	const counts = new Map<ClientRow['kind'], number>();
	let own = 0;
	let ownConsoles = 0;
	for (const {id, kind} of clients) {
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
		if (!ownIds.has(id)) continue;
		own += 1;
		if (kind === 'console') ownConsoles += 1;
	}
	const count = (kind: ClientRow['kind']) => whole?.kinds[kind] ?? counts.get(kind) ?? 0;
	const parts = [
		[count('blocked-worker'), 'waiting worker'],
		[count('replica'), 'replica'],
		[count('subscriber'), 'subscriber'],
		[count('monitor'), 'monitor'],
		[(counts.get('console') ?? 0) - ownConsoles, 'other-console connection'],
		[rejectedCount, 'unreadable line'],
	] as const;
	return [...(own > 0 ? [`${formatCount(own)} of this console`] : []), ...parts.filter(([number]) => number > 0).map(([number, name]) => plural(number, name))];
});

/** What a filter finds is found among those listed, and of a list too long to be kept that is not all. */
function order({grouping, sort, filter}: PaneUi, count: number, isPart: boolean): string {
	const filtered = filter === '' ? '' : ` /${filter}: ${formatCount(count)}${isPart ? ' of those listed' : ''}`;
	if (grouping !== undefined) return `by ${grouping}${filtered}`;
	return `by ${clientOrders.find(({column}) => column === sort.column)?.title ?? ''}${filtered}`;
}
