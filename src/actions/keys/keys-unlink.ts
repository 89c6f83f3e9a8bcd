import type {Check} from '../../store/dialog.ts';
import type {Component, ConsoleState} from '../../store/store.ts';
import {formatBytes, formatClock, formatCount, formatPercent, formatSeconds, plural} from '../../text/format.ts';
import {keyBytes} from '../../text/key-text.ts';
import {mayRun, serverAnswers, takesWrites} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import type {Reading} from '../trips.ts';
import {isRefusal, type Refusal, type Verdict} from '../types.ts';
import {type DryRun, dryRun, nearlyAll} from './dry-run.ts';
import {meaningOf} from './key-meaning.ts';
import {initialPattern, isDeclared, patternProblem} from './key-pattern.ts';
import {type KnownQueues, knownQueues} from './known-queues.ts';
import {microsPerScannedKey, pageOf, scanCommand, scanCount} from './scan-page.ts';
import {mostKeysAtOnce, unlinkBatch} from './unlink-rounds.ts';

type Target = {
	readonly pattern: string;
	readonly db: number;
	/** The config file says that it may be cleared. */
	readonly isDeclared: boolean;
	readonly isCluster: boolean;
	readonly queues: KnownQueues;
	readonly components: readonly Component[];
	/** Undefined until it has been counted. */
	readonly found: DryRun | undefined;
};

/** Delete the keys that a pattern names, a few at a time, after having counted them. */
export const keysUnlink = defineAction<Target>({
	id: 'keys.unlink',
	title: 'Delete keys by pattern',
	danger: 'destructive',
	pane: 'memory',
	doc: {
		sends: `SCAN 0 MATCH pattern COUNT n, then UNLINK of at most ${mostKeysAtOnce} keys that it named, then SCAN with the next cursor, in rounds (first SELECT db where that is not 0)`,
		does: 'deletes the keys that match; counts them first, with a sample, and refuses what matches everything or keys of queues, and where that cannot be told',
		cost: 'about 1.5 µs for each key of the database twice (counting, deleting) and 3 to 25 µs for each key deleted (a large string more: it is freed at once), in rounds below 2.5 ms',
		verify: 'counted again with SCAN: none is left but those that came since',
		undo: 'none: deleted keys are gone',
	},

	on: 'a key pattern',
	params: [{name: 'pattern', aliases: ['match', 'keys'], hint: 'as in rl:*', initial: initialPattern}],

	target(state, {on, set}) {
		if (on.length > 1) return {refused: 'One pattern at a time', needsInput: true};
		const pattern = on[0] ?? set.pattern ?? '';
		const problem = patternProblem(pattern, state);
		if (problem !== undefined) return {refused: problem, needsInput: true};
		const {session, snapshot} = state;
		return {
			pattern,
			db: session.target.db,
			isDeclared: isDeclared(pattern, state),
			isCluster: snapshot.info.data?.mode === 'cluster',
			queues: knownQueues(snapshot),
			components: session.components,
			found: undefined,
		};
	},

	*prepare(target, _state, pace): Reading<Target | Refusal> {
		const found = yield* dryRun(target, pace);
		if (isRefusal(found)) return found;
		if (nearlyAll(found) && !target.isDeclared) {
			const share = `${formatCount(found.matched)} of ${plural(found.totalKeys ?? 0, 'key')}`;
			return {
				refused: `${target.pattern} matches nearly everything here (${share}): name a smaller part, or declare it in the config file as a component that is clearable`,
			};
		}
		return {...target, found};
	},

	facts: (target, state) => factsOf(target, state),
	checks: (target, now) => checksOf(target, now),
	plan: ({pattern, db, found}) => [...(db === 0 ? [] : [['SELECT', String(db)]]), scanCommand('0', pattern, found?.scanCount ?? 0)],
	goesOn: ({isCluster}) =>
		`then ${isCluster ? 'UNLINK of each key that it names' : `UNLINK with up to ${mostKeysAtOnce} of the keys that it names`}, then SCAN with the next cursor, until that is 0`,
	// Of some users only some keys are: one that would be deleted tells.
	needs: ({found}) => (found?.askable === undefined ? [] : [['UNLINK', found.askable]]),
	work: target => {
		const {pattern, db, isCluster, queues, found} = target;
		return unlinkBatch({
			pattern,
			db,
			isCluster,
			queues,
			cleared: found?.cleared,
			scanCount: found?.scanCount ?? 50,
			total: found?.matched ?? 0,
			microsPerKey: found?.sample.microsPerKey ?? 1000,
		});
	},

	effect: ({pattern, found}) => [
		`${formatCount(found?.matched)} keys are deleted, and what comes to match meanwhile`,
		...meaningOf(pattern, found?.components ?? []),
	],
	affects: ({found}) => {
		const names = found?.components.map(({component}) => component.name) ?? [];
		return names.length > 0 ? names.join(', ') : 'every program that reads or writes these keys';
	},
	cost: ({found}) => costOf(found),
	evidence: ['info'],

	verify: (_target, {tally}) => ({ok: tally !== undefined, detail: `${formatCount(tally?.done)} keys were deleted`}),
	*review({pattern}, {tally}, pace): Reading<Verdict> {
		const done = `${plural(tally?.done ?? 0, 'key')} deleted`;
		const left = yield* countLeft(pattern, () => scanCount(pace));
		if (left instanceof Error) return {ok: false, detail: `${done}; whether some are left could not be read: ${left.message}`, isFinal: true};
		return {ok: true, detail: left === 0 ? `${done}, none that matches is left` : `${done}; ${formatCount(left)} that match now have come since`};
	},

	values: (_target, {snapshot}) => ({used_memory: snapshot.info.data?.usedMemoryBytes?.toString()}),
	undo: () => ({none: 'cannot be undone: deleted keys are gone'}),
});

