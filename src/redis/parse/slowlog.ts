import {commandShape, isScriptCommand} from './command-shape.ts';
import {toCount} from './number.ts';
import {maskScriptArguments, redactArgv} from './redact.ts';
import {toText, toTexts} from './reply.ts';

export type SlowlogEntry = {
	/** Grows by one with every entry; starts again at 0 with the server. */
	readonly id: number;
	/** Unix time; the server logs whole seconds. */
	readonly atMs: number;
	readonly durationMicros: number;
	/** As logged: the server cuts each after 128 bytes (`… (309 more bytes)`). Secrets are masked, and what a script is given beside its keys. */
	readonly args: readonly string[];
	/** How many more arguments the command had: the server logs 31 of a longer one. */
	readonly omittedArgs: number;
	/** Empty before Redis 4; `?:0` for a command that a script called (seen on 7.0). */
	readonly clientAddress: string;
	readonly clientName: string;
	/** What calls of the same kind have in common: `HGETALL session:*`. */
	readonly shape: string;
	readonly isScript: boolean;
	/** Of EVALSHA: 40 hex digits, lower case. */
	readonly scriptSha: string | undefined;
	/** Of FCALL. */
	readonly functionName: string | undefined;
};

export type ParsedSlowlog = {readonly entries: readonly SlowlogEntry[]; readonly rejectedCount: number};

/** Parse the reply of SLOWLOG GET, newest first as it came (COMMANDLOG GET … slow of Valkey 9 has the same tuples). */
export function parseSlowlog(reply: unknown): ParsedSlowlog {
	if (!Array.isArray(reply)) return {entries: [], rejectedCount: 1};
	const entries = Array.from(reply, toEntry).filter(entry => entry !== undefined);
	return {entries, rejectedCount: reply.length - entries.length};
}

function toEntry(tuple: unknown): SlowlogEntry | undefined {
	if (!Array.isArray(tuple)) return undefined;
	const [id, atMs, durationMicros] = [toCount(tuple[0]), toCount((toCount(tuple[1]) ?? Number.NaN) * 1000), toCount(tuple[2])];
	const logged = toTexts(tuple[3]);
	if (id === undefined || atMs === undefined || durationMicros === undefined || !logged?.length) return undefined;

	const omittedArgs = omittedCount(logged);
	const args = maskScriptArguments(redactArgv(omittedArgs > 0 ? logged.slice(0, -1) : logged));
	return {
		id,
		atMs,
		durationMicros,
		args,
		omittedArgs,
		clientAddress: toText(tuple[4]) ?? '',
		clientName: toText(tuple[5]) ?? '',
		shape: commandShape(args),
		...scriptOf(args),
	};
}

const maxLoggedArgs = 32;

/** Where a command has more than 32 arguments, the last one logged is `... (14 more arguments)`. */
function omittedCount(logged: readonly string[]): number {
	if (logged.length < maxLoggedArgs) return 0;
	return toCount(/^\.\.\. \((\d{1,15}) more arguments\)$/.exec(logged.at(-1) ?? '')?.[1]) ?? 0;
}

function scriptOf([name = '', script = '']: readonly string[]): Pick<SlowlogEntry, 'isScript' | 'scriptSha' | 'functionName'> {
	const command = name.toUpperCase();
	const isSha = command.startsWith('EVALSHA') && /^[0-9a-f]{40}$/i.test(script);
	return {
		isScript: isScriptCommand(command),
		scriptSha: isSha ? script.toLowerCase() : undefined,
		functionName: command === 'FCALL' || command === 'FCALL_RO' ? script : undefined,
	};
}
