import type {Timeline, TimelineEvent} from '../../store/timeline.ts';
import {unpacked} from './chunk.ts';
import type {FileRecord} from './file-format.ts';
import {lastAtOrBefore} from './search.ts';

/** A moment to go to. */
export type Mark = Pick<TimelineEvent, 'atMs' | 'kind' | 'severity' | 'text' | 'subject'>;

/** Every so many changes the timeline is kept, so that none is far from one that is. */
const keptEvery = 64;

/** The timeline at every moment of a recording, and all that it has told: also what has been pushed out of it since. */
export class TimelineTrack {
	readonly marks: readonly Mark[];
	readonly #changes: readonly FileRecord[];
	readonly #moments: readonly number[];
	readonly #kept: Timeline[] = [];
	#index = -1;
	#timeline: Timeline = [];

	constructor(changes: readonly FileRecord[]) {
		this.#changes = changes;
		this.#moments = changes.map(({atMs}) => atMs);
		const told = new Map<number, TimelineEvent>();
		for (let index = 0; index < changes.length; index++) {
			const before = this.#timeline;
			const after = this.#go(index);
			if (index % keptEvery === 0) this.#kept.push(after);
			tell(told, before, after);
		}
		this.marks = [...told.values()].map(({atMs, kind, severity, text, subject}) => ({
			atMs,
			kind,
			severity,
			text,
			...(subject === undefined ? {} : {subject}),
		}));
	}

	at(ms: number): Timeline {
		return this.#go(lastAtOrBefore(this.#moments, ms));
	}

	#go(index: number): Timeline {
		if (index < this.#index || index - this.#index > keptEvery) {
			const kept = Math.floor(index / keptEvery);
			this.#timeline = this.#kept[kept] ?? [];
			this.#index = index < 0 ? -1 : kept * keptEvery;
		}
		while (this.#index < index) {
			this.#index++;
			this.#timeline = unpacked(this.#timeline, this.#changes[this.#index]?.payload ?? Buffer.alloc(0)) as Timeline;
		}
		return this.#timeline;
	}
}

/** What has been taken out again, as it was back at once, is told no more; what was only pushed out by newer events has happened all the same. */
function tell(told: Map<number, TimelineEvent>, before: Timeline, after: Timeline): void {
	const standing = new Set(after);
	const oldestId = after[0]?.id ?? Number.POSITIVE_INFINITY;
	for (const event of before) if (!standing.has(event) && event.id >= oldestId) told.delete(event.id);
	const stood = new Set(before);
	for (const event of after) if (!stood.has(event)) told.set(event.id, event);
}
