import {type MemoryItem, memoryItems} from '../../store/lists/memory-list.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import type {Component, ConsoleState} from '../../store/store.ts';
import {literalStart} from '../../text/glob.ts';
import {keyBytes} from '../../text/key-text.ts';
import {knownQueues} from './known-queues.ts';

/** Of the config file: it says itself that these may be cleared. */
export const isDeclared = (pattern: string, {session}: ConsoleState): boolean => clearable(session.components).includes(pattern);

const clearable = (components: readonly Component[]): readonly string[] => components.filter(({isClearable}) => isClearable).flatMap(({keys}) => keys);

/** What is wrong with a pattern, with what would be right; undefined: nothing that can be told without looking at the keys. */
export function patternProblem(pattern: string, {snapshot}: ConsoleState): string | undefined {
	if (pattern === '') return 'Type a key pattern, as in rl:*';
	if (!/^\P{C}{1,500}$/u.test(pattern)) return 'A key pattern is up to 500 characters that can be seen, as in rl:*';
	if (literalStart(pattern) === '') return `${pattern} may match every key: a pattern must begin with what its keys begin with, as in rl:*`;
	const queue = knownQueues(snapshot).ownerOfPattern(keyBytes(pattern));
	return queue === undefined ? undefined : `${pattern} matches keys of the queue ${queue}: jobs would be lost. queue.clean removes finished ones`;
}

/** The row under the cursor of the Memory pane, else the first that the config file offers; '' where there is nothing to propose. */
export function initialPattern(state: ConsoleState): string {
	const item = selectedItem<MemoryItem>(state, 'memory', memoryItems(state));
	const proposed = item?.kind === 'group' ? rowPattern(item.id, item.group.name, state) : undefined;
	return [proposed, ...clearable(state.session.components)].find(pattern => pattern !== undefined && patternProblem(pattern, state) === undefined) ?? '';
}

/** Rows that stand for several prefixes (`(other prefixes)`, `sess:* (others)`) or for names that are no text have no pattern. */
function rowPattern(id: string, name: string, {session}: ConsoleState): string | undefined {
	if (id.startsWith('component:')) {
		const component = session.components.find(known => known.name === name);
		return component?.isClearable ? component.keys[0] : undefined;
	}
	return /^[^(*?[\\][^?[\\]*\*$/.test(name) ? name : undefined;
}
