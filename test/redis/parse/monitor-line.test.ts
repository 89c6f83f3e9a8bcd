import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {commandShape} from '../../../src/redis/parse/command-shape.ts';
import {parseMonitorLine} from '../../../src/redis/parse/monitor-line.ts';

const at = '1339518083.107412';
const argvOf = (words: string) => parseMonitorLine(`${at} [0 127.0.0.1:60866] ${words}`)?.argv;

it.each([
	['[0 127.0.0.1:60866]', 0, '127.0.0.1:60866'],
	['[15 [::1]:60866]', 15, '[::1]:60866'],
	['[0 unix:/run/redis.sock]', 0, 'unix:/run/redis.sock'],
	['[3 lua]', 3, undefined],
])('reads who said it, and in which database: %s', (from, db, address) => {
	expect(parseMonitorLine(`${at} ${from} "keys" "*"`)).toEqual({db, address, argv: ['keys', '*']});
});

it.each([
	['"SET" "a b" ""', ['SET', 'a b', '']],
	[String.raw`"SET" "q\"\\" "\n\r\t\a\b\x00\x1b"`, ['SET', 'q"\\', '\n\r\t\x07\b\0\x1b']],
	[String.raw`"GET" "\xc3\xbc"`, ['GET', 'ü']],
	[String.raw`"GET" "\xff!"`, ['GET', '\uFFFD!']],
	[String.raw`"GET" "ends with \\"`, ['GET', 'ends with \\']],
	['"GET" "cut in the midd', ['GET', 'cut in the midd']],
	[String.raw`"GET" "cut \x0`, ['GET', 'cut x0']],
	['"GET" ', ['GET']],
])('takes %s apart', (words, argv) => expect(argvOf(words)).toEqual(argv));

it.each(['', 'OK', at, `${at} [0 127.0.0.1:1]`, `${at} [0 127.0.0.1:1] `, `${at} [x 1] "GET"`, 'ERR something'])('knows that this is none: %s', line => {
	expect(parseMonitorLine(line)).toBeUndefined();
});

it('keeps little of a long one', () => {
	const argv = argvOf(`"MSET" ${Array.from({length: 500}, () => `"${'x'.repeat(10_000)}"`).join(' ')}`) ?? [];
	expect(argv).toHaveLength(16);
	expect(argv[1]).toHaveLength(4096);
});

describe('scripts', () => {
	it.each([
		['"EVAL" "return 1" "0"', ['EVAL', '<script of 8 characters>', '0']],
		[String.raw`"eval" "-- moveJob-3 v1.2\nreturn 1" "2" "k1" "k2" "a" "b"`, ['eval', '<moveJob-3 v1.2>', '2', 'k1', 'k2', '***', '***']],
		[String.raw`"EVAL_RO" "-- token='x' y\nreturn 1" "0"`, ['EVAL_RO', '<script of 23 characters>', '0']],
		[String.raw`"EVAL" "--[[ x\n]] return 1" "0" "a"`, ['EVAL', '<script of 18 characters>', '0', '***']],
		['"EVAL" "-- all of it"', ['EVAL', '<script of 12 characters>']],
		['"EVALSHA" "3f2a91c0" "1" "k" "a"', ['EVALSHA', '3f2a91c0', '1', 'k', '***']],
		['"FCALL" "limit" "0" "a"', ['FCALL', 'limit', '0', '***']],
		['"FCALL" "limit" "secret" "a"', ['FCALL', 'limit', '***', '***']],
		['"SCRIPT" "LOAD" "return 1"', ['SCRIPT', 'LOAD', '<script of 8 characters>']],
		['"FUNCTION" "LOAD" "REPLACE" "#!lua name=x"', ['FUNCTION', 'LOAD', '<script of 7 characters>']],
		['"SCRIPT" "EXISTS" "3f2a91c0"', ['SCRIPT', 'EXISTS', '3f2a91c0']],
	])('%s without its text and arguments', (words, argv) => expect(argvOf(words)).toEqual(argv));
});

const marker = 'S3CRET';
const secret = fc.string({maxLength: 30, unit: 'binary'}).map(text => `${marker}${text}`);
const cased = (word: string) => fc.constantFrom(word, word.toLowerCase(), word.charAt(0) + word.slice(1).toLowerCase());

/** Every place in which a secret may stand, as the words of a command. */
const secretPlaces: readonly ((hidden: string) => readonly string[])[] = [
	hidden => ['AUTH', hidden],
	hidden => ['AUTH', 'bob', hidden],
	hidden => ['HELLO', '3', 'AUTH', 'bob', hidden],
	hidden => ['HELLO', '2', 'SETNAME', 'auth', 'AUTH', 'bob', hidden, 'SETNAME', 'x'],
	hidden => ['CONFIG', 'SET', 'requirepass', hidden],
	hidden => ['CONFIG', 'SET', 'maxmemory', '5', 'masterauth', hidden, 'masteruser', hidden],
	hidden => ['CONFIG', 'SET', 'tls-key-file-pass', hidden],
	hidden => ['ACL', 'SETUSER', 'bob', 'on', `>${hidden}`, `<${hidden}`, `#${hidden}`, '~*'],
	hidden => ['MIGRATE', 'h', '1', 'k', '0', '10', 'AUTH', hidden],
	hidden => ['MIGRATE', 'h', '1', '', '0', '10', 'COPY', 'REPLACE', 'AUTH2', 'bob', hidden, 'KEYS', 'a'],
	hidden => ['EVAL', `return redis.call('auth', '${hidden}')`, '1', 'k', 'x'],
	hidden => ['EVAL', `--[[ ${hidden} ]] return 1`, '0'],
	hidden => ['EVAL', 'return 1', '1', 'k', hidden, hidden],
	hidden => ['EVALSHA', 'a'.repeat(40), '0', hidden],
	hidden => ['FCALL_RO', 'limit', '2', 'a', 'b', hidden],
	hidden => ['FCALL', 'limit', hidden, hidden],
	hidden => ['SCRIPT', 'LOAD', `local pw = '${hidden}'`],
	hidden => ['FUNCTION', 'LOAD', 'REPLACE', hidden],
];

/** As the server's `sdscatrepr`. */
const escaped = (word: string): string =>
	Array.from(new TextEncoder().encode(word), byte => {
		if (byte === 34 || byte === 92) return `\\${String.fromCharCode(byte)}`;
		return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
	}).join('');

it('never lets a secret out, wherever it stands, whole or cut anywhere', () => {
	const lines = fc
		.tuple(fc.constantFrom(...secretPlaces), secret, fc.integer({min: 0, max: 400}))
		.chain(([place, hidden, cutAt]) =>
			fc.tuple(...place(hidden).map((word, index) => (index === 0 || word === 'AUTH' ? cased(word) : fc.constant(word)))).map(words => ({words, cutAt})),
		);
	fc.assert(
		fc.property(lines, ({words, cutAt}) => {
			const line = `${at} [0 127.0.0.1:60866] ${words.map(word => `"${escaped(word)}"`).join(' ')}`;
			for (const told of [line, line.slice(0, cutAt)]) {
				const entry = parseMonitorLine(told);
				expect(JSON.stringify(entry ?? null)).not.toContain(marker);
				expect(commandShape(entry?.argv ?? [])).not.toContain(marker);
			}
		}),
		{numRuns: 2000},
	);
});

it('never throws, whatever comes', () => {
	fc.assert(fc.property(fc.string(), text => void parseMonitorLine(`${at} [0 1.1.1.1:1] ${text}`)));
	fc.assert(fc.property(fc.string(), text => void parseMonitorLine(text)));
});
