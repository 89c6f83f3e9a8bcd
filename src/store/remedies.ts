import type {Finding} from './finding.ts';
import {queueLabel} from './queue-label.ts';
import {answersReads} from './server-state.ts';
import type {ActionStatus, ConsoleState} from './store.ts';
import type {Overlay} from './ui.ts';

/** The finding that is open, with what the console can do about it. */
export type OpenFinding = {
	readonly finding: Finding;
	/** From 1. */
	readonly position: number;
	readonly count: number;
	/** Those of its remedies that this console has, the one to try first in front. */
	readonly remedies: readonly ActionStatus[];
	readonly chosen: ActionStatus | undefined;
};

/** Undefined: none is open, or it has ended. */
export function openFinding({ui, findings, actions, snapshot}: Pick<ConsoleState, 'ui' | 'findings' | 'actions' | 'snapshot'>): OpenFinding | undefined {
	const {overlay} = ui;
	if (overlay?.kind !== 'finding') return undefined;
	const at = findings.findIndex(({id}) => id === overlay.findingId);
	const finding = findings[at];
	if (!finding) return undefined;
	const named = queuesOf({snapshot}, finding).length;
	// What a finding says of queues is meant for those that it names, wherever the cursor stands in their pane.
	const refusal = answersReads(snapshot.server) ? undefined : `The server is ${snapshot.server.kind}`;
	const remedies = finding.remedies
		.flatMap(id => actions.find(status => status.id === id) ?? [])
		.map(status =>
			status.pane === 'queues' && named > 0 && !status.isReadOnly ? {...status, refusal, needsChoice: refusal === undefined && named > 1} : status,
		);
	return {finding, position: at + 1, count: findings.length, remedies, chosen: remedies[Math.min(overlay.index, remedies.length - 1)]};
}

export type FindingOverlay = Extract<Overlay, {readonly kind: 'finding'}>;

/** One row: to the next remedy, and the text where there is none in that direction. A page: the text. */
export function stepInFinding(state: ConsoleState, overlay: FindingOverlay, rows: number): FindingOverlay {
	const count = openFinding(state)?.remedies.length ?? 0;
	const index = Math.min(overlay.index, Math.max(0, count - 1)) + rows;
	const isRemedy = Math.abs(rows) === 1 && index >= 0 && index < count;
	return isRemedy ? {...overlay, index} : {...overlay, offset: Math.max(0, overlay.offset + rows)};
}

/** The queues that a finding names, worst first. */
export function queuesOf({snapshot}: Pick<ConsoleState, 'snapshot'>, {components}: Finding): readonly string[] {
	const queues = snapshot.queues.data ?? [];
	return components.flatMap(name => queues.find(queue => queueLabel(queue) === name)?.id ?? []);
}

/** Who has looked at a lesser finding for so long without another key is shown the worst again. */
const walkedForMs = 30_000;

/** Which finding the strip shows: the open one, the one that `f` has just led to, else the worst. -1: there is none. */
export function shownFindingIndex({ui, findings, nowMs}: Pick<ConsoleState, 'ui' | 'findings' | 'nowMs'>): number {
	const {overlay, walked} = ui;
	const id = overlay?.kind === 'finding' ? overlay.findingId : walked && nowMs - walked.atMs < walkedForMs ? walked.findingId : undefined;
	const at = findings.findIndex(finding => finding.id === id);
	return at < 0 ? Math.min(0, findings.length - 1) : at;
}
