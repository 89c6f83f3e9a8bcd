/** How often, and how much. */
export type Limits = {
	/** From one frame to the next. */
	readonly frameMs: number;
	/** Before the first one. */
	readonly firstMs: number;
	/** A chunk begins with all of a frame: shorter ones are found faster, longer ones are smaller. */
	readonly chunkMs: number;
	/** What a reader has to go through in one chunk. */
	readonly chunkBytes: number;
	/** A file ends after so many bytes or so long, and another one is begun. */
	readonly fileBytes: number;
	readonly fileMs: number;
	/** All recordings in the folder together, and how old one gets. */
	readonly folderBytes: number;
	readonly ageMs: number;
	/** After it could not be written, until it is tried again. */
	readonly retryMs: number;
	/** A disk that does not answer for so long has stopped the recording, as far as anybody can tell. */
	readonly patienceMs: number;
	/** At the end the console waits for the disk no longer than this. */
	readonly settleMs: number;
};

const mebibyte = 2 ** 20;
const hour = 3_600_000;

export const defaultLimits: Limits = {
	frameMs: 1000,
	firstMs: 0,
	chunkMs: 240_000,
	chunkBytes: 16 * mebibyte,
	fileBytes: 64 * mebibyte,
	fileMs: 24 * hour,
	folderBytes: 1024 * mebibyte,
	ageMs: 14 * 24 * hour,
	retryMs: 60_000,
	patienceMs: 10_000,
	settleMs: 1500,
};
