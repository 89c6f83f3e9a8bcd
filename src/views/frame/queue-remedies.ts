import {shownQueue} from '../../store/opened-queue.ts';
import type {ConsoleState} from '../../store/store.ts';

/** What the chosen queue calls for, the most pressing first: these hints come before all others. Empty where no queue is chosen. */
export function queueRemedies({ui, snapshot, findings}: Pick<ConsoleState, 'ui' | 'snapshot' | 'findings'>): readonly string[] {
	if (ui.focus !== 'queues') return [];
	const id = shownQueue(ui)?.id ?? ui.panes.queues.selectedId;
	const queue = snapshot.queues.data?.find(other => other.id === id);
	if (!queue) return [];
	const {activeWithoutLock = 0, overdue = 0, failed = 0, completed = 0, paused, waiting = 0} = queue;
	// What has gone well is in the way of nobody, unless there is too little room.
	const isCrowded = findings.some(({remedies}) => remedies.includes('queue.clean'));
	return [
		activeWithoutLock > 0 && 'action.queue.recover-stalled',
		paused === true && waiting > 0 && 'action.queue.resume',
		overdue > 0 && 'action.queue.promote-overdue',
		failed > 0 && 'action.queue.retry-failed',
		(failed > 0 || (completed > 0 && isCrowded)) && 'action.queue.clean',
	].filter(command => command !== false);
}
