import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {memoizeLatest} from '../memoize.ts';
import {type ConsoleState, shownSnapshot} from '../store.ts';
import {filtered} from './order.ts';

type Replica = NonNullable<ServerInfo['replicas']>[number];

export type HaItem = {readonly id: string; readonly replica: Replica};

/** The rows of the HA pane as shown: the replicas of this server. */
export const haItems = (state: ConsoleState): readonly HaItem[] => list(shownSnapshot(state).info.data?.replicas ?? noReplicas, state.ui.panes.ha.filter);

const noReplicas: readonly Replica[] = [];

const list = memoizeLatest((replicas: readonly Replica[], filter: string): readonly HaItem[] =>
	filtered(replicas, filter, ({address, state = ''}) => `${address} ${state}`).map(replica => ({id: replica.address, replica})),
);
