import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {openRecording} from '../../../src/incident/recording/read-recording.ts';
import type {RecorderStatus} from '../../../src/incident/recording/recorder.ts';
import {type Bundle, bundle} from '../../helpers/bundle.ts';
import {scratchFolder} from '../../helpers/recording.ts';
import {smallDisk} from '../../helpers/small-disk.ts';
import {until} from '../../helpers/until.ts';

let program: Bundle;
beforeAll(async () => {
	program = await bundle('test/fixtures/recorder-entry.ts', [{name: 'packages-inside', config: () => ({ssr: {noExternal: true}})}]);
});
afterAll(() => program.remove());

type Said = {readonly folder: string; readonly nowMs: number} | (RecorderStatus & {readonly folder: string});

/** A console that records. */
type Console = {
	readonly statuses: RecorderStatus[];
	/** What was in its store, and is to be in the recording a frame later. */
	readonly moments: number[];
};

type Options = {readonly frameMs?: number; readonly retryMs?: number; readonly words?: readonly string[]};

/** A process with a console for each folder. `words` go in front of its command. */
function record(folders: readonly string[], {frameMs = 10, retryMs = 60_000, words = []}: Options = {}) {
	const [command = '', ...args] = [...words, process.execPath, program.file, String(frameMs), String(retryMs), ...folders];
	const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'inherit']});
	onTestFinished(() => void child.kill('SIGKILL'));
	const ended = new Promise<number | null>(resolve => child.once('close', resolve));
	const consoles = new Map(folders.map((folder): [string, Console] => [folder, {statuses: [], moments: []}]));
	createInterface({input: child.stdout}).on('line', line => {
		const {folder, ...said} = JSON.parse(line) as Said;
		if ('kind' in said) consoles.get(folder)?.statuses.push(said);
		else consoles.get(folder)?.moments.push(said.nowMs);
	});
	const end = (signal: NodeJS.Signals) => {
		child.kill(signal);
		return ended;
	};
	return {consoles: [...consoles], end};
}

/** One console alone. */
function recordOne(folder: string, options: Options): Console & {readonly end: (signal: NodeJS.Signals) => Promise<number | null>} {
	const {consoles, end} = record([folder], options);
	const [, console = {statuses: [], moments: []}] = consoles[0] ?? [];
	return {...console, end};
}

describe('kill -9', () => {
	it('of 50 consoles at random moments: every recording opens, and at most the last frame is missing', async () => {
		const missing: number[] = [];
		for (let round = 0; round < 5; round++) {
			const folders = Array.from({length: 10}, () => scratchFolder());
			const {consoles, end} = record(folders, {frameMs: 20});
			await until('all record', () => consoles.every(([, {statuses}]) => statuses.length > 0));
			const most = 5 + Math.random() * 30;
			await until('some frames have passed', () => consoles.some(([, {moments}]) => moments.length > most));
			await end('SIGKILL');
			for (const [folder, {moments}] of consoles) {
				const names = readdirSync(folder);
				expect(names).toHaveLength(1);
				const recording = await openRecording(join(folder, names[0] ?? ''));
				expect(recording.damage).toBeUndefined();
				const last = recording.at(recording.toMs);
				expect(last.snapshot.clients.data?.clients ?? []).toHaveLength(last.timeline.length > 0 ? 20 : 0);
				expect(recording.marks.length).toBe(last.timeline.length);
				missing.push((moments.at(-1) ?? 0) - last.nowMs);
			}
		}
		expect(missing).toHaveLength(50);
		// A frame is 20 ms here, and ten consoles share a core with whatever else runs: more than a second would be another story.
		expect(Math.max(...missing)).toBeLessThan(1000);
	});
});

describe('a file that can grow no further', () => {
	it('is told once, the console goes on, and another file is begun', async () => {
		const folder = scratchFolder();
		// 40 KB a file: then a write brings less than was asked for, and the next one EFBIG.
		const child = recordOne(folder, {retryMs: 200, words: ['prlimit', '--fsize=40000']});
		await until('it has gone on in another file', () => child.statuses.filter(({kind}) => kind === 'recording').length > 1);
		const moments = child.moments.length;
		await until('the console goes on', () => child.moments.length > moments + 5);
		expect(await child.end('SIGTERM')).toBe(0);
		expect(child.statuses[1]).toMatchObject({kind: 'stopped', reason: expect.stringMatching(/the file may not grow any further$/)});
		for (const name of readdirSync(folder)) {
			const recording = await openRecording(join(folder, name));
			expect([recording.damage, recording.isCut]).toEqual([undefined, false]);
		}
	});
});

describe('a full disk', () => {
	it('is told once, what is there stays whole, and it goes on in the same file when there is room', async ctx => {
		const disk = smallDisk(128);
		if (disk === undefined) return ctx.skip('this user may not mount a small disk');
		const folder = join(disk, 'recordings');
		mkdirSync(folder);
		writeFileSync(join(disk, 'ballast'), Buffer.alloc(64 * 1024));
		const child = recordOne(folder, {retryMs: 200});
		await until('the disk is full', () => child.statuses.some(({kind}) => kind === 'stopped'));
		const [name = ''] = readdirSync(folder);
		const before = await openRecording(join(folder, name));
		expect([before.damage, before.isCut]).toEqual([undefined, false]);
		expect(child.statuses.filter(({kind}) => kind === 'stopped')).toEqual([
			{kind: 'stopped', file: join(folder, name), reason: `${join(folder, name)}: the disk is full`},
		]);
		rmSync(join(disk, 'ballast'));
		await until('it goes on', () => child.statuses.at(-1)?.kind === 'recording');
		const moment = child.moments.at(-1) ?? 0;
		await until('some frames have passed', () => child.moments.length > 0 && (child.moments.at(-1) ?? 0) > moment + 100);
		await child.end('SIGKILL');
		expect(readdirSync(folder)).toEqual([name]);
		const after = await openRecording(join(folder, name));
		expect(after.damage).toBeUndefined();
		expect(after.toMs).toBeGreaterThan(moment);
		expect(after.at(before.toMs)).toEqual(before.at(before.toMs));
		expect(statSync(join(folder, name)).size).toBe(readFileSync(join(folder, name)).length);
	});

	it('a read-only one is told once', async ctx => {
		const disk = smallDisk(128);
		if (disk === undefined) return ctx.skip('this user may not mount a small disk');
		execFileSync('mount', ['-o', 'remount,ro', disk]);
		const child = recordOne(join(disk, 'recordings'), {retryMs: 20});
		await until('the console goes on', () => child.moments.length > 20);
		expect(await child.end('SIGTERM')).toBe(0);
		expect(child.statuses).toEqual([{kind: 'stopped', file: undefined, reason: `${join(disk, 'recordings')}: the file system is read-only`}]);
	});
});
