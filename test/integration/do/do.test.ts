import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {doer} from '../../helpers/do-run.ts';
import {openDo as open, phasesOf} from '../../helpers/do-server.ts';

describe('a dry run', () => {
	it('shows what the dialog would, opens no connection that acts, and writes nothing down', async () => {
		const test = await open();
		const {code, text, message} = await test.run([...test.raise, '--dry-run']);
		expect({code, message}).toEqual({code: 0, message: undefined});
		expect(text.split('\n')).toEqual([
			'Raise the time limit of scripts (disruptive)',
			`  target   127.0.0.1:${test.proxy.port}   master`,
			'  setting  busy-reply-threshold',
			'  now      5000 ms',
			'  new      9000 ms',
			'  sends    CONFIG SET busy-reply-threshold 9000',
			expect.stringMatching(/^ {2}effect {3}a script may now run 9000 ms/),
			...Array.from({length: 3}, () => expect.stringMatching(/^ {11}\S/)),
			'  affects  everybody who waits behind a long script',
			'  undo     CONFIG SET busy-reply-threshold 5000',
			'  cost     none',
			'  ok the server answers',
			'  ok the limit is still 5000 ms',
			'  ok you may run CONFIG SET',
			'  ok a dry run: the connection that acts stays closed',
			'  To run it: --yes',
			'',
		]);
		expect(await test.setting()).toBe('5000');
		expect(test.proxy.commands.filter(argv => String(argv).includes(':act'))).toEqual([]);
		expect(test.audit()).toEqual([]);
	});

	it('says the same as JSON', async () => {
		const test = await open();
		const {code, json} = await test.run([...test.raise, '--dry-run', '--json']);
		expect(code).toBe(0);
		expect(json()).toEqual({
			schema: 1,
			action: 'script.raise-limit',
			title: 'Raise the time limit of scripts',
			danger: 'disruptive',
			target: `127.0.0.1:${test.proxy.port}`,
			environment: null,
			facts: [
				['setting', 'busy-reply-threshold'],
				['now', '5000 ms'],
				['new', '9000 ms'],
			],
			plan: [['CONFIG', 'SET', 'busy-reply-threshold', '9000']],
			goesOn: null,
			places: [],
			effect: [expect.any(String), expect.any(String), expect.any(String)],
			affects: 'everybody who waits behind a long script',
			cost: 'none',
			undo: 'CONFIG SET busy-reply-threshold 5000',
			checks: expect.arrayContaining([{label: 'you may run CONFIG SET', ok: true, reason: null}]),
			confirm: 'yes',
			refused: null,
		});
	});

	it('exits with 1 where it could not run, and says why', async () => {
		const test = await open();
		expect(await test.run(['client.kill', '--on', '7777', '--dry-run'])).toMatchObject({
			code: 1,
			text: expect.stringMatching(/\nIt cannot run now: There is no client 7777\n$/),
		});
		expect((await test.run(['script.kill', '--dry-run', '--json'])).json()).toMatchObject({refused: 'No script is running: the server answers', plan: []});
		const readOnly = await test.run([...test.raise, '--dry-run', '--read-only']);
		expect(readOnly.code).toBe(1);
		expect(readOnly.text).toMatch(/sends {4}CONFIG SET busy-reply-threshold 9000\n.*It cannot run now: It is read-only by --read-only/s);
		await test.redis.call('ACL', 'SETUSER', 'limited', 'on', '>secret', '~*', '+@all', '-config|set');
		const limited = await test.run([...test.raise, '--dry-run', '--user', 'limited', '-a', 'secret']);
		expect(limited).toMatchObject({code: 1, text: expect.stringContaining('This user has no permission to run CONFIG SET')});
	});
});

