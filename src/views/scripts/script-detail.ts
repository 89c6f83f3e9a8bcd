import type {ScriptNames} from '../../hooks/script-names.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import {type ScriptItem, scriptItems} from '../../store/lists/script-list.ts';
import {scriptTextOf} from '../../store/script-texts.ts';
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
		case 'entry': {
			const {id, atMs, durationMicros} = item.entry;
			const facts = [['when', formatClock(atMs)], ['took', formatMicros(durationMicros)], ...commandFacts(item.entry, scriptName)] as const;
			return {title: `Slow command ${id}`, facts: [...facts, ...textFacts(state, item.entry)]};
		}
		case 'large':
			return {
				title: `Large ${item.entry.what} ${item.entry.id}`,
				facts: [
					['when', formatClock(item.entry.atMs)],
					['bytes', formatCount(item.entry.bytes)],
					...commandFacts(item.entry, scriptName),
					...textFacts(state, item.entry),
				],
			};
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

type Entry = Extract<ScriptItem, {kind: 'entry' | 'large'}>['entry'];

function commandFacts(entry: Entry, scriptName: ScriptNames): Facts {
	const known = entry.scriptSha === undefined ? undefined : scriptName(entry.scriptSha);
	return [
		['caller', entry.clientAddress || '(not told)'],
		['name', entry.clientName || '(none)'],
		...(known === undefined ? [] : [['script', known] as const]),
		['command', commandText(entry.args)],
		...(entry.omittedArgs > 0 ? [['not logged', `${entry.omittedArgs} more arguments: the server keeps 31`] as const] : []),
	];
}

/** What the script does, line by line, where the server tells (Valkey). A text never changes, so a frozen display gets it too. */
function textFacts({snapshot}: ConsoleState, {scriptSha}: Entry): Facts {
	const told = scriptSha === undefined ? undefined : scriptTextOf(snapshot, scriptSha);
	if (told === undefined) return [];
	if (typeof told === 'string') return [['text', told]];
	const lines = told.text.trimEnd().replaceAll('\t', '  ').split(/\r?\n/);
	const rest = told.omittedCharacters > 0 ? [`(${formatCount(told.omittedCharacters)} more characters)`] : [];
	return [...lines, ...rest].map((text, index) => [index === 0 ? 'text' : '', text]);
}
