import {formatMoment} from '../text/format.ts';
import {queueLabel} from './queue-label.ts';
import type {ConsoleState} from './store.ts';
import {offeredWaysBack, stillChanged, type WayBack} from './ways-back.ts';

/** Something that remains to be done when the incident is over. */
export type FollowUp = {
	readonly kind: 'outcome' | 'queue' | 'change' | 'finding';
	readonly text: string;
	/** How, where the console can. */
	readonly how: string | undefined;
};

/** What nobody knows the outcome of, what was changed and is still changed, and what is at risk now; in that order. */
export function followUps(state: ConsoleState): readonly FollowUp[] {
	return [...outcomes(state), ...changes(state), ...risks(state)];
}

/** Of this session, and what an earlier console has left open. */
function outcomes({timeline}: ConsoleState): readonly FollowUp[] {
	return timeline
		.filter(({kind, outcome}) => kind === 'action' && (outcome === 'unknown' || outcome === 'unverified'))
		.map(({text}) => ({kind: 'outcome', text, how: 'look at the server what became of it'}));
}

const pauseAction = 'queue.pause';

function changes(state: ConsoleState): readonly FollowUp[] {
	return offeredWaysBack(stillChanged(state.waysBack, state.snapshot.settings.data), state.nowMs).flatMap((way): FollowUp | readonly FollowUp[] => {
		if (way.done === pauseAction) return pausedQueue(way, state) ?? [];
		const refusal = state.undos.find(({auditId}) => auditId === way.auditId)?.refusal;
		return {
			kind: 'change',
			text: `${way.done} was changed at ${formatMoment(way.atMs, state.nowMs)} by ${way.operator} and is not taken back`,
			how: refusal === undefined ? `palette: undo ${way.done}, ${way.title}` : `not now: ${refusal}`,
		};
	});
}

/** Undefined where the queue is seen to run again, whoever has resumed it. */
function pausedQueue({choice, atMs, operator}: WayBack, {snapshot, nowMs}: ConsoleState): FollowUp | undefined {
	const [name = '?'] = choice.on;
	const queue = snapshot.queues.data?.find(each => each.id === name || queueLabel(each) === name);
	if (queue?.paused === false) return undefined;
	const text = `queue ${name} was paused at ${formatMoment(atMs, nowMs)} by ${operator}`;
	return {kind: 'queue', text, how: `palette: undo ${pauseAction}`};
}

function risks({findings}: ConsoleState): readonly FollowUp[] {
	return findings.filter(({severity}) => severity === 'P2').map(({id, title}) => ({kind: 'finding', text: `P2 ${id}: ${title}`, how: undefined}));
}
