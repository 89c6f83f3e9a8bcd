import {groupings} from '../../redis/parse/client-grouping.ts';
import {memoizeOn} from '../memoize.ts';
import type {ConsoleState} from '../store.ts';
import type {PaneName} from '../ui.ts';
import {clientItems, clientOrders} from './client-list.ts';
import {haItems} from './ha-list.ts';
import {memoryGroupings, memoryItems, memoryOrders} from './memory-list.ts';
import {nodeOrders} from './node-list.ts';
import type {Order} from './order.ts';
import {queueItems, queueOrders} from './queue-list.ts';
import {scriptItems, slowlogOrders} from './script-list.ts';
import {timelineItems, timelineOrders} from './timeline-list.ts';

/** What the list keys work on in one pane. */
type PaneList = {
	readonly items: (state: ConsoleState) => readonly {readonly id: string}[];
	readonly orders: readonly Pick<Order<never>, 'column' | 'title' | 'descending'>[];
	/** What `a` walks through after single rows. */
	readonly groupings: readonly string[];
};

export const paneLists: Readonly<Record<PaneName, PaneList>> = {
	scripts: {items: scriptItems, orders: slowlogOrders, groupings: ['shape']},
	clients: {items: clientItems, orders: clientOrders, groupings},
	memory: {items: memoryItems, orders: memoryOrders, groupings: memoryGroupings},
	queues: {items: queueItems, orders: queueOrders, groupings: []},
	ha: {items: haItems, orders: nodeOrders, groupings: []},
	timeline: {items: timelineItems, orders: timelineOrders, groupings: []},
};

export const paneItems = (state: ConsoleState, pane: PaneName): readonly {readonly id: string}[] => paneLists[pane].items(state);

/** The row under the cursor. A cursor whose row has gone stands on none: it must not silently mean another one. */
export function selectedItem<T extends {readonly id: string}>(state: ConsoleState, pane: PaneName, items: readonly T[]): T | undefined {
	return items[indexOfId(items, state.ui.panes[pane].selectedId)];
}

/** -1 where there is none. A key asks many times over where its cursor is, in a list that may be long. */
export const indexOfId = memoizeOn((items: readonly {readonly id: string}[], wanted: string | undefined): number => items.findIndex(({id}) => id === wanted));
