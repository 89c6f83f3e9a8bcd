import {randomBytes} from 'node:crypto';
import {type Clock, type SleepSignal, Wake} from '../../clock.ts';
import type {ConsoleStore} from '../../store/store.ts';
import type {Timeline} from '../../store/timeline.ts';
import {ChunkWriter, packed} from './chunk.ts';
import {failureText, isForWantOfRoom, isTaken} from './file-failure.ts';
import {type About, fileStart, recordKinds, toBytes} from './file-format.ts';
import {growing} from './growing.ts';
import {defaultLimits, type Limits} from './limits.ts';
import {OutputFile} from './output-file.ts';
import {filePath, isRemoved, makePlace, makeRoom, type Owner, type Place} from './place.ts';
import {frameOf, type Recorded, recordedOf} from './recorded.ts';
import {createRedactor} from './redact-recorded.ts';

export type RecorderStatus =
	| {readonly kind: 'recording'; readonly file: string; readonly bytes: number}
	/** It could not be written; it is tried again. */
	| {readonly kind: 'stopped'; readonly file: string | undefined; readonly reason: string}
	/** It cannot be begun at all. */
	| {readonly kind: 'off'; readonly reason: string};

export type RecorderOptions = {
	readonly store: ConsoleStore;
	readonly clock: Clock;
	readonly place: Place;
	readonly version: string;
	/** Names of keys, clients, machines and people, arguments, job data and script texts are hashes. */
	readonly isRedacted: boolean;
	readonly signal: AbortSignal;
	/** Told when it begins, stops and goes on, and every ten seconds how large it is by now. */
	readonly onStatus: (status: RecorderStatus) => void;
	readonly limits?: Partial<Limits>;
	/** The process that writes. Without it the files of others are in use as long as they are written to. */
	readonly owner?: Owner;
};

export type Recorder = {
	/** After the signal: resolves when the last frame is written, or when the disk takes too long. */
	readonly settle: () => Promise<void>;
	/** The file being written; undefined while there is none. */
	readonly file: () => string | undefined;
};

/** Record the state of the console, once a second, until the signal. Never throws, and never keeps the console waiting. */
export function startRecorder(options: RecorderOptions): Recorder {
	const run = new Run(options);
	const ended = run.go();
	return {
		settle: async () => {
			const timer = new AbortController();
			await Promise.race([ended, options.clock.sleep(run.limits.settleMs, timer.signal)]);
			timer.abort();
		},
		file: () => run.file,
	};
}

const nobody: Owner = {pid: 0, isAlive: () => false};
const tellEveryMs = 10_000;
const tidyEveryMs = 3_600_000;

class Run {
	readonly limits: Limits;
	readonly #options: RecorderOptions;
	readonly #owner: Owner;
	/** What is written of a state: all of it, or with hashes in the place of names. Their secret lives and dies with this run. */
	readonly #shown: (recorded: Recorded) => Recorded;
	readonly #startedAtMs: number;
	/** Written by this run and not known to be deleted. */
	readonly #own: string[] = [];
	#number = 1;
	#output: OutputFile | undefined;
	#outputSinceMs = 0;
	#chunk: ChunkWriter | undefined;
	/** As it was last written. */
	#timeline: Timeline = [];
	#retryAtMs = 0;
	#tidyAtMs = 0;
	#isOff = false;
	#told: {readonly status: RecorderStatus; readonly atMs: number} | undefined;

	constructor(options: RecorderOptions) {
		this.#options = options;
		this.limits = {...defaultLimits, ...options.limits};
		this.#owner = options.owner ?? nobody;
		this.#shown = options.isRedacted ? createRedactor(randomBytes(32)) : recorded => recorded;
		this.#startedAtMs = options.clock.now();
	}

	get file(): string | undefined {
		return this.#output?.path;
	}

