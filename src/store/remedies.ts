import type {Finding} from './finding.ts';
import type {ActionStatus, ConsoleState} from './store.ts';

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
export function openFinding({ui, findings, actions}: Pick<ConsoleState, 'ui' | 'findings' | 'actions'>): OpenFinding | undefined {
	const {overlay} = ui;
	if (overlay?.kind !== 'finding') return undefined;
	const at = findings.findIndex(({id}) => id === overlay.findingId);
	const finding = findings[at];
	if (!finding) return undefined;
	const remedies = finding.remedies.flatMap(id => actions.find(status => status.id === id) ?? []);
	return {finding, position: at + 1, count: findings.length, remedies, chosen: remedies[Math.min(overlay.index, remedies.length - 1)]};
}