function checksOf({pattern}: Target, now: ConsoleState): readonly Check[] {
	const {queueSearch} = now.snapshot;
	const owner = knownQueues(now.snapshot).ownerOfPattern(keyBytes(pattern));
	const isAllKnown = queueSearch.isComplete && queueSearch.unknown.length === 0;
	return [
		serverAnswers(now),
		takesWrites(now),
		{
			// The dry run looks at every matching key itself, so it may go on after a search that has not seen all; only it does not claim so.
			label: isAllKnown ? 'the queues are known' : 'the search for queues has ended; it has not seen all, the matching keys were looked at one by one',
			ok: queueSearch.endedAtMs !== undefined,
			reason: 'The search for queues has not ended yet: until then it is not known which keys are theirs',
		},
		{label: 'no queue has such keys', ok: owner === undefined, reason: `They are keys of the queue ${owner}`},
		mayRun(now, 'UNLINK'),
	];
}

function factsOf({pattern, db, found, isDeclared: declared, isCluster}: Target, {nowMs}: ConsoleState): readonly (readonly [string, string])[] {
	if (!found) return [['keys', pattern]];
	const {matched, totalKeys, examples, sample} = found;
	const bytes = sample.bytesPerKey === undefined ? '' : `, about ${formatBytes(sample.bytesPerKey * matched)}`;
	const ttl = sample.withoutTtl === undefined ? '' : `, ${formatPercent(sample.withoutTtl)} without TTL`;
	const share = totalKeys ? `${formatPercent(Math.min(1, matched / totalKeys))} of ${formatCount(totalKeys)} keys in db ${db}` : `in db ${db}`;
	const largest = sample.largestBytes === undefined ? '' : `; the largest of the sample has ${formatBytes(sample.largestBytes)}`;
	const types = sample.types.map(([type, part]) => `${type} ${formatPercent(part)}`).join(', ');
	return [
		['keys', `${pattern}   ${plural(matched, 'key')}${bytes}${ttl}`],
		['', `e.g. ${examples.join('  ')}`],
		['these are', `${share}${types === '' ? '' : `; ${types}`}${largest}`],
		['counted', `from ${formatClock(nowMs)} on; bytes, TTL and types from a sample of ${formatCount(found.sampled)}`],
		...(declared ? [['config', 'declared as clearable'] as const] : []),
		...(isCluster ? [['cluster', 'of this node only: the others keep theirs'] as const] : []),
	];
}

/** Of one core; what a batch takes while it runs. */
const share = 0.2;
/** Beside the server's time: onto our disk, the way there and back, the grain of the clock (bench:batches, a busy machine). */
const secondsPerRound = 0.008;

function costOf(found: DryRun | undefined): string {
	if (!found) return 'unknown';
	const {matched, totalKeys = 0} = found;
	const scans = Math.ceil(Math.max(totalKeys, matched) / found.scanCount);
	const rounds = scans + Math.max(Math.min(scans, matched), Math.ceil(matched / mostKeysAtOnce));
	const serverSeconds = (Math.max(totalKeys, matched) * microsPerScannedKey + matched * found.sample.microsPerKey) / 1e6;
	const allSeconds = serverSeconds / share + rounds * secondsPerRound;
	return `about ${plural(rounds, 'round')} below 2.5 ms, ${formatSeconds(Math.max(0.1, serverSeconds))} of server time over some ${formatSeconds(Math.max(0.1, allSeconds))}`;
}

function* countLeft(pattern: string, count: () => number): Reading<number | Error> {
	const bytes = keyBytes(pattern);
	let left = 0;
	for (let cursor: string | undefined = '0'; cursor !== undefined; ) {
		const looksAt = count();
		const replies: readonly unknown[] = yield {argvs: [scanCommand(cursor, bytes, looksAt)], micros: looksAt * microsPerScannedKey, encoding: 'bytes'};
		const page = pageOf(replies[0]);
		if (!page) return replies[0] instanceof Error ? replies[0] : new Error('SCAN was answered by no page');
		left += page.keys.length;
		cursor = page.next;
	}
	return left;
}
