import {execFileSync} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {loadConfig} from '../../src/config/load-config.ts';
import {ConfigError} from '../../src/config/problem.ts';
import {UsageError} from '../../src/errors.ts';

let home = '';
beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'redis-triage-config-'));
});
afterEach(() => rmSync(home, {recursive: true}));

function write(name: string, text: string | Buffer, mode = 0o600): string {
	const path = join(home, name);
	mkdirSync(dirname(path), {recursive: true});
	writeFileSync(path, text);
	chmodSync(path, mode);
	return path;
}

const load = (configFile?: string, env: Readonly<Record<string, string>> = {}) =>
	loadConfig({configFile, env, homeFolder: home, systemFile: join(home, 'etc/config.yaml')});

async function refusal(configFile?: string, env?: Readonly<Record<string, string>>): Promise<readonly string[]> {
	try {
		await load(configFile, env);
	} catch (error) {
		expect(error).toBeInstanceOf(UsageError);
		if (error instanceof ConfigError) return error.problems.map(line => line.replaceAll(home, 'HOME'));
		throw error;
	}
	throw new Error('not refused');
}

const interval = (seconds: number) => `defaults: {interval: ${seconds}}`;

describe('the search path', () => {
	it('may be empty', async () => {
		await expect(load()).resolves.toMatchObject({file: undefined, defaults: {intervalSeconds: 1}});
	});

	it('has the own file before the one of the machine, and does not mix them', async () => {
		const system = write('etc/config.yaml', 'defaults: {interval: 2, record: false}', 0o644);
		await expect(load()).resolves.toMatchObject({file: system, defaults: {intervalSeconds: 2, record: false}});
		const own = write('.config/redis-triage/config.yaml', interval(3));
		await expect(load()).resolves.toMatchObject({file: own, defaults: {intervalSeconds: 3, record: true}});
	});

	it('follows XDG_CONFIG_HOME, if it is a whole path', async () => {
		write('.config/redis-triage/config.yaml', interval(3));
		write('xdg/redis-triage/config.yaml', interval(4));
		expect((await load(undefined, {XDG_CONFIG_HOME: `${home}/xdg/`})).defaults.intervalSeconds).toBe(4);
		expect((await load(undefined, {XDG_CONFIG_HOME: 'xdg'})).defaults.intervalSeconds).toBe(3);
		expect((await load(undefined, {XDG_CONFIG_HOME: ''})).defaults.intervalSeconds).toBe(3);
		expect((await load(undefined, {XDG_CONFIG_HOME: `${home}/none`})).defaults.intervalSeconds).toBe(1);
	});

	it('ends at a file that is there and wrong', async () => {
		write('etc/config.yaml', interval(2));
		write('.config/redis-triage/config.yaml', interval(0));
		expect(await refusal()).toEqual(['HOME/.config/redis-triage/config.yaml:1:22: defaults.interval must be seconds from 0.2 to 60']);
	});

	it('goes on where a folder of it is a file', async () => {
		write('.config', 'x');
		expect((await load()).file).toBeUndefined();
	});
});

describe('--config', () => {
	it('comes before all places', async () => {
		write('.config/redis-triage/config.yaml', 'nonsense: 1');
		const given = write('given.yaml', interval(5));
		await expect(load(given)).resolves.toMatchObject({file: given, defaults: {intervalSeconds: 5}});
	});

	it.each([
		['none.yaml', '--config: cannot read HOME/none.yaml: it does not exist'],
		['file/none.yaml', '--config: cannot read HOME/file/none.yaml: it does not exist'],
		['folder', 'HOME/folder: must be a file, not a folder'],
		['pipe', 'HOME/pipe: must be a file, not a device or pipe'],
		['circle', 'HOME/circle: cannot be read: its links lead in a circle'],
		['latin1', 'HOME/latin1: must be text in UTF-8'],
		['huge', 'HOME/huge: is larger than 256 KiB, which no config file needs'],
		['a\u001b[31m\n', '--config: cannot read HOME/a?[31m?: it does not exist'],
	])('%j is refused in one line', async (name, problem) => {
		write('file', '');
		mkdirSync(join(home, 'folder'));
		execFileSync('sh', ['-c', 'mkfifo "$0"', join(home, 'pipe')]);
		symlinkSync('circle', join(home, 'circle'));
		write('latin1', Buffer.from('scripts: {directories: [\xe4]}', 'latin1'));
		write('huge', `${interval(1)}\n${'#'.repeat(256 * 1024)}`);
		expect(await refusal(join(home, name))).toEqual([problem]);
	});

	it('is refused when it may not be read', async () => {
		const file = write('private.yaml', interval(1), 0o000);
		chmodSync(home, 0o755);
		// Root reads every file, so the test is nobody for a moment.
		const isRoot = process.geteuid?.() === 0;
		if (isRoot) process.seteuid?.(65_534);
		try {
			expect(await refusal(file)).toEqual(['HOME/private.yaml: cannot be read: permission denied']);
		} finally {
			if (isRoot) process.seteuid?.(0);
		}
	});

	it('takes a file of the largest size, a byte order mark and Windows line ends', async () => {
		const text = `\uFEFF${interval(2)}\r\n`;
		const room = 256 * 1024 - Buffer.byteLength(text);
		expect((await load(write('full', text + '#'.repeat(room)))).defaults.intervalSeconds).toBe(2);
	});
});

describe('the mode of the file', () => {
	const text = 'targets:\n  p: {host: h, password: hunter2}';
	it.each([
		[0o600, true],
		[0o400, true],
		[0o640, false],
		[0o644, false],
		[0o601, false],
	])('with a password in it may be %o: %s', async (mode, isTaken) => {
		const file = write('c.yaml', text, mode);
		if (isTaken) expect((await load(file)).targets.size).toBe(1);
		else
			expect(await refusal(file)).toEqual([
				`HOME/c.yaml:2:26: targets.p.password is a password in a file that others can read (mode 0${mode.toString(8)}): chmod 600 HOME/c.yaml`,
			]);
	});

	it('may be any without', async () => {
		expect((await load(write('c.yaml', 'targets: {p: {host: h}}', 0o666))).targets.size).toBe(1);
	});
});
