import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import type {Limits} from '../../src/incident/recording/limits.ts';
import type {Owner, Place} from '../../src/incident/recording/place.ts';
import {type RecorderStatus, startRecorder} from '../../src/incident/recording/recorder.ts';
import type {ConsoleState} from '../../src/store/store.ts';
import {noonMs, stateWith, storeWith} from './fixtures.ts';
import {type HandClock, handClock} from './hand-clock.ts';

/** A folder that the end of the test removes. */
export function scratchFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-recording-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
}

export type TestRecorder = {
	/** The console is in this state, and a second passes. */
	readonly second: (state: ConsoleState) => Promise<void>;
	readonly pass: (ms: number) => Promise<void>;
	/** The console ends. */
	readonly end: () => Promise<void>;
	/** Everything that it has said. */
	readonly statuses: readonly RecorderStatus[];
	readonly file: () => string | undefined;
	readonly clock: HandClock;
};

type Options = {
	readonly place: Place;
	readonly limits?: Partial<Limits>;
	readonly isRedacted?: boolean;
	readonly owner?: Owner;
	readonly startMs?: number;
	readonly state?: ConsoleState;
};

/** A recorder whose seconds the test counts. Its first frame, of `state`, is taken at once. */
export async function testRecorder({place, limits = {}, isRedacted = false, owner, startMs = noonMs, state = stateWith()}: Options): Promise<TestRecorder> {
	const clock = handClock(startMs);
	const store = storeWith();
	store.setState(state);
	const aborter = new AbortController();
	const statuses: RecorderStatus[] = [];
	const frameMs = limits.frameMs ?? 1000;
	const options = {store, clock, place, version: '1.2.3', isRedacted, signal: aborter.signal, limits, ...(owner ? {owner} : {})};
	const recorder = startRecorder({...options, onStatus: status => statuses.push(status)});
	// A test may leave it as a killed process does; its file is not for the garbage collector to close (an error in Node 26).
	onTestFinished(() => {
		aborter.abort();
		return recorder.settle();
	});
	await clock.idle(frameMs);
	const pass = async (ms: number) => {
		clock.pass(ms);
		await clock.idle(frameMs);
	};
	return {
		second: async next => {
			store.setState(next);
			await pass(frameMs);
		},
		pass,
		end: async () => {
			aborter.abort();
			await recorder.settle();
		},
		statuses,
		file: recorder.file,
		clock,
	};
}
