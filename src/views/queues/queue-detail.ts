import type {QueueStatus} from '../../queues/types.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import {type QueueItem, queueItems} from '../../store/lists/queue-list.ts';
import {shownQueue} from '../../store/opened-queue.ts';
import {queueLabel} from '../../store/queue-label.ts';
import {type ConsoleState, shownSnapshot} from '../../store/store.ts';
import {formatCount, formatRate, formatSeconds} from '../../text/format.ts';
import type {Detail, Facts} from '../kit/facts.ts';
import {drainText, isReadOnly, systemLabel} from './queue-words.ts';

/** The queue that is open, or else the one under the cursor. */
export function queueDetail(state: ConsoleState, ascii: boolean): Detail | undefined {
	const openId = shownQueue(state.ui)?.id;
	const open = shownSnapshot(state).queues.data?.find(({id}) => id === openId);
	const item = selectedItem<QueueItem>(state, 'queues', queueItems(state));
	const queue = open ?? item?.queue;
	const elsewhere: Facts = open || item?.node === undefined ? [] : [['node', `${item.node}${lookedAt(item, state.nowMs, ascii)}`]];
	return queue && {title: `Queue ${queueLabel(queue)}`, facts: [...elsewhere, ...queueFacts(queue, ascii)]};
}

const lookedAt = ({atMs}: QueueItem, nowMs: number, ascii: boolean): string =>
	atMs === undefined ? '' : `; looked at ${formatSeconds(Math.max(0, Math.floor((nowMs - atMs) / 1000)), {ascii})} ago`;

/** Every figure of a queue by its name, and why one is missing. */
export function queueFacts(queue: QueueStatus, ascii: boolean): Facts {
	return [...identityFacts(queue), ...countFacts(queue, ascii), ...flowFacts(queue, ascii), ...troubleFacts(queue, ascii)];
}

function identityFacts(queue: QueueStatus): Facts {
	const {id, major, isGhost} = queue;
	return [
		['system', systemLabel(queue)],
		['keys', id],
		...(isReadOnly(queue)
			? [['actions', `read-only: ${major === undefined && queue.family === 'bull' ? 'its library cannot be told' : 'this system is only read'}`] as const]
			: []),
		...(isGhost ? [['ghost', 'nothing but the settings that a library writes when a queue is opened: mostly a misspelt name'] as const] : []),
	];
}

function countFacts(queue: QueueStatus, ascii: boolean): Facts {
	const count = (value: number | undefined) => formatCount(value, {ascii});
	const {overdue = 0, oldestOverdueMs} = queue;
	const oldest = oldestOverdueMs === undefined ? '' : `, oldest ${formatSeconds(Math.floor(oldestOverdueMs / 1000), {ascii})}`;
	return [
		['paused', queue.paused === undefined ? 'not told' : queue.paused ? 'yes' : 'no'],
		['waiting', count(queue.waiting)],
		['active', count(queue.active)],
		['delayed', `${count(queue.delayed)}${overdue > 0 ? ` (${count(overdue)} overdue${oldest})` : ''}`],
		['prioritized', count(queue.prioritized)],
		['for children', count(queue.waitingChildren)],
		['failed', count(queue.failed)],
		['completed', count(queue.completed)],
	];
}

function flowFacts(queue: QueueStatus, ascii: boolean): Facts {
	const rate = (value: number | undefined) => formatRate(value, {ascii});
	const {nextJobAgeMs, concurrency} = queue;
	return [
		[
			'next job',
			nextJobAgeMs === undefined ? formatCount(undefined, {ascii}) : `could have run for ${formatSeconds(Math.floor(nextJobAgeMs / 1000), {ascii})}`,
		],
		['in', rate(queue.addedPerSecond)],
		['out', `${rate(queue.processedPerSecond)}, of these failed ${rate(queue.failedPerSecond)}`],
		['empty in', drainText(queue, ascii)],
		['workers', queue.workers === undefined ? 'none visible, which is not the same as none: only named connections show' : formatCount(queue.workers)],
		...(concurrency === undefined ? [] : [['at once', `at most ${formatCount(concurrency)} in the whole queue`] as const]),
	];
}

function troubleFacts(queue: QueueStatus, ascii: boolean): Facts {
	const {activeWithoutLock, activeWithoutLockIds: ids, mixedMajors, stalledCheckMs, rateLimitedMs, missedSchedulers, orphans, unknown} = queue;
	const stuck = activeWithoutLock === undefined ? 'not told' : `${formatCount(activeWithoutLock)}${ids.length > 0 ? `: ${ids.join(' ')}` : ''}`;
	return [
		['without lock', stuck],
		...(stalledCheckMs === undefined
			? []
			: [
					[
						'stalled check',
						stalledCheckMs === 0 ? 'no worker has looked within its interval' : `again in ${formatSeconds(stalledCheckMs / 1000, {ascii})}`,
					] as const,
				]),
		...(rateLimitedMs ? [['rate limited', `for another ${formatSeconds(rateLimitedMs / 1000, {ascii})}`] as const] : []),
		...(missedSchedulers === undefined ? [] : [['late schedulers', formatCount(missedSchedulers)] as const]),
		...(orphans === undefined ? [] : [['ids without job', formatCount(orphans)] as const]),
		...(mixedMajors ? [['mixed majors', `${formatCount(mixedMajors.jobsAtRisk)} jobs at risk: ${mixedMajors.evidence.join('; ')}`] as const] : []),
		...unknown.map(({command, reason}) => ['not read', `${command}: ${reason}`] as const),
	];
}
