import type {QueueStatus} from '../../queues/types.ts';
import type {Check} from '../../store/dialog.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import {type QueueItem, queueItems} from '../../store/lists/queue-list.ts';
import {shownQueue} from '../../store/opened-queue.ts';
import {queueLabel} from '../../store/queue-label.ts';
import type {ConsoleState} from '../../store/store.ts';
import {type Choice, isRefusal, type Refusal} from '../types.ts';

/** A queue of BullMQ or Bull, frozen by the beginning of its keys and by the major that works on it. */
export type QueueTarget = {
	/** `bull:orders`: what its keys begin with. */
	readonly base: string;
	readonly label: string;
	/** 0 is Bull. */
	readonly major: number;
	readonly db: number;
};

/** The queue that was named, else the one that is open, else the one under the cursor. */
export function chosenQueue(state: ConsoleState, {on}: Choice): QueueStatus | Refusal {
	const queues = state.snapshot.queues.data;
	if (!queues) return {refused: state.snapshot.queues.refused?.reason ?? 'The queues have not been read yet'};
	if (on.length > 1) return {refused: 'One queue at a time'};
	const [name] = on;
	if (name !== undefined) return namedQueue(queues, name, state.snapshot.queueSearch.isComplete);
	const open = shownQueue(state.ui);
	const item = open ? undefined : selectedItem<QueueItem>(state, 'queues', queueItems(state));
	if (item?.node !== undefined) return {refused: `It is on node ${item.node}, and actions go to ${state.session.target.address} alone: o goes there`};
	// What is frozen on the screen names it; what is known of it is the latest.
	const queue = queues.find(({id}) => id === (open?.id ?? item?.id));
	return queue ?? {refused: open || item ? 'The queue has gone' : 'Select a queue first (4)', needsChoice: true};
}

function namedQueue(queues: readonly QueueStatus[], name: string, isAllKnown: boolean): QueueStatus | Refusal {
	const exact = queues.find(({id}) => id === name);
	if (exact) return exact;
	const called = queues.filter(queue => queueLabel(queue) === name || queue.name === name);
	const [one, another] = called;
	if (another) return {refused: `Several queues are called ${name}: ${called.map(({id}) => id).join(', ')}`};
	if (one && isAllKnown) return one;
	// What has not been seen yet may be called the same.
	if (one) return {refused: `Not all queues are known yet, and another one may be called ${name}: name it in full, ${one.id}`};
	return {refused: `There is no queue ${name}${queues.length > 0 && queues.length <= 8 ? `: there are ${queues.map(({id}) => id).join(', ')}` : ''}`};
}

/** To be written to only where it is certain whose rules the queue lives by. */
export function writableQueue(state: ConsoleState, choice: Choice): QueueTarget | Refusal {
	const queue = chosenQueue(state, choice);
	if (isRefusal(queue)) return queue;
	const refused = whyNotWritable(queue);
	if (refused !== undefined) return {refused};
	return {base: queue.id, label: queueLabel(queue), major: queue.major === 'bull' ? 0 : Number(queue.major), db: state.session.target.db};
}

/** Newest major whose keys and scripts have been tried (facts/queues.md). */
const newestMajor = 6;
/** Oldest of them; 2 and older do not write which they are. */
const oldestMajor = 3;

function whyNotWritable({family, system, major, mixedMajors}: QueueStatus): string | undefined {
	if (family !== 'bull') return `Queues of ${system} are read, never written to`;
	if (major === undefined) return 'It cannot be told which major of BullMQ works on it, and each keeps its jobs differently';
	if (typeof major === 'number' && major > newestMajor) return `BullMQ ${major} is newer than what this program knows (${newestMajor})`;
	if (typeof major === 'number' && major < oldestMajor) return `BullMQ ${major} is older than what has been tried (${oldestMajor} to ${newestMajor})`;
	if (mixedMajors) return `Several majors work on it (${mixedMajors.evidence[0] ?? 'mixed'}): another write may lose jobs`;
	return undefined;
}

/** Finished jobs are kept alike by all majors that have been tried; of a newer one it is not known what else belongs to a job. */
export function whyNotCleanable({family, system, major}: QueueStatus): string | undefined {
	if (family !== 'bull') return `Queues of ${system} are read, never written to`;
	if (typeof major === 'number' && major > newestMajor) return `BullMQ ${major} is newer than what this program knows (${newestMajor})`;
	return undefined;
}

/** It is still there, and still the same library's. */
export function isSameQueue({base, major}: QueueTarget, {snapshot}: ConsoleState): Check {
	const queue = snapshot.queues.data?.find(({id}) => id === base);
	const now = queue && (queue.major === 'bull' ? 0 : queue.major);
	const reason = queue ? (whyNotWritable(queue) ?? 'Another version of the library has opened it meanwhile') : 'The queue has gone';
	return {
		label: major === 0 ? 'it is a queue of Bull' : `it is a queue of BullMQ ${major}`,
		ok: queue !== undefined && now === major && whyNotWritable(queue) === undefined,
		reason,
	};
}
