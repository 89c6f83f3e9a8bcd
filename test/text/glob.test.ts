import {describe, expect, it} from 'vitest';
import {globMatcher} from '../../src/text/glob.ts';

describe('a pattern (the rest is compared with the server in test/integration/survey-patterns)', () => {
	it.each([
		['rl:*', 'rl:ip:1', true],
		['rl:*', 'xrl:1', false],
		['*:lock', 'bull:q:1:lock', true],
		['bull:?:[0-9]*', 'bull:q:12', true],
		['bull:?:[0-9]*', 'bull:q:id', false],
		['a\\*', 'a*', true],
		['a\\*', 'ab', false],
		['', '', true],
		['', 'a', false],
	])('%s against %s: %s', (pattern, name, expected) => {
		expect(globMatcher(pattern)(name)).toBe(expected);
	});

	it('takes no longer for many stars than their number times the name', () => {
		const matches = globMatcher(`${'*a'.repeat(50)}*b`);
		const startedAtMs = performance.now();
		expect(matches('a'.repeat(20_000))).toBe(false);
		expect(performance.now() - startedAtMs).toBeLessThan(500);
	});
});
