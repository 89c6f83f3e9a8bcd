import {pauseQueue} from '../../queues/lua/pause-queue.ts';
import {plural} from '../../text/format.ts';
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

/** Let workers take jobs again, and wake those that are idle. */
export const queueResume = defineAction<PausingTarget>({
	id: 'queue.resume',
	title: 'Resume the queue',
	danger: 'disruptive',
	pane: 'queues',
	doc: {
		sends: 'EVALSHA of a script that resumes as the library does (BullMQ 3 to 6, Bull), after SCRIPT LOAD and, where it is not database 0, SELECT',
		does: 'workers take jobs again, in their order; idle ones are woken at once',
		cost: 'one call below 1 ms; where both lists have many jobs, calls of 2,000 jobs below 5 ms',
		verify: 'the flag that the library obeys is gone, and no job is left in the list of a paused queue',
		undo: 'queue.pause',
	},

	on: 'a queue',
	target: pausingTarget,
	prepare: (target, state) => preparePausing(target, 'resumed', state),
	facts: pausingFacts,
	checks: (target, now) => pausingChecks(target, 'resumed', now),
	plan: target => pausingPlan(target, 'resumed'),
	needs: target => scriptNeeds(target, pauseQueue),
	work: target => pausingWork(target, 'resumed'),
	effect: ({major, workers, now}) => [
		`${plural(now.wait + now.paused + now.prioritized, 'job')} can be taken at once: expect a burst on whatever the workers use`,
		...(major < 6 ? ['the waiting jobs go from paused to wait in one step, in their order'] : []),
		...(workers === undefined ? ['no worker is in sight: perhaps nobody takes them'] : []),
	],
	affects: ({label, workers}) =>
		workers === undefined ? `the workers of ${label}, and what they call` : `${plural(workers, 'worker')} of ${label}, and what they call`,
	cost: target => pausingCost(target, 'resumed'),
	evidence: ['info'],

	verify: () => ({ok: false, detail: 'it has not been looked at'}),
	review: (target, done) => reviewPausing(target, 'resumed', done),
	undo: target => undoPausing(target, 'resumed'),
	explain: explainCall,
});
