import {type MemoryItem, memoryItems} from '../../store/lists/memory-list.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import {type ConsoleState, shownSurvey} from '../../store/store.ts';
import type {BigKey, SurveyGroup} from '../../store/survey.ts';
import {formatBytes, formatCount, formatPercent, formatSeconds} from '../../text/format.ts';
import type {Detail} from '../kit/facts.ts';
import {atLeast, formatError} from './bar.ts';

/** The prefix, component, key or database under the cursor. */
export function memoryDetail(state: ConsoleState, ascii: boolean): Detail | undefined {
	const item = selectedItem<MemoryItem>(state, 'memory', memoryItems(state));
	return item && itemDetail(item, shownSurvey(state).shown?.result?.total.bytes, ascii);
}

/** One row of the list with all that is known of it, nothing cut. `totalBytes` is what everything surveyed takes. */
export function itemDetail(item: MemoryItem, totalBytes: number | undefined, ascii: boolean): Detail {
	switch (item.kind) {
		case 'group':
			return {title: item.group.name, facts: groupFacts(item.group, totalBytes, ascii)};
		case 'key':
			return {title: 'One of the largest keys that were measured', facts: keyFacts(item.key, ascii)};
		case 'database':
			return {title: `Database ${item.database.db}`, facts: databaseFacts(item.database, ascii)};
	}
}

function groupFacts(group: SurveyGroup, totalBytes: number | undefined, ascii: boolean) {
	const {keys, keysError, isAtLeast, bytes, bytesError, withoutTtl, withoutTtlError} = group;
	const share = bytes === undefined || !totalBytes ? undefined : bytes / totalBytes;
	const perKey = bytes === undefined || keys === 0 ? undefined : bytes / keys;
	const points = withoutTtlError === undefined ? '' : `, ${formatError(withoutTtlError, ascii)} of all`;
	const least = atLeast(isAtLeast, ascii);
	const sure = keysError === 0 ? ' (counted)' : ` ${formatError(keysError, ascii)}`;
	return [
		['keys', `${least}${formatCount(keys, {ascii})}${isAtLeast ? ' (seen so far: too few to tell how many there are)' : sure}`],
		[
			'size',
			bytes === undefined ? 'could not be measured' : `${least}${formatBytes(bytes, {ascii})} ${isAtLeast ? '(of those)' : formatError(bytesError, ascii)}`,
		],
		['share', `${formatPercent(share, {ascii})} of what was surveyed`],
		['per key', formatBytes(perKey, {ascii})],
		['without TTL', `${formatPercent(withoutTtl, {ascii})}${points}`],
		['errors', 'three standard errors: nearly always right'],
	] as const;
}

function keyFacts({name, node, type, bytes, length, ttlMs, hasTtl}: BigKey, ascii: boolean): Detail['facts'] {
	return [
		['key', name],
		...(node === undefined ? [] : [['on node', node] as const]),
		['type', type ?? 'not told'],
		['size', `${formatBytes(bytes, {ascii})} (MEMORY USAGE ... SAMPLES 5)`],
		['length', `${formatCount(length, {ascii})} ${type === 'string' ? 'bytes' : 'elements'}`],
		['TTL', hasTtl === false ? 'none' : formatSeconds(ttlMs === undefined ? undefined : Math.floor(ttlMs / 1000), {ascii})],
	];
}

function databaseFacts({keys, expires, avgTtlMs, isSurveyed}: Extract<MemoryItem, {kind: 'database'}>['database'], ascii: boolean): Detail['facts'] {
	return [
		['keys', formatCount(keys, {ascii})],
		['without TTL', `${formatCount(keys - expires, {ascii})} (counted by the server)`],
		['average TTL', formatSeconds(avgTtlMs ? avgTtlMs / 1000 : undefined, {ascii})],
		['surveyed', isSurveyed ? 'yes' : 'no: a survey looks at the database of the target only'],
	];
}
