import fc from 'fast-check';
import {expect, it} from 'vitest';
import {flagSpecs} from '../../src/commands/flag-table.ts';
import {parseFlags} from '../../src/commands/flags.ts';
import {UsageError} from '../../src/errors.ts';

const parse = (argv: readonly string[]) => parseFlags({argv, env: {}, scenarios: ['script', 'unkillable', 'clients']});

function refusal(...argv: string[]): string {
	try {
		parse(argv);
	} catch (error) {
		return String(error);
	}
	throw new Error(`${argv.join(' ')} was accepted`);
}

it.each([
	[['-ahunter2']],
	[['--pass=hunter2']],
	[['--pass', 'hunter2']],
	[['-a', 'my', 'hunter2']],
	[['--askpass', 'hunter2']],
	[['bob:hunter2@h:6379']],
	[['-a', 'hunter2', '-p', 'x']],
	[['-a', 'hunter2', '-a', 'hunter2']],
	[['-p', 'hunter2']],
	[['--tls=hunter2']],
])('%j is refused without quoting hunter2', argv => {
	expect(refusal(...argv)).not.toContain('hunter2');
});

it('throws nothing but a one-line UsageError, whatever is typed', () => {
	const spellings = [...flagSpecs.values()].map(({spelled}) => spelled);
	const word = fc.oneof(
		fc.constantFrom(...spellings, 'check', 'do', 'script.kill', 'demo', 'actions', '--', '-', '=', '--=', '-=x'),
		fc.string({unit: 'binary'}),
		fc.webUrl(),
	);
	fc.assert(
		fc.property(fc.array(word, {maxLength: 6}), argv => {
			try {
				parse(argv);
			} catch (error) {
				expect(error).toBeInstanceOf(UsageError);
				expect(String(error)).toMatch(/^UsageError: [\x20-\x7e]+$/);
			}
		}),
		{numRuns: 200},
	);
});
