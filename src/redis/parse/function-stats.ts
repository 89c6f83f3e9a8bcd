import {toCount} from './number.ts';
import {toPairs, toText, toTexts} from './reply.ts';

/** A function that runs now. The server tells neither the caller nor whether it has written. */
type RunningFunction = {
	readonly name: string;
	/** The whole call: `FCALL name numkeys key … arg …`. */
	readonly command: readonly string[];
	readonly durationMs: number | undefined;
};

export type FunctionStats = {readonly running: RunningFunction | undefined};

/**
 * Parse the reply of FUNCTION STATS (7.0 and newer), RESP2 or RESP3. It describes FCALL only: during an EVAL the server answers with
 * the BUSY error instead, so `running: undefined` means that no function runs, not that nothing does.
 */
export function parseFunctionStats(reply: unknown): FunctionStats {
	const running = toPairs(toPairs(reply).get('running_script'));
	const name = toText(running.get('name'));
	if (name === undefined) return {running: undefined};
	return {running: {name, command: toTexts(running.get('command')) ?? [], durationMs: toCount(running.get('duration_ms'))}};
}
