/** How far a key goes, in ms. */
const stepMs = 1000;
const nearMs = 10_000;
const farMs = 60_000;

/** Somebody who can go through time. */
export type TimeTraveller = {
	readonly step: (ms: number) => void;
	readonly togglePlay: () => void;
	readonly toNextFinding?: () => void;
	readonly changeSpeed?: (step: 1 | -1) => void;
	readonly toNow?: () => void;
};

/** What the keys of the keymap's contexts `present`, `past` and `replay` do. */
export const timeCommands = (traveller: TimeTraveller): Readonly<Record<string, () => void>> => ({
	'time.step-back': () => traveller.step(-stepMs),
	'time.step-on': () => traveller.step(stepMs),
	'time.back': () => traveller.step(-nearMs),
	'time.forward': () => traveller.step(nearMs),
	'time.far-back': () => traveller.step(-farMs),
	'time.far-forward': () => traveller.step(farMs),
	'time.play': () => traveller.togglePlay(),
	'time.now': () => traveller.toNow?.(),
	'time.next-finding': () => traveller.toNextFinding?.(),
	'time.faster': () => traveller.changeSpeed?.(1),
	'time.slower': () => traveller.changeSpeed?.(-1),
});

/** While it plays it is looked at so often. */
export const playEveryMs = 200;
