import {expect, it} from 'vitest';
import {permissionCheck} from '../../src/actions/permission.ts';

/** What comes of it when the server answers so. */
function checked(answer: (argv: readonly string[]) => unknown) {
	const asked: (readonly string[])[] = [];
	const reading = permissionCheck([
		['SELECT', '3'],
		['EVALSHA', 'abc', '1', 'bull:a'],
		['EVALSHA', 'abc', '1', 'bull:a', 'again'],
		['LPUSH', 'bull:a:wait', '1'],
	]);
	let turn = reading.next();
	while (turn.done !== true) {
		asked.push(...turn.value.argvs);
		turn = reading.next(turn.value.argvs.map(argv => (argv[1] === 'WHOAMI' ? 'operator' : answer(argv))));
	}
	return {check: turn.value, asked};
}

it('asks once for each kind of command, with its keys', () => {
	const {check, asked} = checked(() => 'OK');
	expect(check?.ok).toBe(true);
	expect(asked).toEqual([
		['ACL', 'WHOAMI'],
		['ACL', 'DRYRUN', 'operator', 'SELECT', '3'],
		['ACL', 'DRYRUN', 'operator', 'EVALSHA', 'abc', '1', 'bull:a', 'again'],
		['ACL', 'DRYRUN', 'operator', 'LPUSH', 'bull:a:wait', '1'],
	]);
});

it('names what may not be run, and why', () => {
	const {check} = checked(argv => (argv[3] === 'LPUSH' ? "User operator has no permissions to run the 'lpush' command" : 'OK'));
	expect(check).toMatchObject({
		ok: false,
		reason: expect.stringContaining("This user may not run LPUSH bull:a:wait 1: User operator has no permissions to run the 'lpush'"),
	});
});

it('says nothing where the server cannot tell', () => expect(checked(() => new Error('ERR unknown subcommand')).check).toBeUndefined());
