import type {QueueStatus} from '../../queues/types.ts';
import {formatCount, formatSeconds, plural} from '../../text/format.ts';
import type {Span, Tone} from '../kit/line.ts';

type Note = Span & {readonly tone: Tone};

/** What is worth a line about a queue, the worst first; nothing where it just works. */
export function queueNotes(queue: QueueStatus, ascii: boolean): readonly Note[] {
	return [...dangers(queue, ascii), ...delays(queue, ascii), ...oddities(queue)];
}

/** A queue's place when only one can be spoken of. */
function severity(queue: QueueStatus): number {
	const weights: Readonly<Partial<Record<Tone, number>>> = {bad: 100, warn: 10};
	return queueNotes(queue, true).reduce((sum, {tone}) => sum + (weights[tone] ?? 1), 0);
}

/** The one with the most to say; of equals the first. Undefined: there is nothing to say of any. */
export function worstQueue(queues: readonly QueueStatus[]): QueueStatus | undefined {
	const rated = queues.map(queue => ({queue, severity: severity(queue)})).filter(each => each.severity > 0);
	return rated.toSorted((a, b) => b.severity - a.severity)[0]?.queue;
}

const bad = (text: string): Note => ({text, tone: 'bad'});
const warn = (text: string): Note => ({text, tone: 'warn'});
const info = (text: string): Note => ({text, tone: 'info'});

function dangers(queue: QueueStatus, ascii: boolean): readonly Note[] {
	const {mixedMajors, activeWithoutLock = 0, stalledCheckMs, active = 0, family, waiting = 0, workers} = queue;
	const notes: Note[] = [];
	if (mixedMajors)
		notes.push(bad(`two majors work on it: the next pause or resume can lose ${plural(mixedMajors.jobsAtRisk, 'job')}; ${mixedMajors.evidence.join('; ')}`));
	if (activeWithoutLock > 0)
		notes.push(bad(`${formatCount(activeWithoutLock)} active without lock, workers visible: ${workers === undefined ? 'none' : formatCount(workers)}`));
	if (family === 'bull' && stalledCheckMs === 0 && active > 0) notes.push(warn('no worker has looked for stalled jobs within its interval'));
	if (queue.paused === true) notes.push(warn(`paused: ${plural(waiting, 'job')} will wait until it is resumed`));
	else if (queue.drainSeconds === 'never')
		notes.push(warn(`it does not get shorter: ${rate(queue.addedPerSecond, ascii)} in, ${rate(queue.processedPerSecond, ascii)} out per second`));
	return notes;
}

const rate = (perSecond: number | undefined, ascii: boolean): string =>
	perSecond === undefined ? formatCount(undefined, {ascii}) : perSecond.toFixed(1).replace(/\.0$/, '');

function delays(queue: QueueStatus, ascii: boolean): readonly Note[] {
	const {overdue = 0, oldestOverdueMs, rateLimitedMs = 0, missedSchedulers = 0, concurrency, active} = queue;
	const notes: Note[] = [];
	if (overdue > 0) {
		const oldest = oldestOverdueMs === undefined ? '' : `, the oldest by ${formatSeconds(Math.floor(oldestOverdueMs / 1000), {ascii})}`;
		notes.push(warn(`${formatCount(overdue)} of the delayed jobs are overdue${oldest}`));
	}
	if (rateLimitedMs > 0) notes.push(warn(`rate limited: no worker takes a job for another ${formatSeconds(rateLimitedMs / 1000, {ascii})}`));
	if (missedSchedulers > 0) notes.push(warn(`${plural(missedSchedulers, 'scheduler')} over a minute late`));
	if (concurrency !== undefined && active !== undefined && active >= concurrency)
		notes.push(info(`as many active as its limit for the whole queue allows: ${formatCount(concurrency)}`));
	return notes;
}

function oddities({orphans = 0, isGhost, unknown}: QueueStatus): readonly Note[] {
	const notes: Note[] = [];
	if (orphans > 0) notes.push(info(`${plural(orphans, 'id')} without a job at the ends of its lists`));
	if (isGhost) notes.push(info('nothing but settings: mostly a misspelt name'));
	for (const {command, reason} of unknown) notes.push(warn(`${command}: ${reason}`));
	return notes;
}
