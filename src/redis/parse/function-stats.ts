import {toCount} from './number.ts';
import {maskScriptArguments} from './redact.ts';
import {toPairs, toText, toTexts} from './reply.ts';

/** A function that runs now. The server tells neither the caller nor whether it has written. */
type RunningFunction = {
	readonly name: string;
	/** The call: `FCALL name numkeys key … arg …`; of a long one its beginning, with a mark for what is cut. Arguments are masked. */
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
	return {running: {name, command: callOf(running.get('command')), durationMs: toCount(running.get('duration_ms'))}};
}

/** The server repeats the whole argument list, which may be megabytes; nobody reads more than its beginning. */
const mostArguments = 32;
const mostCharacters = 128;

function callOf(reply: unknown): readonly string[] {
	if (!Array.isArray(reply)) return [];
	const begin = maskScriptArguments((toTexts(reply.slice(0, mostArguments)) ?? []).map(shorten));
	const left = reply.length - mostArguments;
	return left > 0 && begin.length > 0 ? [...begin, `… (${left} more arguments)`] : begin;
}

function shorten(text: string): string {
	const left = text.length - mostCharacters;
	return left > 0 ? `${text.slice(0, mostCharacters)}… (${left} more characters)` : text;
}
