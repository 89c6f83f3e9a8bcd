import type {Pace} from '../pace.ts';

/** Server time per unit, roughly, reading and answering included (Redis 7.0 on a slow core; facts G and own measurements). */
const microsPerScannedKey = 1.5;
const microsPerQuestion = 2.5;

export type Round = {readonly scannedKeys: number; readonly questions: number};

export const roundMicros = ({scannedKeys, questions}: Round): number => scannedKeys * microsPerScannedKey + questions * microsPerQuestion;

/** COUNT of the next SCAN. */
export const scanCount = (pace: Pace, wanted: number): number => Math.max(50, Math.min(wanted, pace.fit(microsPerScannedKey)));

/** How many keys the next round may ask about, with so many questions each. */
export const keysPerRound = (pace: Pace, questionsPerKey: number): number => Math.max(5, pace.fit(microsPerQuestion * questionsPerKey));
