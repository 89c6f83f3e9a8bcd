import {constants, createDeflateRaw, deflateRawSync, inflateRawSync} from 'node:zlib';
import {ByteReader, ByteWriter} from './bytes.ts';
import {DeltaReader} from './delta-reader.ts';
import {DeltaWriter} from './delta-writer.ts';
import {flushEnd} from './file-format.ts';
import type {Frame} from './recorded.ts';
import {withRows} from './table.ts';

/**
 * Frames that follow each other: all of the first one, of every other one what has changed. They share one deflate stream, which is flushed
 * after each. It is compressed beside the main thread.
 */
export class ChunkWriter {
	readonly startedAtMs: number;
	readonly #deltas = new DeltaWriter();
	readonly #deflate = createDeflateRaw({level: 9});
	#parts: Buffer[] = [];
	#before: Frame | undefined;
	#bytes = 0;

	constructor(startedAtMs: number) {
		this.startedAtMs = startedAtMs;
		this.#deflate.on('data', (part: Buffer) => this.#parts.push(part));
	}

	/** Before compression: what a reader has to go through to come to the end of the chunk. */
	get bytes(): number {
		return this.#bytes;
	}

	/** What was added last. */
	get before(): Frame | undefined {
		return this.#before;
	}

	/** The frame as the payload of a record. One at a time. */
	async add(frame: Frame): Promise<Buffer> {
		const delta = this.#deltas.diff(this.#before, frame);
		this.#before = frame;
		this.#bytes += delta.length;
		const head = new ByteWriter();
		head.count(delta.length);
		await this.#press(Buffer.concat([head.take(), delta]));
		const payload = Buffer.concat(this.#parts);
		this.#parts = [];
		return payload.subarray(0, payload.length - flushEnd.length);
	}

	close(): void {
		this.#deflate.close();
	}

	#press(bytes: Buffer): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#deflate.once('error', reject);
			this.#deflate.write(bytes);
			this.#deflate.flush(constants.Z_SYNC_FLUSH, () => {
				this.#deflate.off('error', reject);
				resolve();
			});
		});
	}
}

/** What a chunk comes to at most: more is no recording of ours. */
const largestChunkBytes = 2 ** 30;

/** Goes through the frames of a chunk: forward a delta at a time, back from the beginning. */
export class ChunkReader {
	readonly #bytes: Buffer;
	#deltas = new DeltaReader();
	#input: ByteReader;
	#next = 0;
	#frame: unknown;

	constructor(payloads: readonly Buffer[]) {
		const stream = Buffer.concat(payloads.flatMap(payload => [payload, flushEnd]));
		this.#bytes = inflateRawSync(stream, {finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: largestChunkBytes});
		this.#input = new ByteReader(this.#bytes);
	}

	/** `index` counts from 0, the first frame of the chunk. */
	frame(index: number): Frame {
		if (index < this.#next - 1) {
			this.#input = new ByteReader(this.#bytes);
			this.#deltas = new DeltaReader();
			this.#next = 0;
			this.#frame = undefined;
		}
		for (; this.#next <= index; this.#next++) this.#frame = this.#deltas.apply(this.#frame, this.#input.part(this.#input.count()));
		return withRows(this.#frame) as Frame;
	}
}

/** A change of the timeline stands alone: all of them are read when a file is opened. */
export const packed = (before: unknown, after: unknown): Buffer => deflateRawSync(new DeltaWriter().diff(before, after));

export const unpacked = (before: unknown, payload: Buffer): unknown =>
	withRows(new DeltaReader().apply(before, inflateRawSync(payload, {maxOutputLength: largestChunkBytes})));
