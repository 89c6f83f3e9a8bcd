import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {messageOf} from '../../../src/errors.ts';
import {ChunkReader, ChunkWriter} from '../../../src/incident/recording/chunk.ts';
import {fileStart, scan, toBytes} from '../../../src/incident/recording/file-format.ts';
import {growing} from '../../../src/incident/recording/growing.ts';
import {openRecording, recordingIn} from '../../../src/incident/recording/read-recording.ts';
import {frameOf, recordedOf} from '../../../src/incident/recording/recorded.ts';
import {client, noonMs, stateWith} from '../../helpers/fixtures.ts';
import {scratchFolder, testRecorder} from '../../helpers/recording.ts';

/** Its moments, those that are found at once, and what the last one shows. */
function whatIsIn(bytes: Buffer): string {
	try {
		const {frames, chunkMoments, at, toMs, isCut} = recordingIn('FILE', bytes);
		return `${frames}, ${chunkMoments.length} at once, ${at(toMs).snapshot.clients.data?.clients.length} clients${isCut ? ', cut' : ''}`;
	} catch (error) {
		return messageOf(error);
	}
}

describe('ten thousand clients', () => {
	it('are written in parts at the beginning of a chunk, and read back whole', async () => {
		const clients = Array.from({length: 1700}, (_, index) => client({id: String(index + 1), idleSeconds: index % 60}));
		const many = [0, 1, 2].map(second =>
			stateWith({nowMs: noonMs + second * 1000, clients: clients.map(row => ({...row, idleSeconds: row.idleSeconds + second}))}),
		);
		const folder = scratchFolder();
		const recorder = await testRecorder({place: {folder}, state: many[0] ?? stateWith()});
		for (const state of many.slice(1)) await recorder.second(state);
		await recorder.end();
		const recording = await openRecording(join(folder, readdirSync(folder)[0] ?? ''));
		for (const [second, state] of many.entries()) expect(recording.at(noonMs + second * 1000)).toEqual(recordedOf(state));
		// A step back from one moment comes to the moment before it, not to another part of the same one.
		expect([2000, 1000, 0].map(ms => recording.momentBefore(noonMs + ms))).toEqual([noonMs + 1000, noonMs, undefined]);
		expect(recording.momentAfter(noonMs)).toBe(noonMs + 1000);
		expect(recording).toMatchObject({frames: 3, chunkMoments: [noonMs], isCut: false});
	});

	it('are all there or not at all, wherever the file is cut', async () => {
		const parts = {clients: Array.from({length: 1200}, (_, index) => client({id: String(index + 1)})), timeline: []};
		const folder = scratchFolder();
		// Every moment begins a chunk.
		const recorder = await testRecorder({place: {folder}, limits: {chunkMs: 1000}, state: stateWith(parts)});
		await recorder.second(stateWith({...parts, nowMs: noonMs + 1000}));
		await recorder.end();
		const whole = readFileSync(join(folder, readdirSync(folder)[0] ?? ''));
		const {records} = scan(whole);
		// The last one is taken again when the console ends.
		expect(records.map(({isPart}) => isPart)).toEqual([false, false, true, true, false, true, true, false, false]);
		let end = fileStart.length;
		const seen = records.map(({payload}) => {
			end += 20 + payload.length;
			return whatIsIn(whole.subarray(0, end));
		});
		const [none, first, second] = ['FILE holds no moment yet', '1, 1 at once, 1200 clients', '2, 2 at once, 1200 clients'];
		expect(seen).toEqual([none, none, none, none, first, `${first}, cut`, `${first}, cut`, second, second]);
	});

	it('are read as well where a version has not marked the parts', async () => {
		const folder = scratchFolder();
		const state = stateWith({clients: Array.from({length: 1200}, (_, index) => client({id: String(index + 1)}))});
		const recorder = await testRecorder({place: {folder}, state});
		await recorder.end();
		const {records} = scan(readFileSync(join(folder, readdirSync(folder)[0] ?? '')));
		const unmarked = Buffer.concat([fileStart, ...records.map(({kind, atMs, payload}) => toBytes({kind, atMs, payload}))]);
		const recording = recordingIn('FILE', unmarked);
		expect(recording).toMatchObject({frames: 1, chunkMoments: [noonMs], isCut: false});
		expect(recording.at(noonMs)).toEqual(recordedOf(state));
	});

	it('grow by 500 at a time', () => {
		const {snapshot, ...rest} = frameOf(stateWith({clients: Array.from({length: 1200}, (_, index) => client({id: String(index)}))}));
		expect([...growing({snapshot, ...rest}, undefined)].map(frame => frame.snapshot.clients.data?.clients.length)).toEqual([500, 1000, 1200]);
		expect([...growing(frameOf(stateWith()), undefined)]).toEqual([frameOf(stateWith())]);
	});

	it('become another list 500 at a time, whoever has come, gone, or moved', async () => {
		const rows = (from: number, to: number, idleSeconds: number) =>
			Array.from({length: to - from}, (_, index) => client({id: String(from + index), idleSeconds: idleSeconds + (from + index)}));
		const [first, second] = [rows(0, 1200, 0), rows(100, 2000, 7).toReversed()];
		const frames = [first, second, second.slice(0, 400), second].map((clients, index) => frameOf(stateWith({nowMs: noonMs + index, clients})));
		const writer = new ChunkWriter(noonMs);
		const payloads: Buffer[] = [];
		const ends: number[] = [];
		for (const frame of frames) {
			for (const part of growing(frame, writer.before)) payloads.push(await writer.add(part));
			ends.push(payloads.length - 1);
		}
		expect(ends).toEqual([2, 7, 8, 12]);
		const reader = new ChunkReader(payloads);
		for (const [index, end] of ends.entries()) expect(reader.frame(end)).toEqual(frames[index]);
		writer.close();
		const changes = [...growing(frames[1] ?? frameOf(stateWith()), frames[0])].map(
			frame => frame.snapshot.clients.data?.clients.filter(row => !first.includes(row)).length,
		);
		// Of those that were there 1,100 stay: 400 of the first 500, of which the first hundred go, 500, and 200. Then 800 new ones come.
		expect(changes).toEqual([400, 900, 1100, 1600, 1900]);
	});
});
