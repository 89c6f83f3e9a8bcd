import {readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {openRecording, type Recording, recordingIn} from '../../../src/incident/recording/read-recording.ts';
import {recordedOf} from '../../../src/incident/recording/recorded.ts';
import {type RecorderStatus, startRecorder} from '../../../src/incident/recording/recorder.ts';
import type {ConsoleState} from '../../../src/store/store.ts';
import {addEvents, type Happening, type Timeline} from '../../../src/store/timeline.ts';
import {client, noonMs, slowlogEntry, stateWith, storeWith} from '../../helpers/fixtures.ts';
import {handClock} from '../../helpers/hand-clock.ts';
import {queueStatus} from '../../helpers/queue-status.ts';
import {scratchFolder, testRecorder} from '../../helpers/recording.ts';

const happening = (atMs: number, text: string): Happening => ({atMs, kind: 'found', severity: 'P1', text, details: [], subject: text});

/** What a console might have known so many seconds after noon. */
function stateAt(second: number, timeline: Timeline = []): ConsoleState {
	const nowMs = noonMs + second * 1000;
	return stateWith({
		nowMs,
		timeline,
		clients: [client({id: '7', idleSeconds: second}), client({id: String(8 + (second >> 2)), lastCommand: second % 3 === 0 ? 'get' : 'set'})],
		slowlog: Array.from({length: 1 + (second >> 3)}, (_, index) => slowlogEntry({id: index})).toReversed(),
		settings: {save: '3600 1', timeout: String(second >> 4)},
		info: {connectedClients: 12 + (second % 3), totalCommands: 1000 * second, errorStats: new Map([['OOM', second >> 2]])},
		snapshot: {
			queues: {
				data: [queueStatus({waiting: second, processedPerSecond: second / 5.003})],
				updatedAtMs: nowMs,
				failures: 0,
				error: undefined,
				refused: undefined,
			},
		},
	});
}

const events = (...seconds: readonly number[]): Timeline =>
	seconds.reduce<Timeline>((timeline, second) => addEvents(timeline, [happening(noonMs + second * 1000, `finding ${second}`)]), []);

/** States whose timelines grow: at 10 s there are two events, at 20 s three. */
const states = Array.from({length: 30}, (_, second) => stateAt(second, second < 10 ? events(0) : second < 20 ? events(0, 10) : events(0, 10, 20)));

async function recorded(limits = {}) {
	const folder = scratchFolder();
	const recorder = await testRecorder({place: {folder}, limits, state: states[0] ?? stateWith()});
	for (const state of states.slice(1)) await recorder.second(state);
	await recorder.end();
	const [name = ''] = readdirSync(folder);
	return {folder, file: join(folder, name), recorder};
}

describe('a recording', () => {
	it.each([[240_000], [7000]])('gives back every state as it was, in chunks of %d ms', async chunkMs => {
		const {file} = await recorded({chunkMs});
		const recording = await openRecording(file);
		// The last one is taken again when the console ends.
		expect({...recording, at: undefined}).toMatchObject({
			version: '1.2.3',
			fromMs: noonMs,
			toMs: noonMs + 29_000,
			isRedacted: false,
			frames: 30,
			damage: undefined,
			isCut: false,
		});
		for (const second of [...states.keys(), 13, 2, 28, 27, 26, 0]) {
			expect(recording.at(noonMs + second * 1000 + 999)).toStrictEqual(recordedOf(states[second] ?? stateWith()));
		}
		expect(recording.at(0)).toStrictEqual(recordedOf(stateAt(0, events(0))));
		expect(recording.at(Number.MAX_SAFE_INTEGER)).toStrictEqual(recordedOf(states[29] ?? stateWith()));
	});

	it('knows its moments, to step from one to the next', async () => {
		const recording = await openRecording((await recorded()).file);
		const {momentAt, momentBefore, momentAfter} = recording;
		expect([momentAt(noonMs + 5500), momentBefore(noonMs + 5500), momentAfter(noonMs + 5500)]).toEqual([noonMs + 5000, noonMs + 4000, noonMs + 6000]);
		expect([momentAt(0), momentBefore(0), momentAfter(0)]).toEqual([noonMs, undefined, noonMs + 1000]);
		expect(momentAfter(noonMs + 60_000)).toBeUndefined();
	});

	it('shares what has not changed from one frame to the next', async () => {
		const recording = await openRecording((await recorded()).file);
		const [before, after] = [recording.at(noonMs + 4000), recording.at(noonMs + 5000)];
		expect(after.session).toBe(before.session);
		expect(after.snapshot.slowlog.data).toBe(before.snapshot.slowlog.data);
		expect(after.timeline).toBe(before.timeline);
	});

	it('has the events of the timeline as marks', async () => {
		const {marks} = await openRecording((await recorded()).file);
		expect(marks.map(({atMs, kind, severity, text, subject}) => [atMs - noonMs, kind, severity, text, subject])).toEqual([
			[0, 'found', 'P1', 'finding 0', 'finding 0'],
			[10_000, 'found', 'P1', 'finding 10', 'finding 10'],
			[20_000, 'found', 'P1', 'finding 20', 'finding 20'],
		]);
	});

	it('marks no end that was taken back, and keeps what newer events have pushed out', async () => {
		const folder = scratchFolder();
		const [first, second, third] = events(0, 1, 2);
		if (!first || !second || !third) throw new Error('three events');
		const recorder = await testRecorder({place: {folder}, state: stateAt(0, [first, second])});
		await recorder.second(stateAt(1, [first]));
		await recorder.second(stateAt(2, [{...third, id: 2}]));
		await recorder.end();
		const recording = await openRecording(join(folder, readdirSync(folder)[0] ?? ''));
		expect(recording.marks.map(({text}) => text)).toEqual(['finding 0', 'finding 2']);
	});

	it('is for its owner only, under a name that tells when, what and who', async () => {
		const folder = join(scratchFolder(), 'recordings');
		const recorder = await testRecorder({place: {folder}, owner: {pid: 4711, isAlive: () => true}});
		const file = recorder.file() ?? '';
		expect(file).toBe(join(folder, '20250101T120000Z-cache-4711.rec'));
		expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
		await recorder.end();
	});
});

function openedOrError(bytes: Buffer): Recording | Error {
	try {
		return recordingIn('FILE', bytes);
	} catch (error) {
		return error as Error;
	}
}

/** How many frames can be read; of one more than `before` what is in it. */
function framesIn(bytes: Buffer, before: number): number {
	const recording = openedOrError(bytes);
	if (recording instanceof Error) {
		expect(recording.message).toMatch(/^FILE (is empty: nothing was recorded|holds no moment yet)$/);
		return 0;
	}
	expect(recording.damage).toBeUndefined();
	if (recording.frames > before) expect(recording.at(recording.toMs).nowMs).toBe(recording.toMs);
	return recording.frames;
}

describe('the first frame', () => {
	const begun = () => testRecorder({place: {folder: scratchFolder()}, limits: {firstMs: 500}});

	it('comes when the first screen is there', async () => {
		const {pass, file} = await begun();
		await pass(499);
		expect(file()).toBeUndefined();
		await pass(1);
		expect(file()).toBeDefined();
	});

	it('is written all the same when the console ends before', async () => {
		const folder = scratchFolder();
		const {end} = await testRecorder({place: {folder}, limits: {firstMs: 500}});
		await end();
		const [name = ''] = readdirSync(folder);
		expect((await openRecording(join(folder, name))).frames).toBe(1);
	});
});

describe('a file that is not whole', () => {
	it('plays as far as it goes, wherever it was cut', async () => {
		const folder = scratchFolder();
		const recorder = await testRecorder({place: {folder}, limits: {chunkMs: 2000}, state: stateWith()});
		for (let second = 1; second < 4; second++) await recorder.second(stateWith({nowMs: noonMs + second * 1000}));
		await recorder.end();
		const whole = readFileSync(join(folder, readdirSync(folder)[0] ?? ''));
		const frames: number[] = [];
		for (let length = 0; length <= whole.length; length++) frames.push(framesIn(whole.subarray(0, length), frames.at(-1) ?? 0));
		expect(frames).toEqual(frames.toSorted((a, b) => a - b));
		expect(frames.at(-1)).toBe(4);
		expect(recordingIn('FILE', whole).isCut).toBe(false);
		expect(recordingIn('FILE', whole.subarray(0, -1)).isCut).toBe(true);
	});

	it('says at which byte and after which moment it is damaged, whichever byte it is', async () => {
		const folder = scratchFolder();
		const recorder = await testRecorder({place: {folder}, limits: {chunkMs: 2000}});
		for (let second = 1; second < 4; second++) await recorder.second(stateWith({nowMs: noonMs + second * 1000}));
		await recorder.end();
		const whole = readFileSync(join(folder, readdirSync(folder)[0] ?? ''));
		for (let at = 0; at < whole.length; at++) {
			const bytes = Buffer.from(whole);
			bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
			const recording = openedOrError(bytes);
			if (recording instanceof Error) {
				expect(recording.message).toMatch(
					/is not a recording of redis-triage|was written by another version|holds no moment yet \(.* does not match its checksum\)/,
				);
			} else {
				expect(recording.damage?.reason).toMatch(/does not match its checksum/);
				expect(recording.damage?.atByte).toBeLessThanOrEqual(at);
				expect(recording.damage?.ofBytes).toBe(whole.length);
				expect(recording.damage?.afterMs).toBe(recording.toMs);
				expect(recording.at(recording.toMs).session.target.name).toBe('cache');
			}
		}
	});

	it.each([
		['nothing', Buffer.alloc(0), 'is empty: nothing was recorded'],
		['something else', Buffer.from('{"at": "2025-01-01T12:00:00Z"}'), 'is not a recording of redis-triage'],
		['another version', Buffer.from('\x89RTREC\r\n\x02\0\0\0', 'latin1'), 'was written by another version of redis-triage (format 2): this one cannot read it'],
	])('tells %s from a recording', async (_, bytes, words) => {
		const file = join(scratchFolder(), 'file');
		writeFileSync(file, bytes);
		await expect(openRecording(file)).rejects.toThrow(`${file} ${words}`);
	});

	it('tells that there is none', async () => {
		await expect(openRecording('/nowhere/file')).rejects.toThrow('/nowhere/file cannot be read: there is no such file');
	});
});

describe('the limits', () => {
	it('begin a new file when one is large, and delete the oldest whole ones', async () => {
		const folder = scratchFolder();
		const recorder = await testRecorder({place: {folder}, limits: {fileBytes: 6000, folderBytes: 20_000, chunkMs: 2000}});
		for (let second = 1; second < 60; second++) await recorder.second(states[second % 30] ?? stateWith());
		await recorder.end();
		const names = readdirSync(folder).map(name => Number(/\.(\d+)\.rec$/.exec(name)?.[1] ?? 1));
		const sizes = readdirSync(folder).map(name => statSync(join(folder, name)).size);
		expect(Math.min(...names)).toBeGreaterThan(1);
		expect(sizes.length).toBeGreaterThan(1);
		expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(20_000 + 6000);
		for (const name of readdirSync(folder)) expect((await openRecording(join(folder, name))).frames).toBeGreaterThan(0);
	});

	it('begin a new file after a day, in which all is told that the next ones build on', async () => {
		const folder = scratchFolder();
		const recorder = await testRecorder({place: {folder}, state: stateAt(0, events(0)), limits: {fileMs: 5000}});
		for (const state of states.slice(1, 8)) await recorder.second(state);
		await recorder.end();
		expect(readdirSync(folder)).toHaveLength(2);
		const recording = await openRecording(join(folder, readdirSync(folder).find(name => name.includes('.2.rec')) ?? ''));
		expect(recording.at(noonMs + 7000)).toStrictEqual(recordedOf(states[7] ?? stateWith()));
		expect(recording.marks).toHaveLength(1);
	});

	it('spare what a living console writes, and what is no recording', async () => {
		const folder = scratchFolder();
		// Nobody writes to a recording once in a month: that number is somebody else's by now.
		const ages = {'20241201T000000Z-cache-100.rec': 30, '20241201T000000Z-300.rec': 30, '20241231T000000Z-200.rec': 1, 'notes.txt': 30, 'mine.rec': 30};
		for (const [name, days] of Object.entries(ages)) {
			writeFileSync(join(folder, name), 'x');
			utimesSync(join(folder, name), noonMs / 1000 - days * 86_400, noonMs / 1000 - days * 86_400);
		}
		const recorder = await testRecorder({place: {folder}, limits: {ageMs: 3_600_000}, owner: {pid: 400, isAlive: pid => pid === 200 || pid === 300}});
		await recorder.end();
		expect(readdirSync(folder).sort()).toEqual(['20241231T000000Z-200.rec', '20250101T120000Z-cache-400.rec', 'mine.rec', 'notes.txt']);
	});
});

describe('what is in the way of it', () => {
	it('does not write over a file that somebody has named, and says why it is off', async () => {
		const file = join(scratchFolder(), 'incident.rec');
		writeFileSync(file, 'evidence');
		const statuses: RecorderStatus[] = [];
		const {signal} = new AbortController();
		const options = {store: storeWith(), clock: handClock(), place: {file}, version: '1.2.3', isRedacted: false, signal};
		await startRecorder({...options, onStatus: status => statuses.push(status)}).settle();
		expect(statuses).toEqual([{kind: 'off', reason: `${file}: there is such a file already, and a recording is not written over it`}]);
		expect(readFileSync(file, 'utf8')).toBe('evidence');
	});

	it('a folder that cannot be made is told once, and it is tried again', async () => {
		const parent = scratchFolder();
		const folder = join(parent, 'state', 'recordings');
		writeFileSync(join(parent, 'state'), 'a file');
		const recorder = await testRecorder({place: {folder}});
		for (let second = 1; second < 130; second++) await recorder.second(stateAt(second % 30));
		expect(recorder.statuses).toEqual([{kind: 'stopped', file: undefined, reason: `${folder}: a part of the path is no folder`}]);
		rmSync(join(parent, 'state'));
		await recorder.pass(60_000);
		expect(recorder.statuses.at(-1)).toMatchObject({kind: 'recording', file: recorder.file()});
		await recorder.end();
	});

	it('a file that is deleted under its hands is begun anew', async () => {
		const folder = scratchFolder();
		const recorder = await testRecorder({place: {folder}, limits: {retryMs: 5000}});
		rmSync(recorder.file() ?? '');
		for (const state of states.slice(1, 9)) await recorder.second(state);
		await recorder.end();
		expect(readdirSync(folder)).toEqual(['20250101T120000Z-cache-0.2.rec']);
	});
});
