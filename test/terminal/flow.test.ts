import {describe, expect, it} from 'vitest';
import {Flow} from '../../src/terminal/flow.ts';

/** A flow, and a terminal that takes so many bytes a second and answers `wayMs` later. */
function openLine({bytesPerSecond, wayMs = 0}: {readonly bytesPerSecond: number; readonly wayMs?: number}) {
	let nowMs = 0;
	let freeAtMs = 0;
	const answersAtMs: number[] = [];
	const flow = new Flow(() => nowMs);
	const write = (bytes: number, isWaiting = false) => {
		flow.wrote(bytes);
		freeAtMs = Math.max(freeAtMs, nowMs) + (bytes * 1000) / bytesPerSecond;
		if (!flow.isToAsk(isWaiting)) return;
		flow.asked(bytes);
		answersAtMs.push(freeAtMs + wayMs);
	};
	return {
		flow,
		write,
		/** Lets time pass, with the answers that come in it. */
		pass(ms: number) {
			const untilMs = nowMs + ms;
			for (let next = answersAtMs[0]; next !== undefined && next <= untilMs; next = answersAtMs[0]) {
				nowMs = next;
				answersAtMs.shift();
				flow.answered();
				if (flow.isToAsk(false)) write(0);
			}
			nowMs = untilMs;
		},
		/** How long what is under way still takes, in ms. */
		backlogMs: () => Math.max(0, freeAtMs - nowMs),
	};
}

describe('Flow', () => {
	it('gives all to a terminal that never answers, and asks it once', () => {
		const flow = new Flow(() => 0);
		let questions = 0;
		for (let count = 0; count < 100; count++) {
			flow.wrote(1000);
			if (!flow.isToAsk(true)) continue;
			flow.asked(1000);
			questions += 1;
		}
		expect([flow.room, questions]).toEqual([Number.POSITIVE_INFINITY, 1]);
	});

	it.each([120, 960, 5760])('keeps what is under way to about half a second at %i bytes a second, whatever there is to write', bytesPerSecond => {
		const line = openLine({bytesPerSecond, wayMs: 30});
		line.write(20);
		line.write(3000);
		line.pass(40_000);
		let most = 0;
		let sent = 0;
		for (let ms = 0; ms < 30_000; ms += 10) {
			const {room} = line.flow;
			if (room > 0) {
				const bytes = Math.min(room, 400);
				line.write(bytes, true);
				sent += bytes;
			}
			if (ms > 5000) most = Math.max(most, line.backlogMs());
			line.pass(10);
		}
		// A portion has at least 240 bytes, which is two seconds of the slowest.
		expect(most).toBeLessThan(Math.max(1100, 250_000 / bytesPerSecond));
		// The line is used, not only kept free.
		expect(sent).toBeGreaterThan(30 * bytesPerSecond * 0.6);
	});

	it.each([0, 200])('holds a fast line up for no more than a moment: the way takes %i ms', wayMs => {
		const line = openLine({bytesPerSecond: 1_000_000, wayMs});
		line.write(20);
		line.pass(500);
		line.write(1500, true);
		line.pass(500);
		for (let second = 0; second < 10; second++) {
			line.write(400);
			line.pass(1000);
		}
		let waitedMs = 0;
		for (let left = 6000; left > 0; ) {
			const bytes = Math.min(line.flow.room, left);
			if (bytes > 0) line.write(bytes, bytes < left);
			left -= bytes;
			line.pass(10);
			waitedMs += 10;
		}
		expect(waitedMs).toBeLessThanOrEqual(2 * wayMs + 30);
	});

	it('waits for a line that is dead, looks after it from time to time, and goes on when it answers', () => {
		let nowMs = 0;
		const flow = new Flow(() => nowMs);
		const write = (bytes: number) => {
			flow.wrote(bytes);
			if (flow.isToAsk(true)) flow.asked(bytes);
		};
		write(20);
		flow.answered();
		let written = 0;
		for (; nowMs < 60_000; nowMs += 1000) {
			const bytes = Math.min(flow.room, 500);
			if (bytes > 0) write(bytes);
			written += bytes;
		}
		expect(written).toBeGreaterThan(2000);
		expect(written).toBeLessThan(15_000);
		for (let count = 0; count < 10; count++) {
			flow.answered();
			write(0);
		}
		expect(flow.room).toBeGreaterThan(0);
	});

	it('begins anew with another terminal', () => {
		const line = openLine({bytesPerSecond: 960});
		line.write(20);
		line.write(1000);
		line.pass(3000);
		expect(line.flow.room).toBeLessThan(2000);
		line.flow.restart();
		expect(line.flow.room).toBe(Number.POSITIVE_INFINITY);
	});
});
