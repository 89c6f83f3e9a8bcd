import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import packageFile from '../../package.json' with {type: 'json'};
import {findServerBinary} from '../../src/demo/server-binary.ts';
import {childrenOf} from '../helpers/processes.ts';
import {startForTest} from '../helpers/server-session.ts';
import {start} from '../helpers/tmux.ts';
import {program as builtProgram, isUp} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

const root = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'redis-triage-out-'));
afterAll(() => rmSync(scratch, {recursive: true, force: true}));

/** A folder with nothing in it. */
function emptyFolder(): string {
	const folder = mkdtempSync(join(scratch, 'empty-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
}

/** A PATH with these programs and no others. */
function pathOf(programs: Readonly<Record<string, string>>): string {
	const folder = mkdtempSync(join(scratch, 'bin-'));
	for (const [name, file] of Object.entries(programs)) symlinkSync(realpathSync(file), join(folder, name));
	return folder;
}

/** What cuts a program off from every network, loopback included, where this machine allows it. */
const offline = [['unshare', '-n'], ['unshare', '-rn'], []].find(([command = 'true', ...args]) => spawnSync(command, [...args, 'true']).status === 0) ?? [];

/** npm with nothing of this machine's, and a registry that does not answer. */
function npm(program: 'npm' | 'npx', args: readonly string[], cwd: string, home: string) {
	const env = {
		PATH: `${pathOf({node: process.execPath})}:${process.env.PATH}`,
		HOME: home,
		npm_config_registry: 'http://127.0.0.1:9/',
		npm_config_audit: 'false',
	};
	const {status, stdout, stderr} = spawnSync(program, args, {cwd, env, encoding: 'utf8', timeout: 60_000});
	if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${status}\n${stdout}${stderr}`);
	return stdout;
}

type Packed = {readonly filename: string; readonly files: readonly {readonly path: string}[]};

const prefix = join(scratch, 'prefix');
let packed: Packed;
let tarball: string;

beforeAll(() => {
	const home = mkdtempSync(join(scratch, 'home-'));
	const [first] = JSON.parse(npm('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', scratch], root, home)) as readonly Packed[];
	if (!first) throw new Error('npm pack made nothing');
	packed = first;
	tarball = join(scratch, packed.filename);
	npm('npm', ['install', '--global', '--offline', '--prefix', prefix, tarball], scratch, home);
});

describe('the tarball', () => {
	it('holds the program, the file of the demo, licences, man page, completions and README', () => {
		expect(packed.files.map(({path}) => path).toSorted()).toEqual([
			'LICENSE',
			'README.md',
			'dist/THIRD-PARTY-NOTICES.txt',
			'dist/completions/_redis-triage',
			'dist/completions/redis-triage',
			'dist/completions/redis-triage.fish',
			'dist/redis-triage-queues.cjs',
			'dist/redis-triage.1',
			'dist/redis-triage.mjs',
			'package.json',
		]);
	});

	it('is built when it is packed, and needs nothing and runs nothing when it is installed', () => {
		expect(packageFile.scripts.prepack).toBe('npm run build');
		expect(readdirSync(join(prefix, 'lib/node_modules'))).toEqual(['redis-triage']);
		expect(readdirSync(join(prefix, 'lib/node_modules/redis-triage'))).not.toContain('node_modules');
		const installed = JSON.parse(readFileSync(join(prefix, 'lib/node_modules/redis-triage/package.json'), 'utf8')) as typeof packageFile;
		expect(Object.keys(installed).filter(key => /dependencies$/i.test(key))).toEqual(['devDependencies']);
		expect(Object.keys(installed.scripts).filter(name => /^(pre|post)?(install|prepare|uninstall)$/.test(name))).toEqual([]);
	});

	it('brings its man page to where man looks', () => {
		expect(readFileSync(join(prefix, 'share/man/man1/redis-triage.1'), 'utf8')).toMatch(/^\.TH REDIS/m);
	});

	it('runs by npx without an installation, offline', () => {
		expect(npm('npx', ['--offline', '--yes', `file:${tarball}`, '--version'], emptyFolder(), emptyFolder())).toBe(`redis-triage ${packageFile.version}\n`);
	});
});

/** Made by `npm run build:binary`, from the program that is tested. */
const binary = join(root, 'dist-binary/redis-triage');
const timeOf = (file: string): number => statSync(file, {throwIfNoEntry: false})?.mtimeMs ?? 0;
const hasBinary = timeOf(binary) > timeOf(builtProgram);

const handedOut = [
	{name: 'tarball', isThere: true, file: join(prefix, 'bin/redis-triage'), programs: {node: process.execPath}},
	{name: 'binary', isThere: hasBinary, file: binary, programs: {}},
];

/** An order to write in one of the sixteen colours. */
const colour = /\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7])(?:;\d+)*m/;

/** Two at a time, as there are workers. */
const terminals = [
	['xterm-256color', 'screen-256color'],
	['tmux-256color', 'linux'],
	['vt100', 'dumb'],
] as const;

describe.each(handedOut)('$name, in an empty folder, with an empty HOME and no network', ({isThere, file, programs}) => {
	/** As a line for the shell, which is the only thing that still sees this machine's programs. */
	function command(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
		const cwd = emptyFolder();
		const home = emptyFolder();
		const variables = Object.entries({PATH: pathOf(programs), HOME: home, ...env}).map(([name, value]) => `${name}=${value}`);
		return {cwd, home, argv: ['sh', '-c', 'cd "$0" && exec "$@"', cwd, ...offline, 'env', '-i', ...variables, file, ...args]};
	}

	it.skipIf(!isThere)('says its version, and nothing else, whatever NODE_OPTIONS has for others', () => {
		const [shell = '', ...args] = command(['--version'], programs.node ? {} : {NODE_OPTIONS: '--require /nowhere.cjs'}).argv;
		const {status, stdout, stderr} = spawnSync(shell, args, {encoding: 'utf8'});
		expect({status, stdout, stderr}).toEqual({status: 0, stdout: `redis-triage ${packageFile.version}\n`, stderr: ''});
	});

	it.skipIf(!isThere)('checks a server', async () => {
		const redis = await startForTest({unixSocket: true});
		const [shell = '', ...args] = command(['check', '-s', redis.socketPath ?? '', '--json']).argv;
		const {status, stdout, stderr} = spawnSync(shell, args, {encoding: 'utf8'});
		expect({stderr, status}).toEqual({status: 1, stderr: ''});
		expect(JSON.parse(stdout)).toMatchObject({schema: 1, state: 'OK'});
	});

	it.skipIf(!isThere).each(terminals)('shows the console on %s and %s, and leaves the terminal as found', async (...pair) => {
		const redis = await startForTest({unixSocket: true});
		await Promise.all(
			pair.map(async TERM => {
				const {argv, cwd, home} = command(['-s', redis.socketPath ?? ''], {TERM, LANG: 'C.UTF-8'});
				const terminal = await start(argv);
				const screen = await terminal.waitFor(isUp, 20_000);
				expect([TERM, screen]).toEqual([TERM, expect.stringMatching(/^[╔┌].*1 Scripts/m)]);
				expect([TERM, colour.test(await terminal.rawOutput())]).toEqual([TERM, TERM !== 'dumb']);
				await terminal.press('q');
				expect([TERM, await terminal.backAtShell()]).toEqual([TERM, 0]);
				await expect.poll(terminal.pane).toEqual(terminal.paneBefore);
				expect([TERM, readdirSync(cwd), readdirSync(home).filter(name => name !== '.local' && name !== '.cache')]).toEqual([TERM, [], []]);
			}),
		);
	});
});

it.skipIf(!hasBinary)('binary: the demo starts its host and its BullMQ workers out of itself, with no node on PATH', async () => {
	const tmp = mkdtempSync(join(scratch, 'tmp-'));
	const PATH = pathOf({'redis-server': findServerBinary(process.env)});
	const terminal = await start(['env', '-i', `PATH=${PATH}`, `HOME=${emptyFolder()}`, `TMPDIR=${tmp}`, 'TERM=tmux-256color', 'LANG=C.UTF-8', binary, 'demo']);
	const pid = await until('the console runs', async () => (await terminal.pid()) || undefined);
	const processes = () => childrenOf(pid).flatMap(host => [host, ...childrenOf(host)]);
	await until('host, server, replica and workers run', () => processes().length === 5, 30_000);
	await terminal.waitFor(/demo-outage DEMO .* master \+1 replica .*4 Queues.* orders +\d.* payments +\d/s, 30_000);
	await terminal.press('q');
	expect(await terminal.backAtShell()).toBe(0);
	await until('its folder is gone', () => readdirSync(tmp).length === 0);
});
