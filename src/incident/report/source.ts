import type {Recording} from '../recording/read-recording.ts';

/** What a report is made from: a recording, or what a live console has kept of its session. */
export type ReportSource = Pick<
	Recording,
	'file' | 'fromMs' | 'toMs' | 'isRedacted' | 'marks' | 'damage' | 'isCut' | 'chunkMoments' | 'at' | 'momentAt' | 'momentAfter'
>;
