import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {commandText} from '../../src/text/command-text.ts';

describe('an argument', () => {
	it.each([
		['plain', 'GET', 'GET'],
		['with what a key is made of', 'bull:mail:{tag}:7', 'bull:mail:{tag}:7'],
		['empty', '', '""'],
		['with a blank', 'a b', '"a b"'],
		['with double quotes', 'say "hi"', '"say \\"hi\\""'],
		['with a single quote', "it's", '"it\'s"'],
		['with a backslash', 'a\\b', '"a\\\\b"'],
		['with lines', 'a\nb\r\tc', '"a\\nb\\r\\tc"'],
		['with a bell and a backspace', '\u0007\b', '"\\a\\b"'],
		['with an escape code', '\u001B[2J', '"\\x1b[2J"'],
		['with NUL and DEL', '\u0000\u007F', '"\\x00\\x7f"'],
		['with a C1 control and a bidi mark', '\u009B2J\u202E', '"\\xc2\\x9b2J\\xe2\\x80\\xae"'],
		['in another script', '漢字', '"漢字"'],
		['that looks like a variable', '$HOME', '$HOME'],
	])('%s', (_what, argument, expected) => expect(commandText([argument])).toBe(expected));
});

it('joins arguments by one blank', () => expect(commandText(['CONFIG', 'SET', 'save', ''])).toBe('CONFIG SET save ""'));

it('has no control character in it, whatever the arguments hold', () => {
	fc.assert(
		fc.property(fc.array(fc.string({unit: 'binary-ascii'})), argv => {
			expect(commandText(argv)).not.toMatch(/[\u0000-\u001F\u007F]/);
		}),
	);
});

it('is read by redis-cli as the very arguments it was made of', () => {
	fc.assert(
		fc.property(fc.array(fc.string({unit: 'grapheme'}), {minLength: 1}), argv => {
			expect(split(commandText(argv))).toEqual(argv);
		}),
	);
	fc.assert(
		fc.property(fc.array(fc.string({unit: 'binary-ascii'}), {minLength: 1}), argv => {
			expect(split(commandText(argv))).toEqual(argv);
		}),
	);
});

const escapes: Readonly<Record<string, string>> = {n: '\n', r: '\r', t: '\t', b: '\b', a: '\u0007'};

/** How redis-cli takes a line apart: blanks separate, double quotes hold together, `\xHH` is a byte. */
function split(line: string): readonly string[] {
	const bytes = String.fromCharCode(...new TextEncoder().encode(line));
	return [...bytes.matchAll(/"((?:[^"\\]|\\.)*)"|[^ ]+/g)].map(([word, quoted]) => decoded(quoted === undefined ? word : unescaped(quoted)));
}

const unescaped = (text: string): string =>
	text.replace(/\\x([0-9a-f]{2})|\\(.)/gi, (_all, hex: string | undefined, letter = '') =>
		hex === undefined ? (escapes[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
	);

const decoded = (bytes: string): string => new TextDecoder('utf-8', {ignoreBOM: true}).decode(Uint8Array.from(bytes, byte => byte.charCodeAt(0)));
