import {pauseQueue} from '../../queues/lua/pause-queue.ts';
import {formatCount, plural} from '../../text/format.ts';
import {defineAction} from '../define-action.ts';
import {
	type PausingTarget,
	pausingChecks,
	pausingCost,
	pausingFacts,
	pausingPlan,
	pausingTarget,
	pausingWork,
	preparePausing,
	reviewPausing,
	undoPausing,
} from './queue-pausing.ts';
import {explainCall} from './queue-script.ts';
import {scriptNeeds} from './script-needs.ts';

/** Let no worker take another job of the queue, by the rules of the library that works on it. */
export const queuePause = defineAction<PausingTarget>({
	id: 'queue.pause',
	title: 'Pause the queue',
	danger: 'disruptive',
	pane: 'queues',
	doc: {
		sends: 'EVALSHA of a script that pauses as the library does (BullMQ 3 to 6, Bull), after SCRIPT LOAD and, where it is not database 0, SELECT',
		does: 'workers take no further job; active ones go on to their end; what is added waits',
		cost: 'one call below 1 ms; where both lists have many jobs, calls of 2,000 jobs below 5 ms',
		verify: 'the flag that the library obeys is set, and no job is left where workers would take it',
		undo: 'queue.resume',
	},

	on: 'a queue',
	target: pausingTarget,
	prepare: (target, state) => preparePausing(target, 'paused', state),
	facts: pausingFacts,
	checks: (target, now) => pausingChecks(target, 'paused', now),
	plan: target => pausingPlan(target, 'paused'),
	needs: target => scriptNeeds(target, pauseQueue),
	work: target => pausingWork(target, 'paused'),
	effect: ({major, now}) => [
		`no worker takes another job${now.active > 0 ? `; ${formatCount(now.active)} active go on to their end` : ''}`,
		'what is added, retried or becomes due waits until it is resumed: the queue grows, and its memory with it',
		major < 6 ? 'the waiting jobs go from wait to paused in one step, in their order' : 'the waiting jobs stay where they are',
		...(now.delayed > 0 ? [`${formatCount(now.delayed)} delayed jobs wait too, once they are due`] : []),
	],
	affects: ({label, workers}) =>
		workers === undefined ? `who waits for the work of ${label}` : `${plural(workers, 'worker')} of ${label}, and who waits for their work`,
	cost: target => pausingCost(target, 'paused'),
	evidence: ['info'],

	verify: () => ({ok: false, detail: 'it has not been looked at'}),
	review: (target, done) => reviewPausing(target, 'paused', done),
	undo: target => undoPausing(target, 'paused'),
	explain: explainCall,
});
