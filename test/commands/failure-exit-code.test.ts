import {expect, it} from 'vitest';
import {failureExitCode} from '../../src/commands/flags.ts';

it.each([
	[[], 2],
	[['--bogus'], 2],
	[['demo', 'check'], 2],
	[['check', '--bogus'], 3],
	[['-h', 'h', 'check'], 3],
	[['-h', 'check'], 2],
	[['do', '--bogus'], 2],
])('%j that cannot be used ends with %i', (argv, code) => {
	expect(failureExitCode(argv, true)).toBe(code);
	expect(failureExitCode(argv, false)).toBe(code === 3 || argv[0] === 'do' ? 3 : 1);
});
