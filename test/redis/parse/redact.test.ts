import fc from 'fast-check';
import {expect, it} from 'vitest';
import {redactArgv, redactText} from '../../../src/redis/parse/redact.ts';

it.each([
	['AUTH hunter2', 'AUTH ***'],
	['auth bob hunter2', 'auth bob ***'],
	['AUTH my pass word', 'AUTH *** *** ***'],
	['AUTH', 'AUTH'],
	['HELLO 3 AUTH bob hunter2 SETNAME x', 'HELLO 3 AUTH bob *** SETNAME x'],
	['HELLO 3 SETNAME auth AUTH bob hunter2', 'HELLO 3 SETNAME auth AUTH bob ***'],
	['hello 2 auth auth hunter2', 'hello 2 auth auth ***'],
	['HELLO AUTH bob hunter2', 'HELLO AUTH bob ***'],
	['HELLO 3', 'HELLO 3'],
	['CONFIG SET requirepass hunter2', 'CONFIG SET requirepass ***'],
	['config set MasterAuth hunter2 maxmemory 5', 'config set MasterAuth *** maxmemory 5'],
	['CONFIG SET maxmemory 5 primaryauth hunter2 masteruser bob', 'CONFIG SET maxmemory 5 primaryauth *** masteruser ***'],
	['CONFIG SET tls-key-file-pass a tls-client-key-file-pass b', 'CONFIG SET tls-key-file-pass *** tls-client-key-file-pass ***'],
	['CONFIG SET tls-auth-clients no', 'CONFIG SET tls-auth-clients no'],
	['CONFIG SET requirepass', 'CONFIG SET requirepass'],
	['CONFIG GET requirepass', 'CONFIG GET requirepass'],
	['ACL SETUSER eve on >hunter2 <old #0a1b !0a1b ~* +@all', 'ACL SETUSER eve on >*** <*** #*** !*** ~* +@all'],
	['acl setuser >eve on', 'acl setuser >eve on'],
	['ACL GETUSER eve', 'ACL GETUSER eve'],
	['MIGRATE h 1 k 0 10 COPY AUTH hunter2 KEYS auth x', 'MIGRATE h 1 k 0 10 COPY AUTH *** KEYS auth x'],
	['MIGRATE h 1 AUTH 0 10 AUTH2 bob hunter2', 'MIGRATE h 1 AUTH 0 10 AUTH2 bob ***'],
	['SENTINEL SET mymaster auth-pass hunter2 quorum 2', 'SENTINEL SET mymaster auth-pass *** quorum 2'],
	['SENTINEL CONFIG SET sentinel-pass hunter2', 'SENTINEL CONFIG SET sentinel-pass ***'],
	['SENTINEL MASTER mymaster', 'SENTINEL MASTER mymaster'],
	['SET auth hunter2', 'SET auth hunter2'],
	['CLIENT KILL ID 7', 'CLIENT KILL ID 7'],
])('%s → %s', (command, redacted) => expect(redactArgv(command.split(' ')).join(' ')).toBe(redacted));

it('shows nothing of a password with blanks, nor of several rules sent as one', () => {
	expect(redactArgv(['ACL', 'SETUSER', 'eve', '>my pass word', 'on >my pass +@all'])).toEqual(['ACL', 'SETUSER', 'eve', '>***', 'on >***']);
	expect(redactArgv(['AUTH', 'my pass word'])).toEqual(['AUTH', '***']);
});

const secret = fc.string({minLength: 1}).map(text => `S3CRET${text}`);
const letterCase = (word: string) => fc.constantFrom(word, word.toLowerCase(), word.charAt(0) + word.slice(1).toLowerCase());

it('never shows a secret, in any case of letters', () => {
	const argv = fc.oneof(
		fc.tuple(letterCase('AUTH'), secret),
		fc.tuple(letterCase('AUTH'), fc.string(), secret),
		fc.tuple(letterCase('HELLO'), fc.constant('3'), letterCase('AUTH'), fc.string(), secret),
		fc.tuple(letterCase('CONFIG'), letterCase('SET'), letterCase('REQUIREPASS'), secret),
		fc.tuple(
			letterCase('ACL'),
			letterCase('SETUSER'),
			fc.constant('u'),
			fc.tuple(fc.constantFrom('>', '<', '#', '!'), secret).map(parts => parts.join('')),
		),
		fc.tuple(
			letterCase('MIGRATE'),
			fc.constant('h'),
			fc.constant('1'),
			fc.constant('k'),
			fc.constant('0'),
			fc.constant('9'),
			letterCase('AUTH2'),
			fc.constant('u'),
			secret,
		),
	);
	fc.assert(fc.property(argv, words => !redactArgv(words).join(' ').includes('S3CRET')));
});

it('keeps the number of arguments, and commands without secrets as they are', () => {
	fc.assert(
		fc.property(
			fc.array(fc.oneof(fc.string(), fc.constantFrom('AUTH', 'HELLO', 'CONFIG', 'SET', 'ACL', 'SETUSER', 'MIGRATE', 'SENTINEL', 'AUTH2', 'KEYS'))),
			argv => {
				expect(redactArgv(argv)).toHaveLength(argv.length);
			},
		),
	);
	const plain = ['GET', 'AUTH'];
	expect(redactArgv(plain)).toBe(plain);
});

it.each([
	['connecting to redis://bob:hunter2@10.0.0.1:6379/0 …', 'connecting to redis://***@10.0.0.1:6379/0 …'],
	['redis://:hunt/er@2@10.0.0.1', 'redis://***@10.0.0.1'],
	['https://bob:hunter2@example.com/a', 'https://***@example.com/a'],
	['see https://example.com/a@b', 'see https://example.com/a@b'],
	['DB_PASSWORD=hunter2 x=1', 'DB_PASSWORD=*** x=1'],
	['{"password": "hunter2 and more", "token":\'hunter2\'}', '{"password": ***, "token":***}'],
	['requirepass hunter2', 'requirepass ***'],
	['> AUTH bob hunter2', '> AUTH ***'],
	['redis-cli -a hunter2 PING', 'redis-cli -a *** PING'],
	['NOAUTH Authentication required.', 'NOAUTH Authentication required.'],
	['the password was changed', 'the password was changed'],
	['3 workers restarted', '3 workers restarted'],
])('masks what looks like a password in text: %s', (text, redacted) => expect(redactText(text)).toBe(redacted));
