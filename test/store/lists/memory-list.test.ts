import {expect, it} from 'vitest';
import {memoryItems} from '../../../src/store/lists/memory-list.ts';
import {emptyResource} from '../../../src/store/resource.ts';
import type {Survey} from '../../../src/store/survey.ts';
import type {PaneUi} from '../../../src/store/ui.ts';
import {stateWith} from '../../helpers/fixtures.ts';
import {fullInfo, surveyed} from '../../views/memory/memory-fixtures.ts';

const pane = (change: Partial<PaneUi> = {}): PaneUi => ({
	selectedId: undefined,
	sort: {column: 'size', descending: true},
	grouping: undefined,
	filter: '',
	...change,
});
const stateOf = (survey: Survey | undefined, memory: PaneUi) => stateWith({info: fullInfo, survey: {latest: survey, shown: survey}, panes: {memory}});
const idsOf = (change: Partial<PaneUi>) => memoryItems(stateOf(surveyed, pane(change))).map(({id}) => id);

it.each<[string, Partial<PaneUi>, readonly string[]]>([
	[
		'prefixes by size',
		{},
		['prefix:bull:publishing:*', 'prefix:sess:*', 'prefix:rl:ip:*', 'prefix:cache:product:*', 'prefix:leaderboard:global', 'prefix:(no prefix)'],
	],
	[
		'by keys without TTL',
		{sort: {column: 'withoutTtl', descending: true}, filter: ':*'},
		['prefix:bull:publishing:*', 'prefix:rl:ip:*', 'prefix:cache:product:*', 'prefix:sess:*'],
	],
	['by name, upwards', {sort: {column: 'name', descending: false}, filter: 'l'}, ['prefix:bull:publishing:*', 'prefix:leaderboard:global', 'prefix:rl:ip:*']],
	['components', {grouping: 'components'}, ['component:rate limits', 'component:circuit breakers']],
	['components by keys, upwards', {grouping: 'components', sort: {column: 'keys', descending: false}}, ['component:circuit breakers', 'component:rate limits']],
	['big keys of a type', {grouping: 'big keys', filter: 'zset'}, ['key:bull:publishing:completed', 'key:leaderboard:global']],
	[
		'big keys by length',
		{grouping: 'big keys', sort: {column: 'keys', descending: true}},
		['key:bull:publishing:completed', 'key:cache:product:7', 'key:leaderboard:global', 'key:audit:events'],
	],
	['databases', {grouping: 'databases'}, ['db:0', 'db:3']],
	['databases by name', {grouping: 'databases', sort: {column: 'name', descending: true}}, ['db:3', 'db:0']],
])('lists %s', (_what, change, ids) => {
	expect(idsOf(change)).toEqual(ids);
});

it('is the same array for the same inputs', () => {
	const ui = pane();
	const state = stateOf(surveyed, ui);
	expect(memoryItems(state)).toBe(memoryItems({...state, ui: {...state.ui, panes: {...state.ui.panes, memory: {...ui, selectedId: 'prefix:sess:*'}}}}));
});

it('has databases before anything has been surveyed, and says which one was', () => {
	expect(memoryItems(stateOf(undefined, pane()))).toEqual([]);
	expect(memoryItems(stateOf(undefined, pane({grouping: 'databases'}))).map(item => item.kind === 'database' && item.database.isSurveyed)).toEqual([
		false,
		false,
	]);
	expect(memoryItems(stateOf(surveyed, pane({grouping: 'databases'}))).map(item => item.kind === 'database' && item.database.isSurveyed)).toEqual([
		true,
		false,
	]);
	const unread = stateWith({panes: {memory: pane({grouping: 'databases'})}, snapshot: {info: emptyResource}});
	expect(memoryItems(unread)).toEqual([]);
});
