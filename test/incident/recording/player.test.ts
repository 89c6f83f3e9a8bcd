import {describe, expect, it} from 'vitest';
import {Player} from '../../../src/incident/recording/player.ts';
import type {Recording} from '../../../src/incident/recording/read-recording.ts';
import {recordedOf} from '../../../src/incident/recording/recorded.ts';
import {noonMs, stateWith} from '../../helpers/fixtures.ts';

/** A moment each second for a minute; a finding after 20.5 s and one after 40 s. */
const seconds = 60;
const indexAt = (ms: number) => Math.min(Math.max(0, Math.floor((ms - noonMs) / 1000)), seconds);
const momentOf = (index: number) => (index < 0 || index > seconds ? undefined : noonMs + index * 1000);
const minute: Recording = {
	file: 'minute.rec',
	version: '1.0.0',
	fromMs: noonMs,
	toMs: noonMs + seconds * 1000,
	isRedacted: false,
	frames: seconds + 1,
	chunkMoments: [noonMs],
	marks: [
		{atMs: noonMs + 20_500, kind: 'found', severity: 'P0', text: 'script.busy', subject: 'script.busy'},
		{atMs: noonMs + 30_000, kind: 'over', severity: 'P0', text: 'script.busy is over', subject: 'script.busy'},
		{atMs: noonMs + 40_000, kind: 'found', severity: 'P1', text: 'clients.high', subject: 'clients.high!P1'},
	],
	damage: undefined,
	isCut: false,
	at: ms => recordedOf(stateWith({nowMs: noonMs + indexAt(ms) * 1000})),
	momentAt: ms => noonMs + indexAt(ms) * 1000,
	momentBefore: ms => momentOf(indexAt(ms) - 1),
	momentAfter: ms => momentOf(indexAt(ms) + 1),
};

const open = (atMs = noonMs) => {
	let nowMs = 5_000_000;
	const player = new Player(minute, atMs, () => nowMs);
	const pass = (ms: number) => {
		nowMs += ms;
		player.pass();
	};
	const wait = (ms: number) => {
		for (let second = 0; second < ms / 1000; second++) pass(1000);
	};
	return {player, pass, wait};
};

const secondsIn = ({atMs}: Pick<Player, 'atMs'>): number => (atMs - noonMs) / 1000;

describe('a recording that is played', () => {
	it('stands still until it plays, and then goes as fast as it is told', () => {
		const {player, wait} = open();
		wait(5000);
		expect(secondsIn(player)).toBe(0);
		player.toggle();
		wait(3000);
		expect(secondsIn(player)).toBe(3);
		player.change(1);
		wait(3000);
		expect(secondsIn(player)).toBe(9);
		player.change(-1);
		player.change(-1);
		wait(2000);
		expect(player.speed).toBe(0.5);
		expect(secondsIn(player)).toBe(10);
		player.toggle();
		wait(9000);
		expect(secondsIn(player)).toBe(10);
	});

	it('goes on where it was when the console was stopped for a while', () => {
		const {player, pass} = open();
		player.toggle();
		pass(40_000);
		expect(secondsIn(player)).toBe(2);
	});

	it('stops at its end, and begins anew from there', () => {
		const {player, wait} = open(noonMs + 58_000);
		player.toggle();
		wait(10_000);
		expect([secondsIn(player), player.isPlaying]).toEqual([60, false]);
		player.toggle();
		expect([secondsIn(player), player.isPlaying]).toEqual([0, true]);
	});

	it.each([
		[-10_000, 0],
		[500_000, 60],
		[25_000, 25],
	])('goes to any moment of it: %i ms', (ms, expected) => {
		const {player} = open();
		player.seek(noonMs + ms);
		expect(secondsIn(player)).toBe(expected);
	});

	it('lets a stopwatch run on between two moments, and never past the next one', () => {
		const {player} = open(noonMs + 7400);
		expect(player.shown.nowMs - noonMs).toBe(7400);
		player.seek(noonMs + 60_000);
		expect(player.shown.nowMs - noonMs).toBe(60_000);
	});

	it('goes to the first moment that shows the next finding, by its id, whatever has become of its severity', () => {
		const {player} = open();
		expect([player.toNextFinding(), secondsIn(player)]).toEqual(['script.busy', 21]);
		expect([player.toNextFinding(), secondsIn(player)]).toEqual(['clients.high', 40]);
		expect([player.toNextFinding(), secondsIn(player)]).toEqual([undefined, 40]);
	});
});
