import {bullFailures, sizedFields} from './bull-jobs.ts';
import type {SizedText} from './job-types.ts';
import {textsOf} from './replies.ts';
import {type Steps, together} from './steps.ts';
import type {FoundQueue} from './types.ts';

/** Failed jobs that say the same but for numbers, addresses and ids. */
export type FailureGroup = {
	/** The reason with what varies left out; names the group. */
	readonly shape: string;
	/** The reason of the newest of them, in full. */
	readonly example: string;
	readonly count: number;
	/** The newest first. */
	readonly jobIds: readonly string[];
	/** Of the jobs in it, the commonest first; at most three. */
	readonly jobNames: readonly string[];
	readonly newestMs: number;
	readonly oldestMs: number;
};

export type FailureSample = {
	/** The largest first. */
	readonly groups: readonly FailureGroup[];
	/** How many failed jobs were looked at, the newest first, and how many there are. */
	readonly lookedAt: number;
	readonly total: number | undefined;
};

const maxReasonBytes = 4096;

/** A failed job without its reason: its hash is gone, or the library wrote none. */
const noReason = '(no reason kept)';

/**
 * What failed jobs say, with numbers, addresses, ids and quoted texts left out: `connect ECONNREFUSED 10.0.3.17:5432` → `connect ECONNREFUSED #`.
 * Only the first line counts, and 200 characters of it.
 */
export function reasonShape(reason: string): string {
	const [line = ''] = reason.split('\n', 1);
	const words = line.slice(0, 200).split(' ');
	return words.map(word => (/\d/.test(word) ? word.replace(/[\w.:@/-]*\d[\w.:@/-]*/, '#') : word)).join(' ');
}

/** Group the newest failures of a BullMQ or Bull queue by reason. */
export function* failureGroups(queue: FoundQueue, count = 500): Steps<FailureSample> {
	const {ids, atMs, total} = yield* bullFailures(queue, count);
	const [reasons, names] = yield* together([
		sizedFields(
			ids.map(id => [`${queue.id}:${id}`, 'failedReason'] as const),
			maxReasonBytes,
		),
		namesOf(queue, ids),
	]);
	const failures = ids.map((id, index) => ({id, reason: describe(reasons[index]), name: names[index], atMs: atMs[index] ?? 0}));
	return {groups: groupFailures(failures), lookedAt: ids.length, total};
}

function* namesOf({id: base}: FoundQueue, ids: readonly string[]): Steps<readonly (string | undefined)[]> {
	return textsOf(yield ids.map(id => ['HGET', `${base}:${id}`, 'name']));
}

function describe(reason: SizedText | undefined): string {
	if (reason?.text !== undefined) return reason.text;
	return reason === undefined || reason.bytes === 0 ? noReason : `(a reason of ${Math.round(reason.bytes / 1024)} KB)`;
}

type Failure = {readonly id: string; readonly reason: string; readonly name: string | undefined; readonly atMs: number};

/** `failures`: the newest first. */
export function groupFailures(failures: readonly Failure[]): readonly FailureGroup[] {
	const byShape = new Map<string, Failure[]>();
	for (const failure of failures) {
		const shape = reasonShape(failure.reason);
		const members = byShape.get(shape);
		if (members) members.push(failure);
		else byShape.set(shape, [failure]);
	}
	return [...byShape]
		.map(([shape, members]) => ({
			shape,
			example: members[0]?.reason ?? '',
			count: members.length,
			jobIds: members.map(({id}) => id),
			jobNames: commonest(members.flatMap(({name}) => name ?? [])),
			newestMs: Math.max(...members.map(({atMs}) => atMs)),
			oldestMs: Math.min(...members.map(({atMs}) => atMs)),
		}))
		.sort((a, b) => b.count - a.count || (a.shape < b.shape ? -1 : 1));
}

function commonest(names: readonly string[]): readonly string[] {
	const counts = new Map<string, number>();
	for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
	return [...counts]
		.sort(([, a], [, b]) => b - a)
		.slice(0, 3)
		.map(([name]) => name);
}
