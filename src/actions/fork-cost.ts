import type {ServerInfo} from '../redis/parse/server-info.ts';
import {formatBytes, formatMicros} from '../text/format.ts';

const gib = 1024 ** 3;
/** The page table of a GiB takes so long to copy: good hardware, and a small virtual machine (86 ms measured with 7.0 on two virtual cores). */
const microsPerGib = {from: 10_000, to: 100_000} as const;

/** The server stands still while it forks: by its own last figure, else by its size. */
export function forkStandstill(info: ServerInfo | undefined): string {
	const {latestForkMicros, usedMemoryRssBytes} = info ?? {};
	if (latestForkMicros) return `the server stands still for the fork: ${formatMicros(latestForkMicros)} last time`;
	if (usedMemoryRssBytes === undefined) return 'the server stands still for the fork: how long is not known';
	const gibs = usedMemoryRssBytes / gib;
	const [from, to] = [gibs * microsPerGib.from, gibs * microsPerGib.to];
	return `the server stands still for the fork: some ${formatMicros(Math.max(from, 100))} to ${formatMicros(Math.max(to, 1000))} for ${formatBytes(usedMemoryRssBytes)}`;
}

/** What the child needs besides: pages that are written while it runs exist twice. */
export function forkMemory(info: ServerInfo | undefined): string {
	const {usedMemoryRssBytes, totalSystemMemoryBytes} = info ?? {};
	if (usedMemoryRssBytes === undefined) return 'while the child runs, pages that are written exist twice';
	const isTight = totalSystemMemoryBytes !== undefined && usedMemoryRssBytes * 2 > totalSystemMemoryBytes;
	const machine = isTight ? `; the machine has ${formatBytes(totalSystemMemoryBytes)} in all: that may not be enough` : '';
	return `while the child runs, pages that are written exist twice: up to ${formatBytes(usedMemoryRssBytes)} more${machine}`;
}