describe('consent', () => {
	it('without --yes it shows it, exits with 2, and leaves the trace that the screen leaves', async () => {
		const test = await open();
		const {code, text, message} = await test.run(test.raise);
		expect({code, message}).toEqual({code: 2, message: 'redis-triage: not run, nothing was sent: --yes runs it'});
		expect(text).toContain('sends    CONFIG SET busy-reply-threshold 9000\n');
		expect(test.sent()).toEqual([]);
		expect(phasesOf(test)).toEqual(['outcome cancelled']);
	});

	it('a wrong word is none, whatever else is given', async () => {
		const test = await open();
		const {code, message} = await test.run([...test.raise, '--yes', '--confirm', 'prod']);
		expect({code, message}).toEqual({
			code: 2,
			message: `redis-triage: not run, nothing was sent: --confirm must be 127.0.0.1:${test.proxy.port}, the name of the target`,
		});
		expect(test.sent()).toEqual([]);
	});

	it('on production it says so, and asks by the name of the config file', async () => {
		const test = await open();
		const folder = join(test.homeFolder, '.config/redis-triage');
		mkdirSync(folder, {recursive: true});
		writeFileSync(join(folder, 'config.yaml'), `targets:\n  prod-cache: {url: "${test.proxy.url}", environment: production}\n`);
		const {code, text} = await test.run(test.raise);
		expect(code).toBe(2);
		expect(text).toMatch(/target {3}127\.0\.0\.1:\d+ {3}master {3}PRODUCTION\n/);
		const {json} = await test.run([...test.raise, '--yes', '--json']);
		expect(json()).toMatchObject({outcome: 'done'});
	});
});

