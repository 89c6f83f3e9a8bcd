import {shownFleet} from './fleet.ts';
import {haItems} from './lists/ha-list.ts';
import {selectedItem} from './lists/pane-lists.ts';
import {type QueueItem, queueItems} from './lists/queue-list.ts';
import type {ConsoleState} from './store.ts';

/** The other server that is meant where one stands: that of an open finding, of the row under the cursor, of a queue that another node has. */
export function pointedServer(state: ConsoleState): string | undefined {
	const {ui, findings} = state;
	const {overlay} = ui;
	if (overlay?.kind === 'finding') return findings.find(({id}) => id === overlay.findingId)?.node;
	if (ui.focus === 'ha') return selectedItem(state, 'ha', haItems(state))?.id;
	return ui.focus === 'queues' ? selectedItem<QueueItem>(state, 'queues', queueItems(state))?.node : undefined;
}

/** What the console calls another server of the group: `node` of a cluster, `replica`, `master`. */
export function kindOfServer(state: Pick<ConsoleState, 'ui' | 'fleet' | 'snapshot'>, address: string): string {
	const fleet = shownFleet(state);
	if (fleet?.kind === 'cluster') return 'node';
	// Its master knows it before it has been asked itself.
	const isTold = state.snapshot.info.data?.replicas?.some(replica => replica.address === address);
	return fleet?.nodes.find(node => node.address === address)?.role ?? (isTold ? 'replica' : 'server');
}
