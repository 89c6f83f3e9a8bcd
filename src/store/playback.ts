import type {ServerState} from './server-state.ts';

/** What is shown is not the present: a recording, played. */
export type Playback = {
	/** `replay`: a file, and no server. `past`: the recording of the running session, looked back into. */
	readonly kind: 'replay' | 'past';
	/** The first and the last moment that were recorded. */
	readonly fromMs: number;
	readonly toMs: number;
	/** The moment that is shown. */
	readonly atMs: number;
	readonly isPlaying: boolean;
	/** Seconds of the recording that pass in one. */
	readonly speed: number;
	/** The time at which it is watched. */
	readonly watchedAtMs: number;
	/** Of `past`: how the server is then. */
	readonly present: ServerState | undefined;
};

/** Now, whatever moment is shown: news are of now. */
export const watchedAt = ({nowMs, playback}: {readonly nowMs: number; readonly playback: Playback | undefined}): number => playback?.watchedAtMs ?? nowMs;

/** Why nothing can be done here. */
export const playbackRefusal = ({kind}: Pick<Playback, 'kind'>): string =>
	kind === 'replay' ? 'This is a recording: nothing can be sent' : 'This is not now: Esc comes back to it';
