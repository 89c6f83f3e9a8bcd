import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {stripVTControlCharacters} from 'node:util';
import {expect, it, onTestFinished} from 'vitest';
import {startForTest} from '../helpers/server-session.ts';
import {isUp, program, startTriage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

/** A folder of this test's own. */
function ownFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-start-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
}

it('the first frame does not wait for Redis: neither for its answer nor for a connection', async () => {
	const redis = await startForTest();
	redis.signal('SIGSTOP');
	onTestFinished(() => void redis.signal('SIGCONT'));
	for (const url of [redis.url, 'redis://10.255.255.1:6379']) {
		const triage = await startTriage([url]);
		await triage.waitFor(/(CONNECTING|SILENT|DOWN).*2 Clients.*\? help/s, 5000);
		// What it wrote first is a whole screen, with nothing known yet.
		const [first = ''] = stripVTControlCharacters(await triage.rawOutput()).split('? help');
		expect(first).toMatch(/CONNECTING.*2 Clients/s);
		expect(first).not.toMatch(/SILENT|DOWN/);
		await triage.press('q');
		await triage.backAtShell();
	}
});

/** One console from its start to its end, and what is in its cache afterwards. */
async function visit(url: string, cacheHome: string) {
	const triage = await startTriage([url], {env: {XDG_CACHE_HOME: cacheHome}});
	await triage.waitFor(isUp);
	await triage.press('q');
	expect(await triage.backAtShell()).toBe(0);
	expect(await triage.pane()).toEqual(triage.paneBefore);
	expect((await triage.screen()).split('\n').filter(row => !row.startsWith('$'))).toEqual([]);
	const folder = join(cacheHome, 'redis-triage');
	const names = readdirSync(folder);
	return {folder, file: join(folder, names[0] ?? ''), names};
}

const identity = (file: string) => {
	const {ino, mtimeMs, size} = lstatSync(file);
	return {ino, mtimeMs, size};
};

it('keeps what V8 has made of it in a folder of the user alone, takes it from there, and makes it anew when it is broken', async () => {
	const redis = await startForTest();
	const cacheHome = ownFolder();
	const {folder, file, names} = await visit(redis.url, cacheHome);
	expect(names).toEqual([expect.stringMatching(/-console\.v8-cache$/)]);
	expect(lstatSync(folder).mode & 0o777).toBe(0o700);
	expect(lstatSync(file).mode & 0o777).toBe(0o600);
	expect(lstatSync(file).size).toBeGreaterThan(500_000);

	const first = identity(file);
	await visit(redis.url, cacheHome);
	expect(identity(file)).toEqual(first);

	truncateSync(file, first.size - 1000);
	await visit(redis.url, cacheHome);
	expect(identity(file).size).toBeGreaterThan(first.size / 2);
	expect(identity(file)).not.toEqual(first);

	chmodSync(folder, 0o777);
	const before = identity(file);
	await visit(redis.url, cacheHome);
	expect(identity(file)).toEqual(before);
});

it.each([[['check']], [['do', 'script.kill']]])('%j keeps something, too, which a console replaces by more', async command => {
	const redis = await startForTest();
	const cacheHome = ownFolder();
	const env = {PATH: process.env.PATH ?? '', HOME: '/nonexistent', XDG_CACHE_HOME: cacheHome};
	const run = (...words: readonly string[]) => spawnSync(process.execPath, [program, ...words, redis.url], {encoding: 'utf8', env});
	run(...command);
	const folder = join(cacheHome, 'redis-triage');
	expect(readdirSync(folder)).toEqual([expect.stringMatching(/-command\.v8-cache$/)]);
	const {names} = await visit(redis.url, cacheHome);
	expect(names.filter(name => name.includes('-console.'))).toHaveLength(1);
	expect(run('check').stdout).toContain(redis.url.replace('redis://', ''));
	expect(readdirSync(folder)).toEqual([expect.stringMatching(/-console\.v8-cache$/)]);
});

it('in a long run it is kept when nobody is at the keys', {timeout: 60_000}, async () => {
	const redis = await startForTest();
	const cacheHome = ownFolder();
	const triage = await startTriage([redis.url], {env: {XDG_CACHE_HOME: cacheHome}});
	await triage.waitFor(isUp);
	expect(readdirSync(cacheHome)).toEqual([]);
	const folder = join(cacheHome, 'redis-triage');
	await until('it is kept', () => existsSync(folder) && readdirSync(folder).some(name => name.endsWith('.v8-cache')), 30_000);
	await triage.press('q');
	expect(await triage.backAtShell()).toBe(0);
	// V8 takes what was kept then: otherwise it would be made anew.
	const [file = ''] = readdirSync(folder).map(name => join(folder, name));
	const kept = identity(file);
	await visit(redis.url, cacheHome);
	expect(identity(file)).toEqual(kept);
});

it('keeps nothing where it runs with the rights of somebody else than who started it', async () => {
	const redis = await startForTest();
	const folder = ownFolder();
	const disguise = join(folder, 'disguise.cjs');
	const kept = (as: string) => {
		writeFileSync(disguise, as);
		const env = {PATH: process.env.PATH ?? '', HOME: '/nonexistent', XDG_CACHE_HOME: folder};
		expect(spawnSync(process.execPath, ['--require', disguise, program, 'check', redis.url], {encoding: 'utf8', env}).stderr).toBe('');
		return existsSync(join(folder, 'redis-triage'));
	};
	expect(kept('process.geteuid = () => process.getuid() + 1')).toBe(false);
	expect(kept('process.getegid = () => process.getgid() + 1')).toBe(false);
	expect(kept('')).toBe(true);
});

/** A Node that says it is another one. */
function runAs(version: string, args: readonly string[]) {
	const disguise = join(ownFolder(), 'disguise.cjs');
	writeFileSync(disguise, `Object.defineProperty(process, 'versions', {value: {...process.versions, node: '${version}'}});`);
	const {status, stdout, stderr} = spawnSync(process.execPath, ['--require', disguise, program, ...args], {encoding: 'utf8'});
	return {status, stdout, stderr};
}

it('a Node that is too old gets one line', () => {
	const stderr = `redis-triage: Node 20.19 or newer is needed, and ${process.execPath} is 18.20.4\n`;
	expect(runAs('18.20.4', ['--version'])).toEqual({status: 2, stdout: '', stderr});
	expect(runAs('18.20.4', ['check'])).toEqual({status: 3, stdout: '', stderr});
});

it('a stack trace names the file that there is', () => {
	const {stderr} = spawnSync(process.execPath, [program, '--no-such-flag'], {
		encoding: 'utf8',
		env: {PATH: process.env.PATH ?? '', HOME: '/nonexistent', REDIS_TRIAGE_DEBUG: '1'},
	});
	expect(stderr).toMatch(new RegExp(`at .*${program}:\\d+:\\d+`));
});
