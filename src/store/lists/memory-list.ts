import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {memoizeLatest} from '../memoize.ts';
import {type ConsoleState, shownSnapshot, shownSurvey} from '../store.ts';
import type {BigKey, Survey, SurveyGroup} from '../survey.ts';
import type {PaneUi} from '../ui.ts';
import {filtered} from './order.ts';

/** What the Memory pane lists instead of prefixes, in the order in which `a` walks through them. */
export const memoryGroupings = ['components', 'big keys', 'databases'] as const;

/** `expires` is the server's own count: exact, and of every database. */
export type DatabaseRow = {
	readonly db: number;
	readonly keys: number;
	readonly expires: number;
	readonly avgTtlMs: number | undefined;
	readonly isSurveyed: boolean;
};

export type MemoryItem =
	| {readonly kind: 'group'; readonly id: string; readonly group: SurveyGroup}
	| {readonly kind: 'key'; readonly id: string; readonly key: BigKey}
	| {readonly kind: 'database'; readonly id: string; readonly database: DatabaseRow};

type Figures = {readonly size: number; readonly keys: number; readonly withoutTtl: number; readonly name: string};

/** The columns that `s` walks through, and which way up each begins. */
export const memoryOrders = [
	{column: 'size', title: 'size', descending: true},
	{column: 'keys', title: 'keys', descending: true},
	{column: 'withoutTtl', title: 'keys without TTL', descending: true},
	{column: 'name', title: 'name', descending: false},
] as const satisfies readonly {readonly column: keyof Figures; readonly title: string; readonly descending: boolean}[];

/** The rows of the Memory pane as shown: filtered and sorted. Same inputs, same array. */
export function memoryItems(state: ConsoleState): readonly MemoryItem[] {
	const {filter, sort, grouping} = state.ui.panes.memory;
	return list(shownSurvey(state).shown, shownSnapshot(state).info.data?.keyspace, filter, sort, grouping);
}

const list = memoizeLatest(
	(survey: Survey | undefined, keyspace: ServerInfo['keyspace'], filter: string, sort: PaneUi['sort'], grouping: string | undefined): readonly MemoryItem[] => {
		const wanted = filtered(rowsOf(survey, keyspace, grouping), filter, textOf);
		const column = memoryOrders.find(order => order.column === sort.column)?.column ?? 'size';
		const sign = sort.descending ? -1 : 1;
		return wanted.toSorted((a, b) => sign * compare(figuresOf(a)[column], figuresOf(b)[column]));
	},
);

function rowsOf(survey: Survey | undefined, keyspace: ServerInfo['keyspace'], grouping: string | undefined): readonly MemoryItem[] {
	const result = survey?.result;
	switch (grouping) {
		case 'databases':
			return (keyspace ?? []).map(database => ({kind: 'database', id: `db:${database.db}`, database: {...database, isSurveyed: database.db === survey?.db}}));
		case 'big keys':
			return (result?.bigKeys ?? []).map(key => ({kind: 'key', id: `key:${key.name}`, key}));
		case 'components':
			return (result?.components ?? []).map(group => ({kind: 'group', id: `component:${group.name}`, group}));
		default:
			return (result?.prefixes ?? []).map(group => ({kind: 'group', id: `prefix:${group.name}`, group}));
	}
}

function figuresOf(item: MemoryItem): Figures {
	switch (item.kind) {
		case 'group': {
			const {name, keys, bytes, withoutTtl} = item.group;
			return {name, keys, size: bytes ?? keys, withoutTtl: keys * (withoutTtl ?? 0)};
		}
		case 'key': {
			const {name, bytes, length, hasTtl} = item.key;
			return {name, size: bytes, keys: length ?? 0, withoutTtl: hasTtl === false ? 1 : 0};
		}
		case 'database': {
			const {db, keys, expires} = item.database;
			return {name: String(db).padStart(9, '0'), keys, size: keys, withoutTtl: keys - expires};
		}
	}
}

function textOf(item: MemoryItem): string {
	if (item.kind === 'group') return item.group.name;
	return item.kind === 'key' ? `${item.key.name} ${item.key.type ?? ''}` : `db${item.database.db}`;
}

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : Number(a > b));
