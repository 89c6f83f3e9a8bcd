import type {Severity} from '../../store/finding.ts';
import {severityRank} from '../../store/fleet.ts';
import {calmForMs} from '../../store/incident.ts';
import type {Observed} from './observe.ts';
import {type Span, type Stretch, union} from './spans.ts';

/** `monitoring`: nothing of P0 or P1 stands any more, and not yet for as long as an incident takes to be over. */
export type Status = 'none' | 'ongoing' | 'monitoring' | 'over';

/** The incident as a whole: from the first finding of P0 or P1 to the end of the last one. */
export type Course = {
	readonly status: Status;
	readonly severity: Severity | undefined;
	readonly fromMs: number;
	/** It stood at the first look, or so soon after it that it may have stood before. */
	readonly isBeginKnown: boolean;
	/** Undefined: it had not ended when the record did. */
	readonly toMs: number | undefined;
	/** When there was trouble; several where it was calm in between for as long as it takes to be over. */
	readonly stretches: readonly Stretch[];
};

/** What is found so soon after the first answer was there before anybody looked: rules need a few looks. */
const firstLooksMs = 10_000;
/** These are judged from a single answer, or from none. */
const atOnce = /^(?:server\.|script\.(?:busy|unkillable))/;

/** Undefined: no P0 and no P1 was seen. */
export function courseOf(spans: readonly Span[], {looks, source}: Pick<Observed, 'looks' | 'source'>): Course | undefined {
	const bad = spans.filter(({trouble}) => trouble !== undefined);
	const [first, ...later] = union(bad.flatMap(({trouble}) => trouble ?? []));
	if (!first) return undefined;
	const {toMs: endMs} = source;
	const stretches = [first, ...later];
	const toMs = stretches.at(-1)?.toMs;
	const firstAnswerMs = looks.find(({server}) => server.kind !== 'CONNECTING')?.atMs ?? source.fromMs;
	const beginners = bad.filter(({trouble}) => trouble?.fromMs === first.fromMs);
	const settledMs = firstAnswerMs + (beginners.every(({id}) => atOnce.test(id)) ? 0 : firstLooksMs);
	return {
		status: toMs === undefined ? 'ongoing' : endMs - toMs >= calmForMs ? 'over' : 'monitoring',
		severity: bad.map(({severity}) => severity).toSorted((a, b) => severityRank[b] - severityRank[a])[0],
		fromMs: first.fromMs,
		isBeginKnown: beginners.every(({isBeginKnown}) => isBeginKnown) && first.fromMs > settledMs,
		toMs,
		stretches: joined(stretches),
	};
}

/** A pause that is too short for an end belongs to the incident. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
	const kept: Stretch[] = [];
	for (const stretch of stretches) {
		const last = kept.at(-1);
		if (last?.toMs !== undefined && stretch.fromMs - last.toMs < calmForMs) kept[kept.length - 1] = {fromMs: last.fromMs, toMs: stretch.toMs};
		else kept.push(stretch);
	}
	return kept;
}
