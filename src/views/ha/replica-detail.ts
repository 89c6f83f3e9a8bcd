import {type HaItem, haItems} from '../../store/lists/ha-list.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import {type ConsoleState, shownSnapshot} from '../../store/store.ts';
import {formatBytes, formatClock, formatCount, formatSeconds} from '../../text/format.ts';
import type {Detail} from '../kit/facts.ts';
import {bytesBehind, isBeyondBacklog, stateWords} from './replica-words.ts';

const unknown = 'not known';

/** The replica under the cursor, as its master sees it. */
export function replicaDetail(state: ConsoleState, ascii: boolean): Detail | undefined {
	const item = selectedItem<HaItem>(state, 'ha', haItems(state));
	const {data: info, updatedAtMs} = shownSnapshot(state).info;
	if (!item || !info) return undefined;
	const {replica} = item;
	const {address, state: step, offset, lagSeconds} = replica;
	const count = (figure: number | undefined) => (figure === undefined ? unknown : formatCount(figure, {ascii}));
	const behind = bytesBehind(replica, info);
	return {
		title: `Replica ${address}`,
		facts: [
			['as of', formatClock(updatedAtMs, {ascii})],
			['state', step === undefined || stateWords(replica) === step ? stateWords(replica) : `${stateWords(replica)} (${step})`],
			['last heard', lagSeconds === undefined ? unknown : `${formatSeconds(lagSeconds, {ascii})} before that`],
			['', 'A replica acknowledges once a second and the server counts whole seconds: 0 and 1 alternate on a healthy one.'],
			['acknowledged', `offset ${count(offset)}`],
			['master is at', `offset ${count(info.masterReplOffset)}`],
			['behind', behind === undefined ? unknown : behind === 0 ? 'nothing' : `${formatBytes(behind, {ascii})}: a failover to it now loses that`],
			['backlog', backlogWords(isBeyondBacklog(replica, info))],
		],
	};
}

function backlogWords(isBeyond: boolean | undefined): string {
	if (isBeyond === undefined) return unknown;
	return isBeyond
		? 'does not hold all it is behind: if its link breaks now, it has to be sent everything'
		: 'holds what it is behind: a broken link costs little';
}
