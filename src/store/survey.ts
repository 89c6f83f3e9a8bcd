import type {Refused} from './resource.ts';

/** Keys that belong together: a prefix, a component, or all. Errors are shares of the figure (0.06: ± 6 %), three standard errors; 0 is counted, not estimated. */
export type SurveyGroup = {
	readonly name: string;
	readonly keys: number;
	readonly keysError: number;
	/** Too few have been seen to tell how many there are in all: keys and bytes are what has been seen, and no estimate. */
	readonly isAtLeast: boolean;
	/** What MEMORY USAGE says, extended to the keys that were not measured. Undefined: it could not be asked. */
	readonly bytes: number | undefined;
	/** Undefined: too few were measured to tell. */
	readonly bytesError: number | undefined;
	/** 0 to 1. */
	readonly withoutTtl: number | undefined;
	/** A difference of shares (0.02: 2 percentage points), not a share of one. */
	readonly withoutTtlError: number | undefined;
};

/** One of the largest keys that were measured. */
export type BigKey = {
	readonly name: string;
	/** `string`, `list`, `hash` …; undefined: this user may not ask. */
	readonly type: string | undefined;
	readonly bytes: number;
	/** Bytes of a string, elements of anything else. */
	readonly length: number | undefined;
	/** Undefined: none, or not known; `hasTtl` tells which. */
	readonly ttlMs: number | undefined;
	readonly hasTtl: boolean | undefined;
	/** Which of several servers has it. */
	readonly node?: string;
};

/** Largest first in every list. */
export type SurveyResult = {
	readonly total: SurveyGroup;
	readonly prefixes: readonly SurveyGroup[];
	/** In the order of the config file. A key counts for every component that it matches. */
	readonly components: readonly SurveyGroup[];
	readonly bigKeys: readonly BigKey[];
};

export type SurveyProgress = {
	readonly atMs: number;
	readonly scannedKeys: number;
	/** What DBSIZE said last: a server may grow or shrink meanwhile. Undefined where it may not be asked. */
	readonly totalKeys: number | undefined;
	readonly measuredKeys: number;
	/** Of keys with ordinary names one in so many is measured. */
	readonly everyNth: number;
	/** Figures stand for the whole database, also while only a part has been seen: SCAN goes in the random order of the hash table. */
	readonly isExtended: boolean;
	/** What it has cost the server so far, as far as can be told from here. */
	readonly serverMs: number;
	/** The longest wait for an answer, the way there and back included. */
	readonly slowestRoundMs: number;
	/** The last pause between two rounds. */
	readonly pauseMs: number;
	/** Commands that this user may not run: what they would have told is missing. */
	readonly refused: readonly Refused[];
	/** Keys that this user may not ask about. */
	readonly hiddenKeys: number;
	/** Which of several servers is being walked through; `position` from 1. Cost is that of all of them together. */
	readonly node?: {readonly address: string; readonly position: number; readonly count: number};
};

export type SurveyEnding = {
	/** `finished` has seen all; `stopped` was told to; `broken`: the server stopped answering or the connection went; `refused`: it cannot be done as this user. */
	readonly kind: 'finished' | 'stopped' | 'broken' | 'refused';
	/** In the words of the server or the network; '' where there is nothing to add. */
	readonly detail: string;
	readonly atMs: number;
};

/** One survey of one database. */
export type Survey = {
	readonly db: number;
	readonly startedAtMs: number;
	/** Undefined until the server has said how many keys there are. */
	readonly progress: SurveyProgress | undefined;
	/** Undefined until some keys have been seen. */
	readonly result: SurveyResult | undefined;
	/** Undefined while it goes on. */
	readonly ending: SurveyEnding | undefined;
};

/** The survey that runs or ran last, and the last one that has something to show. */
export type SurveyState = {readonly latest: Survey | undefined; readonly shown: Survey | undefined};

export const noSurvey: SurveyState = {latest: undefined, shown: undefined};

export type SurveyChange = (state: SurveyState) => SurveyState;

/** What an earlier survey has found stays in sight until this one has found something. */
export const surveyStarted =
	(db: number, atMs: number): SurveyChange =>
	({shown}) => ({shown, latest: {db, startedAtMs: atMs, progress: undefined, result: undefined, ending: undefined}});

export const surveyProgressed =
	(progress: SurveyProgress, result: SurveyResult | undefined): SurveyChange =>
	state =>
		withLatest(state, latest => ({...latest, progress, result: result ?? latest.result}));

export const surveyEnded =
	(ending: SurveyEnding): SurveyChange =>
	state =>
		withLatest(state, latest => ({...latest, ending}));

function withLatest({latest, shown}: SurveyState, change: (latest: Survey) => Survey): SurveyState {
	if (!latest || latest.ending) return {latest, shown};
	const changed = change(latest);
	return {latest: changed, shown: changed.result ? changed : shown};
}

export const isSurveying = ({latest}: SurveyState): boolean => latest !== undefined && latest.ending === undefined;

/** Share of the database that has been seen, 0 to 1; undefined where its size is not known. */
export function surveyedShare({progress, ending}: Survey): number | undefined {
	if (ending?.kind === 'finished') return 1;
	if (progress?.totalKeys === undefined) return undefined;
	return progress.totalKeys === 0 ? 1 : Math.min(1, progress.scannedKeys / progress.totalKeys);
}

/** How long it will still take at the pace so far; undefined before that can be told. */
export function surveySecondsLeft(survey: Survey): number | undefined {
	const share = surveyedShare(survey);
	const elapsedMs = survey.progress ? survey.progress.atMs - survey.startedAtMs : 0;
	if (survey.ending || share === undefined || share < 0.005 || elapsedMs < 500) return undefined;
	return (elapsedMs / 1000) * (1 / share - 1);
}
