import {shownFleet} from '../../store/fleet.ts';
import {type HaItem, haItems} from '../../store/lists/ha-list.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import {kindOfServer} from '../../store/pointed-server.ts';
import {type ConsoleState, shownSnapshot} from '../../store/store.ts';
import {formatBytes, formatClock, formatCount, formatSeconds} from '../../text/format.ts';
import type {Detail} from '../kit/facts.ts';
import {nodeFacts} from './node-detail.ts';
import {bytesBehind, isBeyondBacklog, stateWords} from './replica-words.ts';

const unknown = 'not known';

/** The replica under the cursor, as its master sees it. */
/** The server under the cursor, as its master sees it and as it sees itself. */
export function replicaDetail(state: ConsoleState, ascii: boolean): Detail | undefined {
	const item = selectedItem<HaItem>(state, 'ha', haItems(state));
	if (!item) return undefined;
	const {node, replica, id} = item;
	const nodes = shownFleet(state)?.nodes ?? [];
	const own = node ? nodeFacts(node, nodes, ascii) : [];
	const seen = replica ? seenFacts(replica, state, ascii) : [];
	if (own.length + seen.length === 0) return undefined;
	const title = `${replica ? 'Replica' : capitalised(kindOfServer(state, id))} ${id}`;
	if (own.length === 0) return {title, facts: seen};
	return {title, facts: seen.length === 0 ? own : [...own, ['', ''], ['its master says', ''], ...seen]};
}

const capitalised = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

function seenFacts(replica: NonNullable<HaItem['replica']>, state: ConsoleState, ascii: boolean): Detail['facts'] {
	const {data: info, updatedAtMs} = shownSnapshot(state).info;
	if (!info) return [];
	const {state: step, offset, lagSeconds} = replica;
	const count = (figure: number | undefined) => (figure === undefined ? unknown : formatCount(figure, {ascii}));
	const behind = bytesBehind(replica, info);
	return [
		['as of', formatClock(updatedAtMs, {ascii})],
		['state', step === undefined || stateWords(replica) === step ? stateWords(replica) : `${stateWords(replica)} (${step})`],
		['last heard', lagSeconds === undefined ? unknown : `${formatSeconds(lagSeconds, {ascii})} before that`],
		['', 'A replica acknowledges once a second and the server counts whole seconds: 0 and 1 alternate on a healthy one.'],
		['acknowledged', `offset ${count(offset)}`],
		['master is at', `offset ${count(info.masterReplOffset)}`],
		['behind', behind === undefined ? unknown : behind === 0 ? 'nothing' : `${formatBytes(behind, {ascii})}: a failover to it now loses that`],
		['backlog', backlogWords(isBeyondBacklog(replica, info))],
	];
}

function backlogWords(isBeyond: boolean | undefined): string {
	if (isBeyond === undefined) return unknown;
	return isBeyond
		? 'does not hold all it is behind: if its link breaks now, it has to be sent everything'
		: 'holds what it is behind: a broken link costs little';
}
