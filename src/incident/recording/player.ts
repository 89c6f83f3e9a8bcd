import type {Playback} from '../../store/playback.ts';
import {subjectParts} from '../../store/timeline.ts';
import type {Recording} from './read-recording.ts';
import type {Recorded} from './recorded.ts';
import type {Mark} from './timeline-track.ts';

/** A console that was stopped (Ctrl-Z) goes on where it was. */
const longestPassMs = 2000;

const speeds = [0.5, 1, 2, 5, 10, 30, 60, 300] as const;

/** Of a finding's event, the finding: `script.busy@10.0.0.9:6379` of `script.busy@10.0.0.9:6379!P0`. */
const findingOf = ({subject = ''}: Mark): string => subjectParts(subject)[0];

/** A recording and where one is in it. Time passes only while it plays, as fast as `speed` says. */
export class Player {
	readonly recording: Recording;
	readonly #now: () => number;
	#atMs: number;
	#speed = 1;
	/** The clock at the last look while it plays; undefined: it stands still. */
	#playingSinceMs: number | undefined;

	constructor(recording: Recording, atMs: number, now: () => number) {
		this.recording = recording;
		this.#now = now;
		this.#atMs = this.#within(atMs);
	}

	get atMs(): number {
		return this.#atMs;
	}

	get isPlaying(): boolean {
		return this.#playingSinceMs !== undefined;
	}

	get speed(): number {
		return this.#speed;
	}

	/** The whole state at that moment; a stopwatch in it runs on between two frames. */
	get shown(): Recorded {
		const recorded = this.recording.at(this.#atMs);
		const nextMs = this.recording.momentAfter(this.#atMs);
		const nowMs = nextMs === undefined ? recorded.nowMs : Math.min(this.#atMs, nextMs - 1);
		return {...recorded, nowMs: Math.max(recorded.nowMs, nowMs)};
	}

	position(): Pick<Playback, 'fromMs' | 'toMs' | 'atMs' | 'isPlaying' | 'speed'> {
		const {fromMs, toMs} = this.recording;
		return {fromMs, toMs, atMs: this.#atMs, isPlaying: this.isPlaying, speed: this.#speed};
	}

	seek(atMs: number): void {
		this.#atMs = this.#within(atMs);
		if (this.isPlaying) this.#playingSinceMs = this.#now();
	}

	/** Play, from the beginning if it has come to the end; or stand still. */
	toggle(): void {
		this.pass();
		if (this.isPlaying) this.#playingSinceMs = undefined;
		else {
			if (this.#atMs >= this.recording.toMs) this.#atMs = this.recording.fromMs;
			this.#playingSinceMs = this.#now();
		}
	}

	/** The next faster speed (1), or the next slower one (-1). */
	change(step: 1 | -1): void {
		this.pass();
		const next = speeds[speeds.indexOf(this.#speed as (typeof speeds)[number]) + step];
		this.#speed = next ?? this.#speed;
	}

	/** Let the time pass that has passed; at its end it stops. */
	pass(): void {
		if (this.#playingSinceMs === undefined) return;
		const nowMs = this.#now();
		this.#atMs = this.#within(this.#atMs + Math.min(Math.max(0, nowMs - this.#playingSinceMs), longestPassMs) * this.#speed);
		this.#playingSinceMs = this.#atMs >= this.recording.toMs ? undefined : nowMs;
	}

	/** Go to the first moment at which the next finding is there; its name in the timeline, or undefined where none comes any more. */
	toNextFinding(): string | undefined {
		const shownMs = this.recording.momentAt(this.#atMs);
		const mark = this.recording.marks.find(({kind, atMs}) => kind === 'found' && this.#seenFrom(atMs) > shownMs);
		if (!mark) return undefined;
		this.seek(this.#seenFrom(mark.atMs));
		return findingOf(mark);
	}

	/** The first moment that shows what happened then. */
	#seenFrom(ms: number): number {
		const atMs = this.recording.momentAt(ms);
		return atMs >= ms ? atMs : (this.recording.momentAfter(ms) ?? this.recording.toMs);
	}

	#within(ms: number): number {
		return Math.min(Math.max(ms, this.recording.fromMs), this.recording.toMs);
	}
}
