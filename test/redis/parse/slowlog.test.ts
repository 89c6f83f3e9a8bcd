import {describe, expect, it} from 'vitest';
import {parseSlowlog} from '../../../src/redis/parse/slowlog.ts';
import {replies} from './fixture.ts';

const real = parseSlowlog(replies.slowlog);
const byCommand = (command: string, argument: string) => real.entries.find(({args}) => args[0] === command && args[1]?.startsWith(argument));
const sha = 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db';

it('uses every entry of a real reply', () => {
	expect(real.rejectedCount).toBe(0);
	expect(real.entries).toHaveLength(24);
	expect(real.entries[0]?.id).toBeGreaterThan(real.entries.at(-1)?.id ?? Number.POSITIVE_INFINITY);
});

it('reads one entry', () => {
	expect(byCommand('GET', 'k')).toEqual({
		id: expect.any(Number),
		atMs: expect.any(Number),
		durationMicros: expect.any(Number),
		args: ['GET', 'k'],
		omittedArgs: 0,
		clientAddress: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
		clientName: 'api=1:worker',
		shape: 'GET k',
		isScript: false,
		scriptSha: undefined,
		functionName: undefined,
	});
	expect(new Date(real.entries[0]?.atMs ?? 0).getUTCFullYear()).toBeGreaterThan(2024);
});

it('marks scripts and functions', () => {
	expect(byCommand('EVALSHA', sha)).toMatchObject({isScript: true, scriptSha: sha, functionName: undefined, shape: 'EVALSHA e0e1f9f…'});
	expect(byCommand('EVAL', 'return')).toMatchObject({isScript: true, scriptSha: undefined, shape: 'EVAL return redis.call("GET", KEYS[1])'});
	expect(byCommand('FCALL', 'hi')).toMatchObject({isScript: true, functionName: 'hi', shape: 'FCALL hi'});
	expect(byCommand('FUNCTION', 'LOAD')).toMatchObject({isScript: false, shape: 'FUNCTION LOAD'});
});

it('counts the arguments that the server left out, and drops its marker', () => {
	const mset = byCommand('MSET', 'key:0');
	expect(mset?.omittedArgs).toBe(14);
	expect(mset?.args).toHaveLength(31);
	expect(mset?.args.at(-1)).toBe('key:29');
});

it('takes the marker for an argument where the server would not have written it', () => {
	expect(parseSlowlog([[1, 1, 1, ['SET', 'k', '... (14 more arguments)']]]).entries[0]).toMatchObject({
		omittedArgs: 0,
		args: ['SET', 'k', '... (14 more arguments)'],
	});
});

it('reads the four fields of Redis before 4.0', () => {
	expect(parseSlowlog([[3, 1_700_000_000, 12, ['KEYS', 'rl:*']]])).toEqual({
		entries: [
			{
				id: 3,
				atMs: 1_700_000_000_000,
				durationMicros: 12,
				args: ['KEYS', 'rl:*'],
				omittedArgs: 0,
				clientAddress: '',
				clientName: '',
				shape: 'KEYS rl:*',
				isScript: false,
				scriptSha: undefined,
				functionName: undefined,
			},
		],
		rejectedCount: 0,
	});
});

it('masks what an older server did not', () => {
	expect(
		parseSlowlog([
			[1, 1, 1, ['auth', 'hunter2']],
			[2, 1, 1, ['CONFIG', 'SET', 'requirepass', 'hunter2']],
		]).entries.map(({args, shape}) => [args, shape]),
	).toEqual([
		[['auth', '***'], 'AUTH'],
		[['CONFIG', 'SET', 'requirepass', '***'], 'CONFIG SET'],
	]);
});

it('counts what it cannot use', () => {
	expect(
		parseSlowlog([[1, 1, 1, []], [1, 1, 1, 'GET'], [1, 'x', 1, ['GET']], [1, 1], 'x', null, [1, 1e306, 1, ['GET']], [-1, 1, 1, ['GET']], [1, 1, 1, [['GET']]]]),
	).toEqual({entries: [], rejectedCount: 9});
	expect(parseSlowlog('OK')).toEqual({entries: [], rejectedCount: 1});
	expect(parseSlowlog([])).toEqual({entries: [], rejectedCount: 0});
});

describe('what a script is given', () => {
	const argsOf = (...argv: readonly string[]) => parseSlowlog([[1, 1_735_732_800, 20_000, argv, '', '']]).entries[0]?.args;

	it.each([
		[
			['EVAL', 'return ARGV[1]', '1', 'user:1', 'hunter2'],
			['EVAL', 'return ARGV[1]', '1', 'user:1', '***'],
		],
		[
			['eval_ro', 'return 1', '0', 'hunter2', 'x'],
			['eval_ro', 'return 1', '0', '***', '***'],
		],
		[
			['EVALSHA', sha, '2', 'a', 'b', 'hunter2'],
			['EVALSHA', sha, '2', 'a', 'b', '***'],
		],
		[
			['EVALSHA_RO', sha, '9', 'a'],
			['EVALSHA_RO', sha, '9', 'a'],
		],
		[
			['FCALL', 'login', '0', 'hunter2'],
			['FCALL', 'login', '0', '***'],
		],
		[
			['FCALL_RO', 'login', 'hunter2', 'a'],
			['FCALL_RO', 'login', '***', '***'],
		],
		[
			['EVAL', 'return 1'],
			['EVAL', 'return 1'],
		],
		[
			['SET', 'EVAL', '1', 'a', 'b'],
			['SET', 'EVAL', '1', 'a', 'b'],
		],
	])('%j', (argv, shown) => {
		expect(argsOf(...argv)).toEqual(shown);
	});
});
