import type {Finding, Severity} from '../store/finding.ts';
import type {ConsoleState} from '../store/store.ts';
import {clientRules} from './client-rules.ts';
import type {Rule} from './rule.ts';
import {serverRules} from './server-rules.ts';
import type {Thresholds} from './thresholds.ts';

/** Every rule there is. Among findings of one severity this order is kept. */
export const rules: readonly Rule[] = [...serverRules, ...clientRules];

const rank: Record<Severity, number> = {P0: 0, P1: 1, P2: 2};

/** What is wrong now, worst first. Pure: the same state gives the same findings. */
export function diagnose(state: ConsoleState, thresholds: Thresholds, table: readonly Rule[] = rules): readonly Finding[] {
	const standing = new Set(state.findings.map(({id}) => id));
	const findings = table
		.flatMap(({id, judge}) => {
			const found = judge({state, thresholds, isStanding: standing.has(id)});
			return found ? [{id, ...found}] : [];
		})
		.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
	return saysTheSame(findings, state.findings) ? state.findings : findings;
}

/** The same words are the same findings, so that nothing is drawn anew for them. */
function saysTheSame(now: readonly Finding[], before: readonly Finding[]): boolean {
	return (
		now.length === before.length &&
		now.every(({id, title, evidence, severity}, index) => {
			const other = before[index];
			return other?.id === id && other.title === title && other.evidence === evidence && other.severity === severity;
		})
	);
}
