import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What a process holds: sockets and timers by their kind, and the heap with all garbage taken out. */
export type Footprint = {readonly heapBytes: number; readonly handles: Readonly<Record<string, number>>};

export function footprint(): Footprint {
	// Twice: what waits for its finalizer is garbage of the second time.
	collect();
	collect();
	const handles: Record<string, number> = {};
	for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
	return {heapBytes: process.memoryUsage().heapUsed, handles};
}