describe('a run', () => {
	it('sends what was shown, once, verifies it, and says how to take it back; that works', async () => {
		const test = await open();
		const {code, json} = await test.run([...test.raise, '--yes', '--json']);
		const plan = [['CONFIG', 'SET', 'busy-reply-threshold', '9000']];
		const way = `redis-triage do script.raise-limit -h 127.0.0.1 -p ${test.proxy.port} --set ms=5000 --set from=9000 --yes`;
		expect(json()).toEqual({
			schema: 1,
			action: 'script.raise-limit',
			target: `127.0.0.1:${test.proxy.port}`,
			outcome: 'done',
			detail: 'busy-reply-threshold is 9000 ms',
			plan,
			next: [],
			undo: {plan: [['CONFIG', 'SET', 'busy-reply-threshold', '5000']], do: way},
			output: [],
			progress: null,
			auditId: test.audit()[0]?.id,
			auditFile: test.auditFile,
		});
		expect(code).toBe(0);
		expect(test.sent()).toEqual(plan);
		expect(phasesOf(test)).toEqual(['intent', 'outcome done']);
		expect(test.audit()).toMatchObject([{plan, operator: 'tester'}, {plan}]);

		const back = await doer().run(way.split(' ').slice(2));
		expect(back).toMatchObject({
			code: 0,
			text: expect.stringMatching(/^DONE busy-reply-threshold is 5000 ms\n {2}undo {3}CONFIG SET busy-reply-threshold 9000\n {9}redis-triage do /),
		});
		expect(await test.setting()).toBe('5000');
	});

	it('closes many clients in rounds, and says how far it is', async () => {
		const test = await open();
		const victims = await Promise.all(Array.from({length: 40}, () => test.redis.connect()));
		const ids = await Promise.all(victims.map(async victim => String(await victim.call('CLIENT', 'ID'))));
		const {code, json, told} = await test.run(['client.kill', ...ids.flatMap(id => ['--on', id]), '--yes', '--json'], {isTerminal: true});
		expect(code).toBe(0);
		expect(json()).toMatchObject({
			outcome: 'done',
			undo: null,
			progress: {unit: 'clients', total: 40, done: 40, skipped: 0, failed: 0, rounds: expect.any(Number)},
		});
		expect(told.at(-2)).toMatch(/^\r\u001b\[K40 of 40 clients done, /);
		expect(told.at(-1)).toBe('\r\u001b[K');
		await Promise.all(victims.map(victim => victim.closed));
	});

	it('stops between two rounds, with an account: exit 1', async () => {
		const test = await open();
		const victims = await Promise.all(Array.from({length: 400}, () => test.redis.connect()));
		const ids = await Promise.all(victims.map(async victim => String(await victim.call('CLIENT', 'ID'))));
		const stop = new AbortController();
		const {code, text} = await test.run(['client.kill', ...ids.flatMap(id => ['--on', id]), '--yes'], {
			stop: stop.signal,
			isTerminal: true,
			onTold: () => stop.abort(),
		});
		expect(code).toBe(1);
		expect(text).toMatch(/^CANCELLED stopped between two rounds\. [\d,]+ done, [\d,]+ not tried, in \d+ rounds?\n/);
		expect(test.sent().length).toBeLessThan(400);
		expect(phasesOf(test)).toEqual(['intent', 'outcome cancelled']);
	});

	it('stopped before it began it sends nothing and leaves nothing behind', async () => {
		const test = await open();
		const run = await test.run([...test.raise, '--yes'], {stop: AbortSignal.abort()});
		expect(run).toMatchObject({code: 1, text: '', message: 'redis-triage: stopped before anything was sent'});
		expect(test.sent()).toEqual([]);
		expect(test.audit()).toEqual([]);
	});

	it('a lost reply is unknown: exit 3, and it was sent once', async () => {
		const test = await open();
		const lost = test.proxy.loseReplyTo(([command, subcommand]) => command === 'CONFIG' && subcommand === 'SET');
		const {code, text} = await test.run([...test.raise, '--yes']);
		await lost;
		expect({code, text}).toEqual({code: 3, text: expect.stringMatching(/^UNKNOWN the connection was lost before the reply/)});
		expect(test.sent()).toEqual([['CONFIG', 'SET', 'busy-reply-threshold', '9000']]);
		expect(phasesOf(test)).toEqual(['intent', 'outcome unknown']);
	});

	it('who is not there is refused: exit 1', async () => {
		const test = await open();
		expect(await test.run(['client.kill', '--on', '7777', '--yes'])).toMatchObject({
			code: 1,
			text: expect.stringMatching(/^REFUSED There is no client 7777\n/),
		});
		expect(await test.run(['client.kill', '--on', 'web-1', '--yes'])).toMatchObject({
			code: 1,
			text: expect.stringMatching(/^REFUSED --on must be the id of a client/),
		});
		expect(test.sent()).toEqual([]);
	});

	it('read-only by flag or locked by the config file: refused, without a connection that acts', async () => {
		const test = await open();
		const flagged = await test.run([...test.raise, '--yes', '--read-only']);
		expect(flagged).toMatchObject({code: 1, text: expect.stringMatching(/^REFUSED This console is read-only\n/)});
		const file = join(test.homeFolder, 'locked.yaml');
		writeFileSync(file, `targets:\n  prod: {url: "${test.proxy.url}", read-only: locked}\n`);
		const locked = await test.run([...test.raise, '--yes', '--config', file]);
		expect(locked).toMatchObject({
			code: 1,
			text: expect.stringMatching(/^REFUSED This console is read-only\n {2}now {4}This target is locked read-only by\s+\S*locked\.yaml:2\n/),
		});
		expect(test.proxy.commands.filter(argv => String(argv).includes(':act'))).toEqual([]);
		expect(phasesOf(test)).toEqual(['outcome refused', 'outcome refused']);
	});

	it('DOWN: refused within two seconds', async () => {
		const {run} = doer();
		const {code, text, tookMs} = await run(['script.kill', '--yes', '-p', '1']);
		expect({code, text}).toEqual({code: 1, text: expect.stringMatching(/^REFUSED The server is down/)});
		expect(tookMs).toBeLessThan(2500);
	});
});

it('runs a program of the config file, with its output; dry it does not', async () => {
	const test = await open();
	const file = join(test.homeFolder, 'hooks.yaml');
	const trace = join(test.homeFolder, 'trace');
	writeFileSync(file, `hooks:\n  - {name: restart, command: [sh, -c, "echo ran >> ${trace}; echo one; echo two"], danger: disruptive}\n`);
	const dry = await test.run(['hook.restart', '--dry-run', '--config', file]);
	expect(dry).toMatchObject({code: 0, text: expect.stringContaining('Run the hook restart (disruptive)')});
	expect(existsSync(trace)).toBe(false);
	expect(await test.run(['hook.restrat', '--config', file]).catch(String)).toContain('did you mean hook.restart?');
	const {code, json} = await test.run(['hook.restart', '--yes', '--json', '--config', file]);
	expect(code).toBe(0);
	expect(json()).toMatchObject({outcome: 'done', output: ['one', 'two'], undo: null, auditId: test.audit()[0]?.id});
	expect(readFileSync(trace, 'utf8')).toBe('ran\n');
	expect(phasesOf(test)).toEqual(['intent', 'outcome done']);
});
