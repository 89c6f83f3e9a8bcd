import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {flagSpecs} from '../../src/commands/flag-table.ts';
import {parseFlags} from '../../src/commands/flags.ts';
import {UsageError} from '../../src/errors.ts';

const parse = (argv: readonly string[]) => parseFlags({argv, env: {}, scenarios: []});

describe('do', () => {
	it.each([
		[
			['do', 'script.kill'],
			{command: 'do', actionId: 'script.kill', on: [], set: {}, dryRun: false, yes: false, confirm: undefined, readOnly: false, json: false},
		],
		[['do', 'client.kill', 'h:1', '--on', '7', '--yes', '--on=8', '--on', '7'], {command: 'do', on: ['7', '8'], yes: true, connection: {url: {from: 'URL'}}}],
		[['--set', 'a=1', 'do', 'x.y', '--set', 'b==--yes "q"'], {command: 'do', set: {a: '1', b: '=--yes "q"'}}],
		[
			['do', 'config.save', '--set', 'value=', '--dry-run', '--json', '--target', 'prod'],
			{set: {value: ''}, dryRun: true, json: true, connection: {targetName: 'prod'}},
		],
		[['do', 'server.shutdown-nosave', '--confirm', 'prod cache', '--read-only'], {confirm: 'prod cache', readOnly: true}],
	])('%j', (argv, options) => {
		expect(parse(argv)).toMatchObject(options);
	});

	it('takes what may be given several times in order, each exactly as typed', () => {
		const spellings = [...flagSpecs.values()].map(({spelled}) => spelled);
		const tricky = fc.oneof(
			fc.string({unit: fc.constantFrom('-', '=', '"', "'", ' ', '0', ',', '\\', '\n'), minLength: 1}),
			fc.string({unit: 'binary', minLength: 1}),
		);
		const ids = fc.uniqueArray(
			tricky.filter(text => text !== '--' && !spellings.includes(text)),
			{maxLength: 4},
		);
		fc.assert(
			fc.property(ids, on => {
				const options = parse(['do', 'a.b', ...on.flatMap(id => ['--on', id]), '--yes']);
				expect(options).toMatchObject({command: 'do', on, yes: true});
			}),
		);
	});

	it.each([
		[['do'], 'do needs the id of an action: redis-triage do ACTION [URL]; redis-triage actions lists them'],
		[['do', 'redis://h'], 'do needs the id of an action before anything else, as in redis-triage do script.kill [URL]; redis-triage actions lists them'],
		[['do', 'a.b', 'h'], '"h" is neither a URL (redis://host:6379) nor host:port; a host alone goes with -h'],
		[['do', 'a.b', 'h:1', 'h:2'], 'one URL can be given, not 2 arguments: an action is for one server'],
		[['do', 'a.b', '--set', 'value'], '--set must be NAME=VALUE, as in --set value=4gb'],
		[['do', 'a.b', '--set', '=1'], '--set must be NAME=VALUE, as in --set value=4gb'],
		[['do', 'a.b', '--set', 'a=1', '--set', 'a=2'], '--set a is given twice: give it once'],
		[['do', 'a.b', '--on'], '--on needs a value, as in --on 4711'],
		[['do', 'a.b', '--yes', '--yes'], '--yes is given twice: give it once'],
		[['do', 'a.b', '--dry-run', '--yes'], '--dry-run and --yes: one only shows it and the other runs it, so give one of them'],
		[['do', 'a.b', '--dry-run', '--confirm', 'w'], '--dry-run and --confirm: one only shows it and the other runs it, so give one of them'],
		[['do', 'a.b', '--force'], 'Unknown flag --force: did you mean --yes?'],
		[['do', 'a.b', '--config-only'], '--config-only makes no sense with do: it goes with redis-triage check'],
		[['--yes'], '--yes makes no sense here: it goes with redis-triage do'],
		[['check', '--on', '1'], '--on makes no sense with check: it goes with redis-triage do'],
	])('%j is refused', (argv, message) => {
		expect(() => parse(argv)).toThrow(new UsageError(message));
	});
});
