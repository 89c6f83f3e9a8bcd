import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Fault} from './fault.ts';
import {isWriting, rowOf, writeRow} from './fault-table.ts';
import {intervalMs, type Outcome, runFault} from './run-fault.ts';

/** Faults that go on at the same time: they mostly wait. */
const atOnce = 4;

/** Every fault of the list on a server of its own, some at a time, each with a test for its name. */
export function suite(title: string, faults: readonly Fault[]): void {
	const runs = new Map<string, Promise<Outcome>>();
	const turns = Array.from({length: atOnce}, () => Promise.resolve());
	const begin = (fault: Fault, index: number) => {
		const run = (turns[index % atOnce] ?? Promise.resolve()).then(() => runFault(fault));
		const ended = run.then(nothing, nothing);
		turns[index % atOnce] = ended;
		runs.set(fault.name, run);
	};

	describe(title, () => {
		beforeAll(() => faults.forEach(begin));
		afterAll(async () => {
			await Promise.all(turns);
		});

		it.each(faults)('$name', {timeout: 60_000}, async fault => {
			const outcome = await (runs.get(fault.name) ?? runFault(fault));
			judge(fault, outcome);
			const {shows, offers} = outcome.seen;
			if (isWriting) writeRow(fault.name, outcome.seen);
			else expect(rowOf(fault.name), 'npm run docs:faults writes the table anew').toEqual({shows, offers});
		});
	});
}

const nothing = () => {};

/** The server under test and this process wait for a processor as well; the times of a quiet machine are in docs/faults.md. */
const busyMachineMs = 1000;

function judge(fault: Fault, {seen, kinds, lost, disagreements, offeredToNobody, stalledMs}: Outcome): void {
	expect(seen.shows).toMatch(fault.says);
	expect(lost, 'panes keep what they had').toEqual([]);
	expect(disagreements, 'what is offered is what the server would take now').toEqual([]);
	expect(offeredToNobody, 'nobody answers').toEqual([]);
	expect(kinds.at(-1) ?? fault.kind).toBe(fault.kind);
	expect(seen.noticedMs, 'told within two intervals').toBeLessThan((fault.slow?.ms ?? 2 * intervalMs) + busyMachineMs + stalledMs);
}
