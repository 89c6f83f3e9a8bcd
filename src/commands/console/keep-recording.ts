import {constants} from 'node:fs';
import {access, stat} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import type {Clock} from '../../clock.ts';
import {UsageError} from '../../errors.ts';
import {failureText} from '../../incident/recording/file-failure.ts';
import {openRecording, type Recording} from '../../incident/recording/read-recording.ts';
import {type RecorderStatus, startRecorder} from '../../incident/recording/recorder.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {addEvents, type Happening} from '../../store/timeline.ts';
import {notify} from '../../store/ui-commands.ts';
import type {DisplayOptions} from '../flags.ts';
import {isAlive, type Seat} from './seat.ts';

type Options = {
	readonly store: ConsoleStore;
	readonly clock: Clock;
	readonly seat: Seat;
	readonly flags: DisplayOptions['record'];
	/** Where recordings go that have no name. */
	readonly folder: string;
	readonly signal: AbortSignal;
};

export type KeptRecording = {
	/** The file that is being written, or why there is none. */
	readonly now: () => {readonly file: string} | {readonly problem: string};
	/** What is written of it so far. Rejects with a UsageError that says why there is none. */
	readonly read: () => Promise<Recording>;
	/** The same a moment later, when what has just happened is recorded, too: who asks for a report means to the present. */
	readonly readThroughNow: () => Promise<Recording>;
	/** After the signal: resolves when the last moment is written. */
	readonly settle: () => Promise<void>;
};

/** A file that was named, and that cannot be written anew, is found out before there is a screen to say it on. */
export async function refuseTakenFile({file}: Pick<DisplayOptions['record'], 'file'>): Promise<void> {
	if (file === undefined) return;
	const isThere = await stat(file).then(
		() => true,
		() => false,
	);
	if (isThere) throw new UsageError(`--record: ${file} is there already, and a recording is not written over it: give another name`);
	const folder = dirname(resolve(file));
	await access(folder, constants.W_OK).catch((error: unknown) => {
		throw new UsageError(`--record: ${folder} cannot be written to: ${failureText(error)}`);
	});
}

/** Record the session, if it is wanted. What stops the recording is told once, and stops nothing else. */
export function keepRecording({store, clock, seat, flags, folder, signal}: Options): KeptRecording {
	if (!flags.isOn) {
		tell(store, clock, {text: 'This session is not recorded', details: ['--no-record, or defaults.record in the config file']});
		return kept(
			() => ({problem: 'This session is not recorded (--no-record): there is nothing to look back into or to report from'}),
			async () => {},
		);
	}
	const account = new Account(store, clock, flags.isRedacted);
	const recorder = startRecorder({
		store,
		clock,
		place: flags.file === undefined ? {folder} : {file: flags.file},
		version: seat.version,
		isRedacted: flags.isRedacted,
		signal,
		onStatus: status => account.take(status),
		// The first screen has the processor for itself.
		limits: {firstMs: 500},
		owner: {pid: seat.pid, isAlive: isAlive(seat)},
	});
	const now = () => {
		const file = recorder.file();
		return file === undefined ? {problem: account.problem ?? 'The recording goes into its next file'} : {file};
	};
	return kept(now, recorder.settle, () => clock.sleep(recordedWithinMs, signal));
}

function kept(now: KeptRecording['now'], settle: KeptRecording['settle'], whenRecorded: () => Promise<void> = async () => {}): KeptRecording {
	const read = async () => {
		const from = now();
		if ('problem' in from) throw new UsageError(from.problem);
		return openRecording(from.file);
	};
	const readThroughNow = async () => {
		await whenRecorded();
		return read();
	};
	return {now, read, readThroughNow, settle};
}

/** What has just happened stands in the next frame. */
const recordedWithinMs = 1100;

/** What has become of the recording, each turn of it told once. */
class Account {
	/** Why there is none; undefined: there is one. */
	problem: string | undefined = 'The recording has not begun yet';
	readonly #store: ConsoleStore;
	readonly #clock: Clock;
	#begun: string;

	constructor(store: ConsoleStore, clock: Clock, isRedacted: boolean) {
		this.#store = store;
		this.#clock = clock;
		this.#begun = `is recorded${isRedacted ? ', names as hashes' : ''}`;
	}

	take(status: RecorderStatus): void {
		if (status.kind === 'recording') this.#goesOn(status.file);
		else this.#fails(`This session is not recorded: ${status.reason}`, status.kind === 'stopped');
	}

	#goesOn(file: string): void {
		if (this.problem === undefined) return;
		this.problem = undefined;
		tell(this.#store, this.#clock, {text: `This session ${this.#begun}`, details: [file]});
		this.#begun = 'is recorded again';
	}

	#fails(problem: string, isTriedAgain: boolean): void {
		this.problem = problem;
		tell(this.#store, this.#clock, {text: problem, details: isTriedAgain ? ['it is tried again'] : []});
		notify(this.#store, problem, 'warn');
	}
}

function tell(store: ConsoleStore, clock: Clock, {text, details}: Pick<Happening, 'text' | 'details'>): void {
	store.setState(({timeline}) => ({timeline: addEvents(timeline, [{atMs: clock.now(), kind: 'console', severity: undefined, text, details}])}));
}
