import type {Check} from '../../store/dialog.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatCount} from '../../text/format.ts';
import {scriptChecks, statusOf} from './queue-checks.ts';
import {isSameQueue, type QueueTarget} from './queue-target.ts';

/** `orders (BullMQ 5)`. */
export const queueFact = ({label, major}: QueueTarget) => ['queue', `${label} (${major === 0 ? 'Bull' : `BullMQ ${major}`})`] as const;

export function workersFact(state: ConsoleState, queue: QueueTarget) {
	const status = statusOf(queue, state);
	return [
		'workers',
		`${status?.workers === undefined ? 'none visible' : formatCount(status.workers)}${status?.paused === true ? ', the queue is paused' : ''}`,
	] as const;
}

/** When they will run. */
export const whenTheyRun = (state: ConsoleState, queue: QueueTarget): string =>
	statusOf(queue, state)?.paused === true ? 'the queue is paused: they wait until it is resumed' : 'idle workers take them at once';

/** `grows`: what the script does first takes memory, so that a full server refuses it. */
export const moveChecks = (queue: QueueTarget, now: ConsoleState, {grows = false} = {}): readonly Check[] => [
	...(grows ? [{label: 'there is memory for it', ok: now.snapshot.server.kind !== 'OOM', reason: 'Memory is full (OOM): the server refuses it'}] : []),
	...scriptChecks(now),
	isSameQueue(queue, now),
];
