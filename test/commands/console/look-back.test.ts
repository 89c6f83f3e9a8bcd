import {describe, expect, it} from 'vitest';
import type {Clock} from '../../../src/clock.ts';
import {LookBack} from '../../../src/commands/console/look-back.ts';
import {UsageError} from '../../../src/errors.ts';
import type {Recording} from '../../../src/incident/recording/read-recording.ts';
import {recordedOf} from '../../../src/incident/recording/recorded.ts';
import type {DialogState} from '../../../src/store/dialog.ts';
import {shiftedStore} from '../../../src/store/shifted-store.ts';
import {changeUi} from '../../../src/store/ui-commands.ts';
import {noonMs, stateWith, storeWith} from '../../helpers/fixtures.ts';

const dialog: DialogState = {
	request: {
		actionId: 'script.kill',
		title: 'Stop the running script',
		danger: 'disruptive',
		facts: [],
		plan: [['SCRIPT', 'KILL']],
		goesOn: undefined,
		places: [],
		effect: [],
		affects: '',
		cost: 'none',
		undo: '',
		checks: () => [],
		word: undefined,
		isProduction: false,
		stops: undefined,
	},
	openedAtMs: noonMs,
	phase: 'asking',
	typed: '',
	isSeen: true,
	offset: 0,
	progress: undefined,
	isStopping: false,
	result: undefined,
};

/** A moment each second, from two minutes ago until a second ago. */
function recordingUntil(toMs: number): Recording {
	const fromMs = noonMs - 120_000;
	const momentAt = (ms: number) => Math.min(Math.max(fromMs, fromMs + Math.floor((ms - fromMs) / 1000) * 1000), toMs);
	return {
		file: 'now.rec',
		version: '1.0.0',
		fromMs,
		toMs,
		isRedacted: false,
		frames: 1,
		chunkMoments: [fromMs],
		marks: [],
		damage: undefined,
		isCut: true,
		at: ms => recordedOf(stateWith({nowMs: momentAt(ms)})),
		momentAt,
		momentBefore: ms => (momentAt(ms) > fromMs ? momentAt(ms) - 1000 : undefined),
		momentAfter: ms => (momentAt(ms) < toMs ? momentAt(ms) + 1000 : undefined),
	};
}

/** A session in which time passes only by `pass`, and a disk that answers only by `answer`. */
function open() {
	let nowMs = noonMs;
	const sleepers = new Set<() => void>();
	const clock: Clock = {
		now: () => nowMs,
		sleep: () => new Promise(resolve => sleepers.add(resolve)),
	};
	const settled = async () => {
		for (let turn = 0; turn < 10; turn++) await Promise.resolve();
	};
	const reads: {readonly resolve: (recording: Recording) => void; readonly reject: (error: Error) => void}[] = [];
	const read = () => new Promise<Recording>((resolve, reject) => reads.push({resolve, reject}));
	const present = storeWith();
	const shifted = shiftedStore(present);
	const lookBack = new LookBack({shifted, present, clock, read, signal: new AbortController().signal});
	return {
		lookBack,
		present,
		shown: shifted.store.getState,
		secondsAgo: () => {
			const {playback} = shifted.store.getState();
			return playback && (nowMs - playback.atMs) / 1000;
		},
		reads,
		async answer(recording: Recording | Error = recordingUntil(nowMs - 1000)) {
			const waiting = reads.shift();
			if (recording instanceof Error) waiting?.reject(recording);
			else waiting?.resolve(recording);
			await settled();
		},
		async pass(ms: number) {
			nowMs += ms;
			present.setState({nowMs});
			const due = [...sleepers];
			sleepers.clear();
			for (const wake of due) wake();
			await settled();
		},
	};
}

describe('looking back', () => {
	it('goes back by what was pressed, also while the disk had not answered yet, and comes to now again', async () => {
		const {lookBack, answer, secondsAgo, shown} = open();
		lookBack.step(-10_000);
		lookBack.step(-10_000);
		expect(shown().playback).toBeUndefined();
		await answer();
		expect(secondsAgo()).toBe(20);
		lookBack.step(10_000);
		expect(secondsAgo()).toBe(10);
		lookBack.step(10_000);
		expect(shown().playback).toBeUndefined();
	});

	it('stays at now where Esc was pressed while the disk had not answered', async () => {
		const {lookBack, answer, shown, reads} = open();
		lookBack.step(-10_000);
		await answer();
		lookBack.step(9500);
		expect(reads).toHaveLength(1);
		lookBack.toNow();
		await answer();
		expect(shown().playback).toBeUndefined();
	});

	it.each([
		['a dialog that opened meanwhile', {dialog}],
		['what was opened meanwhile', {overlay: {kind: 'help', offset: 0}}],
	] as const)('does not slip under %s', async (_what, ui) => {
		const {lookBack, answer, present, shown} = open();
		lookBack.step(-10_000);
		changeUi(present, () => ui);
		await answer();
		expect(shown().playback).toBeUndefined();
	});

	it('is over when a dialog opens that was under way', async () => {
		const {lookBack, answer, present, shown} = open();
		lookBack.step(-10_000);
		await answer();
		changeUi(present, () => ({dialog}));
		expect(shown().playback).toBeUndefined();
		expect(shown().ui.dialog).toBeDefined();
	});

	it('plays, stands still, and plays on with what has been recorded since', async () => {
		const {lookBack, answer, pass, secondsAgo, shown, reads} = open();
		lookBack.step(-10_000);
		await answer();
		lookBack.togglePlay();
		await pass(1000);
		expect([secondsAgo(), shown().playback?.isPlaying]).toEqual([10, true]);
		lookBack.togglePlay();
		await pass(1000);
		await pass(1000);
		expect([secondsAgo(), shown().playback?.isPlaying, reads.length]).toEqual([12, false, 0]);
		lookBack.togglePlay();
		for (let second = 0; second < 9; second++) await pass(1000);
		expect(reads).toHaveLength(1);
		await answer();
		await pass(1000);
		expect([Math.round(secondsAgo() ?? 0), shown().playback?.isPlaying]).toEqual([13, true]);
	});

	it('says why there is nothing', async () => {
		const {lookBack, answer, shown} = open();
		lookBack.step(-10_000);
		await answer(new UsageError('This session is not recorded'));
		expect(shown().ui.notice).toMatchObject({text: 'This session is not recorded', tone: 'warn'});
		expect(shown().playback).toBeUndefined();
	});
});
