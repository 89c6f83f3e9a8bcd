import {readFile} from 'node:fs/promises';
import {UsageError} from '../../errors.ts';
import {ChunkReader} from './chunk.ts';
import {readingFailure} from './file-failure.ts';
import {type About, type FileRecord, recordKinds, type Scan, scan, startOf} from './file-format.ts';
import {type Frame, type Recorded, recordedFrom} from './recorded.ts';
import {lastAtOrBefore} from './search.ts';
import {type Mark, TimelineTrack} from './timeline-track.ts';

/** Up to where a damaged file can be read, and why not further. */
type Damage = {readonly atByte: number; readonly ofBytes: number; readonly afterMs: number; readonly reason: string};

export type Recording = {
	readonly file: string;
	/** Of the program that wrote it. */
	readonly version: string;
	readonly fromMs: number;
	readonly toMs: number;
	readonly isRedacted: boolean;
	/** How many moments it holds. */
	readonly frames: number;
	/** Moments that are found at once: from them to the next of these a reader has to go step by step. */
	readonly chunkMoments: readonly number[];
	/** What has happened, in order; of what had happened before the file was begun, as much as the timeline still held. */
	readonly marks: readonly Mark[];
	readonly damage: Damage | undefined;
	/** The last moment is not whole: the file is still being written, or its writer was killed. What is whole is there. */
	readonly isCut: boolean;
	/** The last frame at or before that moment; for an earlier one the first. */
	readonly at: (ms: number) => Recorded;
	/** When the frame that `at` gives was taken, the one before it, and the one after it; undefined where there is none. */
	readonly momentAt: (ms: number) => number;
	readonly momentBefore: (ms: number) => number | undefined;
	readonly momentAfter: (ms: number) => number | undefined;
};

/** @throws UsageError where it is none, or holds nothing */
export async function openRecording(file: string): Promise<Recording> {
	return recordingIn(file, await contentOf(file));
}

/** The recording that these bytes are. `file` is where they come from, for messages. */
export function recordingIn(file: string, bytes: Buffer): Recording {
	const start = startOf(bytes);
	if (start === 'empty') throw new UsageError(`${file} is empty: nothing was recorded`);
	if (start === 'other') throw new UsageError(`${file} is not a recording of redis-triage`);
	if (start !== 'ok') throw new UsageError(`${file} was written by another version of redis-triage (format ${start.version}): this one cannot read it`);
	return toRecording(file, bytes.length, scan(bytes));
}

async function contentOf(file: string): Promise<Buffer> {
	try {
		return await readFile(file);
	} catch (error) {
		throw new UsageError(`${file} cannot be read: ${readingFailure(error)}`);
	}
}

function toRecording(file: string, ofBytes: number, {records, isCut, wrong}: Scan): Recording {
	const about = aboutIn(file, records, wrong);
	const frames = new FrameTrack(records.filter(({kind}) => kind === recordKinds.key || kind === recordKinds.delta));
	const {moments} = frames;
	const [fromMs, toMs] = [moments[0], moments.at(-1)];
	if (fromMs === undefined || toMs === undefined) throw new UsageError(`${file} holds no moment yet${wrong ? ` (${wrong.reason})` : ''}`);
	const timeline = new TimelineTrack(records.filter(({kind}) => kind === recordKinds.timeline));
	const indexAt = (ms: number) => Math.max(0, lastAtOrBefore(moments, ms));
	return {
		file,
		version: about.version,
		fromMs,
		toMs,
		isRedacted: about.isRedacted,
		frames: moments.length,
		chunkMoments: frames.chunkMoments,
		marks: timeline.marks,
		damage: wrong && {...wrong, ofBytes, afterMs: toMs},
		isCut: isCut || frames.endsInPart,
		at: ms => ({...recordedFrom(frames.frame(indexAt(ms))), timeline: timeline.at(Math.max(fromMs, ms))}),
		momentAt: ms => moments[indexAt(ms)] ?? fromMs,
		momentBefore: ms => moments[indexAt(ms) - 1],
		momentAfter: ms => moments[indexAt(ms) + 1],
	};
}

function aboutIn(file: string, [first]: readonly FileRecord[], wrong: Scan['wrong']): About {
	if (first?.kind === recordKinds.about) return JSON.parse(first.payload.toString('utf8')) as About;
	throw new UsageError(`${file} holds no moment yet${wrong ? ` (${wrong.reason})` : ''}`);
}

/** The chunks in sight: the one that is looked at, and the one before it for steps to and fro over the border. */
const keptChunks = 2;

/** The moments of a file: which frame shows each, which chunk that is in, and the chunks that were looked at last. */
class FrameTrack {
	readonly moments: readonly number[];
	/** Moments that are the first whole ones of their chunks. */
	readonly chunkMoments: readonly number[];
	/** A moment that is not whole stands at the end: it is not among `moments`. */
	readonly endsInPart: boolean;
	readonly #records: readonly FileRecord[];
	/** Indexes of the frames that show the moments. */
	readonly #shown: readonly number[];
	/** Indexes of the frames with which chunks begin. */
	readonly #begins: readonly number[];
	readonly #chunks = new Map<number, ChunkReader>();

	/** `records`: those of frames. What comes before the first chunk cannot be read. */
	constructor(records: readonly FileRecord[]) {
		const first = records.findIndex(({kind}) => kind === recordKinds.key);
		this.#records = first < 0 ? [] : records.slice(first);
		const whole = [...this.#records.keys()].filter(index => this.#records[index]?.isPart !== true);
		// Files have been written in which parts are not marked: of one moment the last frame is the whole one.
		this.#shown = whole.filter((index, place) => this.#atMs(index) !== this.#atMs(whole[place + 1]));
		this.moments = this.#shown.flatMap(index => this.#atMs(index) ?? []);
		this.#begins = this.#records.flatMap(({kind}, index) => (kind === recordKinds.key ? [index] : []));
		this.chunkMoments = this.#shown.flatMap((index, place) =>
			this.#chunkOf(index) === this.#chunkOf(this.#shown[place - 1]) ? [] : (this.#atMs(index) ?? []),
		);
		this.endsInPart = this.#records.at(-1)?.isPart === true;
	}

	frame(moment: number): Frame {
		const index = this.#shown[moment] ?? 0;
		const chunk = this.#chunkOf(index);
		return this.#chunk(chunk).frame(index - (this.#begins[chunk] ?? 0));
	}

	#atMs(index: number | undefined): number | undefined {
		return index === undefined ? undefined : this.#records[index]?.atMs;
	}

	#chunkOf(index = -1): number {
		return lastAtOrBefore(this.#begins, index);
	}

	#chunk(number: number): ChunkReader {
		const known = this.#chunks.get(number);
		const chunk = known ?? new ChunkReader(this.#records.slice(this.#begins[number], this.#begins[number + 1]).map(({payload}) => payload));
		// The one used last stands last, and the first is the one to go.
		this.#chunks.delete(number);
		this.#chunks.set(number, chunk);
		if (this.#chunks.size > keptChunks) for (const oldest of [...this.#chunks.keys()].slice(0, -keptChunks)) this.#chunks.delete(oldest);
		return chunk;
	}
}