	async go(): Promise<void> {
		const {clock, signal} = this.#options;
		if (this.limits.firstMs > 0) await clock.sleep(this.limits.firstMs, signal);
		let dueAtMs = clock.now();
		while (!signal.aborted) {
			await this.#tick();
			if (this.#isOff) return;
			// What comes late, because the disk was slow, is not made up for: the next frame tells all that has changed.
			dueAtMs = Math.max(dueAtMs + this.limits.frameMs, clock.now());
			await clock.sleep(dueAtMs - clock.now(), signal);
		}
		this.#retryAtMs = 0;
		if (this.#told?.status.kind !== 'stopped') await this.#tick();
		this.#endChunk();
		await this.#closeOutput();
	}

	async #tick(): Promise<void> {
		if (this.#options.clock.now() < this.#retryAtMs) return;
		const watch = new Wake();
		void this.#sayWhenStuck(watch);
		try {
			await this.#write();
			this.#tell({kind: 'recording', file: this.file ?? '', bytes: this.#output?.size ?? 0});
		} catch (error) {
			await this.#fail(error);
		} finally {
			watch.abort();
		}
	}

	async #write(): Promise<void> {
		const {store, clock} = this.#options;
		await this.#tidy();
		// Read only now: whatever has taken its time, what is written is the present.
		const nowMs = clock.now();
		const recorded = this.#shown(recordedOf(store.getState()));
		if (this.#chunk && (nowMs - this.#chunk.startedAtMs >= this.limits.chunkMs || this.#chunk.bytes >= this.limits.chunkBytes)) this.#endChunk();
		const output = this.#output ?? (await this.#begin(nowMs));
		const isNew = output.size === 0;
		const records = [...(isNew ? [fileStart, this.#about(nowMs)] : []), ...this.#timelineRecord(recorded, nowMs), await this.#frameRecord(recorded, nowMs)];
		await output.append(Buffer.concat(records));
		this.#timeline = recorded.timeline;
	}

	async #begin(nowMs: number): Promise<OutputFile> {
		const {place, store, isRedacted} = this.#options;
		await makePlace(place);
		// The name of a server is one of the names that are not to be told.
		const label = isRedacted ? '' : store.getState().session.target.name;
		const path = filePath(place, {startedAtMs: this.#startedAtMs, label, pid: this.#owner.pid}, this.#number);
		const output = await OutputFile.create(path);
		this.#own.push(path);
		this.#number++;
		this.#output = output;
		this.#outputSinceMs = nowMs;
		this.#timeline = [];
		this.#endChunk();
		await this.#makeRoom(nowMs);
		return output;
	}

	#about(nowMs: number): Buffer {
		const {version, isRedacted} = this.#options;
		const about: About = {program: 'redis-triage', version, startedAtMs: nowMs, isRedacted};
		return toBytes({kind: recordKinds.about, atMs: nowMs, payload: Buffer.from(JSON.stringify(about))});
	}

	#timelineRecord({timeline}: Recorded, atMs: number): readonly Buffer[] {
		if (timeline === this.#timeline) return [];
		return [toBytes({kind: recordKinds.timeline, atMs, payload: packed(this.#timeline, timeline)})];
	}

	async #frameRecord(recorded: Recorded, atMs: number): Promise<Buffer> {
		const kind = this.#chunk ? recordKinds.delta : recordKinds.key;
		this.#chunk ??= new ChunkWriter(atMs);
		const frame = frameOf(recorded);
		const records: Buffer[] = [];
		for (const part of growing(frame, this.#chunk.before)) {
			const payload = await this.#chunk.add(part);
			records.push(toBytes({kind: records.length === 0 ? kind : recordKinds.delta, atMs, payload, isPart: part !== frame}));
		}
		return Buffer.concat(records);
	}

	/** Now and then: is the file still there, is it time for another one, and what can go? */
	async #tidy(): Promise<void> {
		const nowMs = this.#options.clock.now();
		const output = this.#output;
		if (output && (output.size >= this.limits.fileBytes || nowMs - this.#outputSinceMs >= this.limits.fileMs)) await this.#closeOutput();
		if (nowMs < this.#tidyAtMs || !this.#output) return;
		this.#tidyAtMs = nowMs + Math.min(tidyEveryMs, this.limits.retryMs);
		if (!(await this.#output.isInPlace())) await this.#closeOutput();
		await this.#makeRoom(nowMs);
	}

	async #makeRoom(nowMs: number): Promise<void> {
		await makeRoom(this.#options.place, this.limits, {current: this.file, own: this.#own, nowMs, owner: this.#owner});
	}

	async #closeOutput(): Promise<void> {
		const output = this.#output;
		this.#output = undefined;
		this.#endChunk();
		await output?.close().catch((error: unknown) => this.#tell({kind: 'stopped', file: output.path, reason: failureText(error)}));
	}

	#endChunk(): void {
		this.#chunk?.close();
		this.#chunk = undefined;
	}

	/** What was written in part is taken back, and after a while it is tried again: for want of room in the same file, else in a new one. */
	async #fail(error: unknown): Promise<void> {
		const {clock, place} = this.#options;
		const output = this.#output;
		this.#endChunk();
		this.#retryAtMs = clock.now() + this.limits.retryMs;
		if (isTaken(error) && !output) return this.#goAround(error);
		const goesOn = output !== undefined && (await isCutBack(output)) && output.size > 0 && isForWantOfRoom(error);
		if (output && !goesOn) await this.#leave(output);
		const where = output?.path ?? ('file' in place ? place.file : place.folder);
		this.#tell({kind: 'stopped', file: output?.path, reason: `${where}: ${failureText(error)}`});
	}

	/** Somebody else has a file of this name. One that was asked for by name is not written over. */
	#goAround(error: unknown): void {
		const {place} = this.#options;
		// Of further parts the name is ours to choose.
		this.#isOff = 'file' in place && this.#number === 1;
		this.#number++;
		this.#retryAtMs = 0;
		if (this.#isOff && 'file' in place) this.#tell({kind: 'off', reason: `${place.file}: ${failureText(error)}`});
	}

	/** A file in which there is nothing yet goes again. */
	async #leave(output: OutputFile): Promise<void> {
		const isEmpty = output.size === 0;
		await this.#closeOutput();
		if (isEmpty && (await isRemoved(output.path))) this.#number--;
	}

	async #sayWhenStuck(signal: SleepSignal): Promise<void> {
		await this.#options.clock.sleep(this.limits.patienceMs, signal);
		if (!signal.aborted) this.#tell({kind: 'stopped', file: this.file, reason: `the disk has not answered for ${this.limits.patienceMs / 1000} s`});
	}

	/** Once: the same again is no news, but for the size every now and then. */
	#tell(status: RecorderStatus): void {
		const atMs = this.#options.clock.now();
		const before = this.#told;
		if (before && isSameStatus(before.status, status) && (status.kind !== 'recording' || atMs - before.atMs < tellEveryMs)) return;
		this.#told = {status, atMs};
		this.#options.onStatus(status);
	}
}

function isSameStatus(before: RecorderStatus, now: RecorderStatus): boolean {
	if (before.kind === 'recording') return now.kind === 'recording' && before.file === now.file;
	return now.kind === before.kind && now.reason === before.reason;
}

async function isCutBack(output: OutputFile): Promise<boolean> {
	try {
		await output.cutBack();
		return true;
	} catch {
		// The file ends in a part of a record, as after a kill: whole ones go into another file.
		return false;
	}
}
