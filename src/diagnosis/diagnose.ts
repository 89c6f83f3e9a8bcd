import type {Finding, Severity} from '../store/finding.ts';
import type {Snapshot} from '../store/snapshot.ts';
import type {ConsoleState} from '../store/store.ts';
import {accessRules} from './access-rules.ts';
import {clientBehaviourRules} from './client-behaviour-rules.ts';
import {clientRules} from './client-rules.ts';
import {clusterRules} from './cluster-rules.ts';
import {costRules} from './cost-rules.ts';
import {latencyRules} from './latency-rules.ts';
import {memoryRules} from './memory-rules.ts';
import {persistenceRules} from './persistence-rules.ts';
import type {QueueLinesOf} from './queue-lines.ts';
import {queueRules} from './queue-rules.ts';
import {replicationRules} from './replication-rules.ts';
import type {Rule} from './rule.ts';
import {sentinelRules} from './sentinel-rules.ts';
import {serverRules} from './server-rules.ts';
import {stepsByHand} from './steps.ts';
import type {Thresholds} from './thresholds.ts';

/** Every rule there is. Among findings of one severity this order is kept. */
export const rules: readonly Rule[] = [
	...serverRules,
	...sentinelRules,
	...clusterRules,
	...clientRules,
	...memoryRules,
	...persistenceRules,
	...replicationRules,
	...queueRules,
	...latencyRules,
	...clientBehaviourRules,
	...accessRules,
	...costRules,
];

const rank: Record<Severity, number> = {P0: 0, P1: 1, P2: 2};

export type DiagnoseOptions = {
	readonly table?: readonly Rule[];
	/** What the config file says of single queues. */
	readonly queueLinesOf?: QueueLinesOf;
};

const noLines: QueueLinesOf = () => undefined;

/** What is wrong now, worst first. Pure: the same state gives the same findings. */
export function diagnose(state: ConsoleState, thresholds: Thresholds, {table = rules, queueLinesOf = noLines}: DiagnoseOptions = {}): readonly Finding[] {
	const standing = new Map(state.findings.map(finding => [finding.id, finding]));
	const answers = answersOf(state.snapshot);
	const findings = worstFirst(
		table.flatMap(({id, needs, judge}) => {
			const stood = standing.get(id);
			if (needs === 'answers' && answers !== 'current') return answers === 'withheld' ? (stood ?? []) : [];
			const found = judge({state, thresholds, queueLinesOf, isStanding: stood !== undefined});
			return found ? [withSteps({id, ...found})] : [];
		}),
	);
	return saysTheSame(findings, state.findings) ? state.findings : findings;
}

/** Ids of the findings that can be found in this state of the server: none that needs figures of now where there are none. */
export function judgedIds({snapshot}: Pick<ConsoleState, 'snapshot'>): readonly string[] {
	const isCurrent = answersOf(snapshot) === 'current';
	return rules.filter(({needs}) => needs !== 'answers' || isCurrent).map(({id}) => id);
}

/** Of equals the order is kept. */
export const worstFirst = (findings: readonly Finding[]): readonly Finding[] => findings.toSorted((a, b) => rank[a.severity] - rank[b.severity]);

function withSteps(finding: Finding): Finding {
	const steps = finding.steps ?? stepsByHand[finding.id];
	return steps ? {...finding, steps} : finding;
}

/** Whether the figures known are those of now. A new connection may lead to a server that has been started anew: what was known counts no longer. */
function answersOf({server, contact, info}: Snapshot): 'current' | 'withheld' | 'none' {
	if (server.kind === 'BUSY' || server.kind === 'SILENT') return 'withheld';
	// Without INFO the rest can be judged all the same: a rule finds nothing in figures that are not there.
	const isRead = info.refused !== undefined || (info.updatedAtMs !== undefined && info.updatedAtMs >= contact.linkSinceMs);
	return contact.link === 'open' && isRead ? 'current' : 'none';
}

/** The same words are the same findings, so that nothing is drawn anew for them. */
export function saysTheSame(now: readonly Finding[], before: readonly Finding[]): boolean {
	return (
		now.length === before.length &&
		now.every(({id, title, evidence, severity}, index) => {
			const other = before[index];
			return other?.id === id && other.title === title && other.evidence === evidence && other.severity === severity;
		})
	);
}
