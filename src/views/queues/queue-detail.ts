import {selectedItem} from '../../store/lists/pane-lists.ts';
import {type QueueItem, queueItems} from '../../store/lists/queue-list.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatCount} from '../../text/format.ts';
import type {Detail} from '../kit/facts.ts';

/** The queue under the cursor. */
export function queueDetail(state: ConsoleState, ascii: boolean): Detail | undefined {
	const item = selectedItem<QueueItem>(state, 'queues', queueItems(state));
	if (!item) return undefined;
	const {queue} = item;
	return {
		title: `Queue ${queue.name}`,
		facts: [
			['system', `${queue.system} ${queue.version ?? ''}`.trim()],
			['keys', queue.id],
			['waiting', formatCount(queue.waiting, {ascii})],
		],
	};
}
