import {type HaItem, haItems} from '../../store/lists/ha-list.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatSeconds} from '../../text/format.ts';
import type {Detail} from '../kit/facts.ts';

/** The replica under the cursor, as its master sees it. */
export function replicaDetail(state: ConsoleState, ascii: boolean): Detail | undefined {
	const item = selectedItem<HaItem>(state, 'ha', haItems(state));
	if (!item) return undefined;
	const {address, state: linkState, offset, lagSeconds} = item.replica;
	return {
		title: `Replica ${address}`,
		facts: [
			['state', linkState ?? 'not told'],
			['offset', offset === undefined ? 'not told' : String(offset)],
			['last heard', lagSeconds === undefined ? 'not told' : `${formatSeconds(lagSeconds, {ascii})} ago`],
		],
	};
}
