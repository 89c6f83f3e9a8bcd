import type {JobState} from '../../queues/job-types.ts';
import {jobPage, jobStates} from '../../queues/jobs.ts';
import type {FoundQueue} from '../../queues/types.ts';
import type {Plan} from '../../store/dialog.ts';
import {type MemoryItem, memoryItems} from '../../store/lists/memory-list.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import {type QueueItem, queueItems} from '../../store/lists/queue-list.ts';
import {type ScriptItem, scriptItems} from '../../store/lists/script-list.ts';
import {firstLook, type QueueView, shownQueue, shownRowIds} from '../../store/opened-queue.ts';
import {openFinding} from '../../store/remedies.ts';
import type {ConsoleState} from '../../store/store.ts';
import type {PaneName} from '../../store/ui.ts';

type PlanOf = (actionId: string) => Plan | undefined;

/** The command that what one looks at stands for: the dialog's, the remedy's, the client's kill, the slow command itself. */
export function literalCommand(state: ConsoleState, planOf: PlanOf): Plan | undefined {
	const {ui} = state;
	if (ui.dialog) return ui.dialog.request.plan;
	if (ui.overlay?.kind === 'finding') {
		const chosen = openFinding(state)?.chosen;
		return chosen && planOf(chosen.id);
	}
	return paneCommands[ui.focus]?.(state, planOf);
}

const paneCommands: Readonly<Partial<Record<PaneName, (state: ConsoleState, planOf: PlanOf) => Plan | undefined>>> = {
	scripts: scriptCommand,
	clients: (_state, planOf) => planOf('client.kill'),
	memory: memoryCommand,
	queues: queueCommand,
};

function scriptCommand(state: ConsoleState, planOf: PlanOf): Plan | undefined {
	const item = selectedItem<ScriptItem>(state, 'scripts', scriptItems(state));
	return item?.kind === 'entry' || item?.kind === 'large' ? [item.entry.args] : planOf('script.kill');
}

/** To look for oneself: what a large key takes. */
function memoryCommand(state: ConsoleState): Plan | undefined {
	const item = selectedItem<MemoryItem>(state, 'memory', memoryItems(state));
	return item?.kind === 'key' ? [['MEMORY', 'USAGE', item.key.name, 'SAMPLES', '5']] : undefined;
}

/** To look for oneself: at the job under the cursor, or at the list of which it is one. */
function queueCommand(state: ConsoleState): Plan | undefined {
	const view = shownQueue(state.ui);
	if (!view) {
		const item = selectedItem<QueueItem>(state, 'queues', queueItems(state));
		return item && listCommand(item.queue, firstLook(item.queue).state, 0);
	}
	const jobId = view.job?.id ?? shownRowIds(state).find(id => id === view.selectedId);
	const job = view.showsReasons || jobId === undefined ? undefined : jobCommand(view, jobId);
	return job ?? listCommand(view, view.state, view.from);
}

function jobCommand({id: base, family}: QueueView, jobId: string): Plan | undefined {
	if (family === 'bull') return [['HGETALL', `${base}:${jobId}`]];
	return family === 'bee-queue' ? [['HGET', `${base}:jobs`, jobId]] : undefined;
}

/** What is asked first for such a page: how many there are, then which. */
function listCommand({id, family}: Pick<FoundQueue, 'id' | 'family'>, state: JobState, from: number): Plan | undefined {
	if (!jobStates(family).includes(state)) return undefined;
	const asked = jobPage({id, family, system: 'bullmq', prefix: '', name: '', isAlone: false}, state, {from, count: 50}).next();
	const ids = asked.done === true ? undefined : asked.value[1];
	return ids && [ids];
}
