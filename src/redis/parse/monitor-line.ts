import {redactArgv, redactScript} from './redact.ts';

/** One command as MONITOR tells of it, every secret in it replaced: nothing else of the line leaves this file. */
export type MonitorEntry = {
	readonly db: number;
	/** `10.0.0.1:5000`, `unix:/run/redis.sock`; undefined: a script or function has called it. */
	readonly address: string | undefined;
	readonly argv: readonly string[];
};

/** More words of a command than this say nothing more of its kind. */
const mostWords = 16;
/** Longer words are cut: a value of megabytes is in the line too. */
const longestWord = 4096;

/** Parse `1339518083.107412 [0 127.0.0.1:60866] "keys" "*"`; undefined for what is no such line. A line may have been cut anywhere. */
export function parseMonitorLine(line: string): MonitorEntry | undefined {
	const [head, db = '', from = ''] = /^\d+\.\d+ \[(\d+) ([^\]]*(?:\]:\d+)?)\] /.exec(line) ?? [];
	if (head === undefined) return undefined;
	const argv = wordsFrom(line, head.length);
	if (argv.length === 0) return undefined;
	return {db: Number(db), address: from === 'lua' ? undefined : from, argv: masked(argv)};
}

const masked = (argv: readonly string[]): readonly string[] => redactScript(redactArgv(argv));

const quote = 34;
const backslash = 92;

function wordsFrom(line: string, start: number): readonly string[] {
	const words: string[] = [];
	let at = start;
	while (words.length < mostWords && line.charCodeAt(at) === quote) {
		const end = wordEnd(line, at + 1);
		words.push(unescaped(line.slice(at + 1, Math.min(end, at + 1 + longestWord))));
		// Over the closing quote and the blank behind it.
		at = end + 2;
	}
	return words;
}

/** Where its closing quote stands, or the end of a line that was cut. */
function wordEnd(line: string, start: number): number {
	let at = line.indexOf('"', start);
	while (at >= 0 && isEscaped(line, at, start)) at = line.indexOf('"', at + 1);
	return at < 0 ? line.length : at;
}

function isEscaped(line: string, at: number, start: number): boolean {
	let slashes = 0;
	while (at - slashes - 1 >= start && line.charCodeAt(at - slashes - 1) === backslash) slashes++;
	return slashes % 2 === 1;
}

const escapes: Readonly<Record<string, string>> = {n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b'};

/** As the server's `sdscatrepr` writes it: all but ASCII is escaped byte by byte. */
function unescaped(word: string): string {
	if (!word.includes('\\')) return word;
	let isAscii = true;
	const bytes = word.replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (_all, hex: string | undefined, sign: string) => {
		if (hex === undefined) return escapes[sign] ?? sign;
		isAscii &&= Number.parseInt(hex, 16) < 0x80;
		return String.fromCharCode(Number.parseInt(hex, 16));
	});
	return isAscii ? bytes : utf8.decode(Uint8Array.from(bytes, character => character.charCodeAt(0)));
}

const utf8 = new TextDecoder();
