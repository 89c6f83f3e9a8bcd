import type {Severity} from '../../store/finding.ts';
import {severityRank} from '../../store/fleet.ts';
import {type ComponentImpact, type Impact, iso} from './incident-report.ts';
import type {Observed} from './observe.ts';
import {lengthMs, type Span, type Stretch, union} from './spans.ts';

type Trouble = {readonly span: Span; readonly stretch: Stretch};

/** Who was affected: the components of the config file by the findings of P0 and P1 that touched them. */
export function impactOf(observed: Pick<Observed, 'components' | 'touched' | 'looks' | 'source'>, spans: readonly Span[]): Impact {
	const {components, source} = observed;
	const troubles = spans.flatMap(span => (span.trouble ? [{span, stretch: span.trouble}] : []));
	return {
		components: components.flatMap(({name, impact}): ComponentImpact | readonly ComponentImpact[] => {
			const touching = troubles.filter(({span}) => isTouched(name, span, observed));
			return touching.length === 0 ? [] : {name, impact: impact ?? null, ...impactBy(touching, source.toMs)};
		}),
		configured: components.length,
		affected: affectedBy(troubles, observed),
	};
}

/** What was over before a frame was written is known by its name alone: of a queue it is not known whose it is, and the server is everybody's. */
function isTouched(component: string, {id}: Span, {touched}: Pick<Observed, 'touched'>): boolean {
	return touched.get(id)?.has(component) ?? (!touched.has(id) && !id.startsWith('queue.'));
}

function impactBy(troubles: readonly Trouble[], endMs: number): Omit<ComponentImpact, 'name' | 'impact'> {
	const stretches = union(troubles.map(({stretch}) => stretch));
	const [first, last] = [stretches[0], stretches.at(-1)];
	const ids = [...new Set(troubles.map(({span}) => span.id))];
	return {
		severity: worstOf(troubles),
		from: iso(first?.fromMs ?? endMs),
		to: last?.toMs === undefined ? null : iso(last.toMs),
		seconds: lengthMs(stretches, endMs) / 1000,
		findings: ids
			.map(id => {
				const own = troubles.filter(({span}) => span.id === id);
				const ownMs = lengthMs(
					own.map(({stretch}) => stretch),
					endMs,
				);
				return {id, severity: worstOf(own), seconds: ownMs / 1000};
			})
			.toSorted((a, b) => severityRank[b.severity] - severityRank[a.severity] || b.seconds - a.seconds),
	};
}

const worstOf = (troubles: readonly Trouble[]): Severity =>
	troubles.map(({span}) => span.severity).reduce((a, b) => (severityRank[a] >= severityRank[b] ? a : b), 'P2');

/** In the order in which they were first named. */
function affectedBy(troubles: readonly Trouble[], {looks}: Pick<Observed, 'looks'>): readonly string[] {
	const ids = new Set(troubles.map(({span}) => span.id));
	const named = looks.flatMap(({findings}) => findings.filter(({id, severity}) => severity !== 'P2' && ids.has(id)).flatMap(({components}) => components));
	return [...new Set(named)];
}
