import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {program} from '../helpers/triage.ts';

// Asked for a boolean: whoever fails need not print the whole program.
const text = readFileSync(program, 'latin1');

it('puts frames together by rows: Ink has that in the place of its own output', () => {
	expect(/toSorted\(\((\w+),(\w+)\)=>\1\.x-\2\.x\)/.test(text)).toBe(true);
});

it.each([
	['string-width, as styled-width has its place', /RGI_Emoji/],
	["Ink's dev mode", /react-devtools|env\.DEV\b|env\[.DEV.\]/],
	["meow's licences", /LicenseRef|GPL-3\.0-only/],
	['the hashes that OpenSSL has', /getHashes\(\)/],
])('does not hold %s', (_what, pattern) => {
	expect(pattern.test(text)).toBe(false);
});

it("the demo's file does not hold Postgres", () => {
	expect(/postgres/i.test(readFileSync(join(program, '../redis-triage-queues.cjs'), 'latin1'))).toBe(false);
});
