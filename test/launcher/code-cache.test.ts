import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	chownSync,
	existsSync,
	lstatSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished, vi} from 'vitest';
import {openCodeCache, type Place} from '../../src/launcher/code-cache.ts';
import {smallDisk} from '../helpers/small-disk.ts';

const userId = process.getuid?.() ?? 0;
const data = Buffer.from('what V8 has made of the program');

/** A home, and a cache in it as a process would open it. */
function openHome(place: Partial<Place> = {}) {
	const home = mkdtempSync(join(tmpdir(), 'redis-triage-home-'));
	onTestFinished(() => rmSync(home, {recursive: true, force: true}));
	const folder = join(home, '.cache/redis-triage');
	const open = (other: Partial<Place> = {}) => openCodeCache({cacheHome: undefined, home, userId, name: 'abc-v8', ...place, ...other});
	return {home, folder, file: join(folder, 'abc-v8-console.v8-cache'), open, cache: open()};
}

/** One that has been written to. */
function filledHome() {
	const home = openHome();
	home.cache.write('console', () => data);
	expect(home.cache.read(['console'])?.data.equals(data)).toBe(true);
	return home;
}

const modeOf = (path: string) => lstatSync(path).mode & 0o777;

it('gives back what was written, from a folder that only the user can look into', () => {
	const {cache, folder, file} = openHome();
	expect(cache.read(['console'])).toBeUndefined();
	cache.write('console', () => data);
	expect(cache.read(['console', 'command'])).toEqual({kind: 'console', data});
	expect(cache.read(['command', 'console'])).toEqual({kind: 'console', data});
	expect(cache.read(['command'])).toBeUndefined();
	expect(modeOf(folder)).toBe(0o700);
	expect(modeOf(file)).toBe(0o600);
	expect(readdirSync(folder)).toHaveLength(1);
});

it('another program, another engine, other flags: another name, which is not found', () => {
	const {open} = filledHome();
	expect(open({name: 'abd-v8'}).read(['console'])).toBeUndefined();
});

it('XDG_CACHE_HOME comes first, unless it is relative', () => {
	const {home, folder, open} = openHome();
	open({cacheHome: 'relative'}).write('console', () => data);
	expect(existsSync(folder)).toBe(true);
	open({cacheHome: join(home, 'elsewhere')}).write('console', () => data);
	expect(existsSync(join(home, 'elsewhere/redis-triage'))).toBe(true);
	expect(existsSync('relative')).toBe(false);
});

it.each([
	['is writable for the group', ({folder}) => chmodSync(folder, 0o770)],
	['is writable for all', ({folder}) => chmodSync(folder, 0o707)],
	['belongs to somebody else', ({folder}) => chownSync(folder, userId + 1, 0)],
	[
		'is a link',
		({folder}) => {
			renameSync(folder, `${folder}-real`);
			symlinkSync(`${folder}-real`, folder);
		},
	],
	[
		'is a file',
		({folder}) => {
			rmSync(folder, {recursive: true});
			writeFileSync(folder, '');
		},
	],
] as const satisfies readonly (readonly [string, (home: ReturnType<typeof openHome>) => void])[])(
	'a folder that %s is not read, and not written to, nor is anything made for it',
	(_what, spoil) => {
		const home = filledHome();
		spoil(home);
		expect(home.cache.read(['console'])).toBeUndefined();
		const make = vi.fn(() => data);
		home.cache.write('command', make);
		expect(make).not.toHaveBeenCalled();
		expect(existsSync(home.file.replace('console', 'command'))).toBe(false);
	},
);

it.each([
	['is writable for the group', ({file}) => chmodSync(file, 0o620)],
	['belongs to somebody else', ({file}) => chownSync(file, userId + 1, 0)],
	[
		'is a link',
		({file}) => {
			renameSync(file, `${file}-real`);
			symlinkSync(`${file}-real`, file);
		},
	],
	['is empty', ({file}) => writeFileSync(file, '')],
	['has been cut off', ({file}) => writeFileSync(file, readFileSync(file).subarray(0, -1))],
	['has one wrong byte', ({file}) => writeFileSync(file, readFileSync(file).fill('X', 5, 6))],
] as const satisfies readonly (readonly [string, (home: ReturnType<typeof openHome>) => void])[])(
	'a file that %s is not read; the next one takes its place',
	(_what, spoil) => {
		const home = filledHome();
		spoil(home);
		expect(home.cache.read(['console'])).toBeUndefined();
		home.cache.write('console', () => data);
		expect(home.cache.read(['console'])?.data.equals(data)).toBe(true);
	},
);

