import type {ScriptNames} from '../../hooks/script-names.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import {type ScriptItem, scriptItems} from '../../store/lists/script-list.ts';
import type {ConsoleState} from '../../store/store.ts';
import {commandText} from '../../text/command-text.ts';
import {formatClock, formatCount, formatMicros} from '../../text/format.ts';
import type {Detail, Facts} from '../kit/facts.ts';

/** The slow command, the group of them or the statistics under the cursor. */
export function scriptDetail(state: ConsoleState, scriptName: ScriptNames): Detail | undefined {
	const item = selectedItem<ScriptItem>(state, 'scripts', scriptItems(state));
	switch (item?.kind) {
		case undefined:
			return undefined;
		case 'entry':
			return {title: `Slow command ${item.entry.id}`, facts: entryFacts(item.entry, scriptName)};
		case 'group': {
			const {shape, count, totalMicros, longestMicros, lastAtMs} = item.group;
			return {
				title: 'Slow commands of one shape',
				facts: [
					['shape', shape],
					['times', formatCount(count)],
					['total', formatMicros(totalMicros)],
					['longest', formatMicros(longestMicros)],
					['last', formatClock(lastAtMs)],
				],
			};
		}
		case 'stat': {
			const {name, calls, totalMicros, microsPerCall, rejectedCalls, failedCalls} = item.stat;
			return {
				title: `Statistics of ${name}`,
				facts: [
					['calls', formatCount(calls)],
					['time', formatMicros(totalMicros)],
					['per call', formatMicros(microsPerCall)],
					['refused', formatCount(rejectedCalls)],
					['failed', formatCount(failedCalls)],
				],
			};
		}
	}
}

function entryFacts(entry: Extract<ScriptItem, {kind: 'entry'}>['entry'], scriptName: ScriptNames): Facts {
	const known = entry.scriptSha === undefined ? undefined : scriptName(entry.scriptSha);
	return [
		['when', formatClock(entry.atMs)],
		['took', formatMicros(entry.durationMicros)],
		['caller', entry.clientAddress || '(not told)'],
		['name', entry.clientName || '(none)'],
		...(known === undefined ? [] : [['script', known] as const]),
		['command', commandText(entry.args)],
		...(entry.omittedArgs > 0 ? [['not logged', `${entry.omittedArgs} more arguments: the server keeps 31`] as const] : []),
	];
}
