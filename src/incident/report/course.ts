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
	/** It did not stand in the first sample that was answered. */
	readonly isBeginKnown: boolean;
	/** It was found so soon after that sample that it may have stood before. */
	readonly isNearFirstLook: boolean;
	/** Undefined: it had not ended when the record did. */
	readonly toMs: number | undefined;
	/** When there was trouble; several where it was calm in between for as long as it takes to be over. */
	readonly stretches: readonly Stretch[];
};

/** What is found so soon after the first answer may have been there before anybody looked: rules need a few looks. */
const firstLooksMs = 10_000;
/** These are judged from a single answer, or from none. */
const atOnce = /^(?:server\.|script\.(?:busy|unkillable))/;

/** Undefined: no P0 and no P1 was seen. */
export function courseOf(spans: readonly Span[], observed: Pick<Observed, 'looks' | 'source' | 'events'>): Course | undefined {
	const bad = spans.filter(({trouble}) => trouble !== undefined);
	const [first, ...later] = union(bad.flatMap(({trouble}) => trouble ?? []));
	if (!first) return undefined;
	const {toMs: endMs} = observed.source;
	const stretches = [first, ...later];
	const toMs = stretches.at(-1)?.toMs;
	const answeredMs = firstAnswerMs(observed);
	const beginners = bad.filter(({trouble}) => trouble?.fromMs === first.fromMs);
	const isBeginKnown = beginners.every(span => span.isBeginKnown) && first.fromMs > answeredMs;
	const needsLooks = beginners.every(({id}) => !atOnce.test(id));
	return {
		status: toMs === undefined ? 'ongoing' : endMs - toMs >= calmForMs ? 'over' : 'monitoring',
		severity: bad.map(({severity}) => severity).toSorted((a, b) => severityRank[b] - severityRank[a])[0],
		fromMs: first.fromMs,
		isBeginKnown,
		isNearFirstLook: isBeginKnown && needsLooks && first.fromMs <= answeredMs + firstLooksMs,
		toMs,
		stretches: joined(stretches),
	};
}

/** The timeline knows it where it has the beginning of the session; a recording may begin after that. */
function firstAnswerMs({looks, source, events}: Pick<Observed, 'looks' | 'source' | 'events'>): number {
	const connected = events.find(({kind, subject}) => kind === 'state' && subject?.startsWith('CONNECTING>'));
	const firstStateMs = events.find(({kind}) => kind === 'state')?.atMs;
	if (connected && connected.atMs === firstStateMs) return connected.atMs;
	return looks.find(({server}) => server.kind !== 'CONNECTING')?.atMs ?? source.fromMs;
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