it.each([
	['no HOME', {home: ''}],
	['a HOME that is relative', {home: 'here'}],
	['a HOME that is not there and cannot be made', {home: '/proc/nowhere'}],
	['a HOME that is a file', {home: '/etc/passwd'}],
	['no users at all', {userId: undefined}],
	['a HOME of somebody else', {userId: userId + 1}],
] as const)('%s: nothing is read or written, and nothing fails', (_what, place) => {
	const {home, cache} = openHome(place);
	expect(cache.read(['console'])).toBeUndefined();
	const make = vi.fn(() => data);
	cache.write('console', make);
	expect(make).not.toHaveBeenCalled();
	expect(cache.read(['console'])).toBeUndefined();
	expect(readdirSync(home)).toEqual([]);
});

it('a disk that is full keeps no half of it, and what it kept before stays', ctx => {
	const disk = smallDisk(64);
	if (disk === undefined) return ctx.skip('this user may not mount a small disk');
	const {open} = openHome();
	const cache = open({cacheHome: disk});
	cache.write('console', () => data);
	cache.write('console', () => Buffer.alloc(100_000, 1));
	expect(readdirSync(join(disk, 'redis-triage'))).toEqual(['abc-v8-console.v8-cache']);
	expect(cache.read(['console'])?.data.equals(data)).toBe(true);
});

it('a disk that cannot be written to', ctx => {
	const disk = smallDisk(64);
	if (disk === undefined) return ctx.skip('this user may not mount a small disk');
	const {open} = openHome();
	execFileSync('mount', ['-o', 'remount,ro', disk]);
	const make = vi.fn(() => data);
	open({cacheHome: disk}).write('console', make);
	expect(make).not.toHaveBeenCalled();
	expect(readdirSync(disk)).toEqual([]);
});

it('a folder on a disk that cannot be written to any more', ctx => {
	const disk = smallDisk(64);
	if (disk === undefined) return ctx.skip('this user may not mount a small disk');
	const cache = openHome().open({cacheHome: disk});
	cache.write('command', () => data);
	execFileSync('mount', ['-o', 'remount,ro', disk]);
	const make = vi.fn(() => data);
	cache.write('console', make);
	expect(make).not.toHaveBeenCalled();
	expect(cache.read(['console', 'command'])).toMatchObject({kind: 'command'});
});

it('one that does for another kind, too, takes its place', () => {
	const {cache, folder} = openHome();
	cache.write('command', () => data);
	cache.write('console', () => data, ['command']);
	expect(readdirSync(folder)).toEqual(['abc-v8-console.v8-cache']);
});

it('what is read now and then does not go as the oldest', () => {
	const {file, cache, folder, open} = filledHome();
	utimesSync(file, 1, 1);
	expect(cache.read(['console'])).toBeDefined();
	for (let count = 0; count < 6; count++) {
		open({name: `new${count}`}).write('console', () => data);
		utimesSync(join(folder, `new${count}-console.v8-cache`), 1000, 1000);
	}
	open({name: 'last'}).write('console', () => data);
	expect(readdirSync(folder)).toContain('abc-v8-console.v8-cache');
});

it('a draft that a killed process has left is in nobody’s way, and goes with the next one', () => {
	const {cache, folder, file} = openHome();
	cache.write('command', () => data);
	for (const left of [`${file}.${process.pid}`, `${file}.7`]) {
		writeFileSync(left, 'half');
		utimesSync(left, 1, 1);
	}
	cache.write('console', () => data);
	expect(readdirSync(folder).sort()).toEqual(['abc-v8-command.v8-cache', 'abc-v8-console.v8-cache']);
});

it('keeps the newest, and removes old ones and drafts of processes that were killed', () => {
	const {folder, open, cache} = filledHome();
	for (let age = 10; age >= 1; age--) {
		open({name: `old${age}`}).write('console', () => data);
		utimesSync(join(folder, `old${age}-console.v8-cache`), Date.now() / 1000 - age * 60, Date.now() / 1000 - age * 60);
	}
	writeFileSync(join(folder, 'abc-v8-console.v8-cache.77'), 'half');
	utimesSync(join(folder, 'abc-v8-console.v8-cache.77'), 1, 1);
	writeFileSync(join(folder, 'abc-v8-console.v8-cache.78'), 'being written');
	writeFileSync(join(folder, 'something-else'), '');
	cache.write('console', () => data);
	const old = [1, 2, 3, 4, 5].map(age => `old${age}-console.v8-cache`);
	expect(readdirSync(folder).sort()).toEqual(['abc-v8-console.v8-cache', 'abc-v8-console.v8-cache.78', ...old, 'something-else']);
});
