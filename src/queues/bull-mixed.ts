import type {BullReplies} from './bull-reads.ts';
import type {MixedMajors, QueueStatus} from './types.ts';

type Traits = {
	readonly first: BullReplies;
	/** Jobs in `wait`, and in `paused`, without markers. */
	readonly wait: number;
	readonly paused: number;
	/** `meta.paused`, both before and after the lists were read. */
	readonly isFlagged: boolean;
	readonly major: QueueStatus['major'];
	readonly bullJobId: string | undefined;
};

const jobs = (count: number): string => (count === 1 ? '1 job' : `${count} jobs`);

/**
 * Signs that several majors work on the queue. BullMQ 5 and older, and Bull, rename `wait` to `paused` and back, over whatever is there; BullMQ 6
 * leaves the jobs in `wait` (facts/queues.md, fact 5; `pause-7.lua` of 5.81.5, `pause-5.lua` of Bull 4.16.5).
 */
export function mixedMajors(traits: Traits): MixedMajors | undefined {
	const {wait, paused, isFlagged} = traits;
	// `paused` was read on both sides of `wait`, so that a pause between two commands does not look like two lists.
	const isPausedFilled = paused > 0 && (traits.first.count('pausedAgain') ?? 0) > 0;
	const lists = isPausedFilled ? ofLists(traits) : ofWait(traits);
	const evidence = [...lists, ...ofBull(traits)];
	if (evidence.length === 0) return undefined;
	const overwritten = isFlagged ? wait : paused;
	return {jobsAtRisk: lists.length > 0 ? overwritten : 0, evidence};
}

function ofLists({wait, paused, isFlagged, major}: Traits): readonly string[] {
	if (wait > 0 && isFlagged) return [`${jobs(wait)} in wait and ${jobs(paused)} in paused: a resume by BullMQ 5 or older overwrites wait`];
	if (wait > 0) return [`${jobs(paused)} left in paused though the queue is not paused: nobody runs them, and a pause by BullMQ 5 or older overwrites them`];
	if (!isFlagged) return [`${jobs(paused)} left in paused though the queue is not paused: nobody runs them before a resume`];
	const isNew = typeof major === 'number' && major >= 6;
	return isNew ? [`${jobs(paused)} in paused, where BullMQ 6 puts none: paused by BullMQ 5 or older`] : [];
}

function ofWait({wait, isFlagged, major}: Traits): readonly string[] {
	const isOld = typeof major === 'number' && major < 6;
	if (!isFlagged || wait === 0 || !isOld) return [];
	return [`${jobs(wait)} in wait though BullMQ ${major} keeps them in paused: paused by BullMQ 6, and the next addition and resume by ${major} loses them`];
}

function ofBull({first, isFlagged, major, bullJobId}: Traits): readonly string[] {
	const evidence: string[] = [];
	if (bullJobId !== undefined && major !== 'bull') evidence.push(`job ${bullJobId} was written by Bull, in a queue that BullMQ has opened`);
	const isHalfPaused = isFlagged && first.count('pausedKey') === 0 && first.count('pausedKeyAgain') === 0;
	if (isHalfPaused && major === 'bull') evidence.push('paused by BullMQ alone: Bull goes on, as it obeys meta-paused only');
	return evidence;
}
