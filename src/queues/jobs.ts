import {beeJobDetail, beeJobPage, beeJobStates} from './bee-jobs.ts';
import {bullJobDetail, bullJobPage, bullJobStates} from './bull-jobs.ts';
import type {JobDetail, JobPage, JobState, PageOptions} from './job-types.ts';
import {hasPayloads, payloadPage} from './payload-jobs.ts';
import type {Steps} from './steps.ts';
import type {FoundQueue, QueueFamily} from './types.ts';

const waitingOnly: readonly JobState[] = ['waiting'];
const noStates: readonly JobState[] = [];

/** The states whose jobs can be listed; none for systems of which only figures are read. */
export function jobStates(family: QueueFamily): readonly JobState[] {
	if (family === 'bull') return bullJobStates;
	if (family === 'bee-queue') return beeJobStates;
	return hasPayloads(family) ? waitingOnly : noStates;
}

/** A page of jobs in one of `jobStates`. */
export function jobPage(queue: FoundQueue, state: JobState, options: PageOptions): Steps<JobPage> {
	if (queue.family === 'bull') return bullJobPage(queue, state, options);
	return queue.family === 'bee-queue' ? beeJobPage(queue, state, options) : payloadPage(queue, options);
}

/** Whether a job can be opened, and failures grouped. */
export const hasJobDetail = (family: QueueFamily): boolean => family === 'bull' || family === 'bee-queue';

/** All about one job; undefined when it is gone. Only where `hasJobDetail`. */
export function jobDetail(queue: FoundQueue, jobId: string): Steps<JobDetail | undefined> {
	return queue.family === 'bee-queue' ? beeJobDetail(queue, jobId) : bullJobDetail(queue, jobId);
}
