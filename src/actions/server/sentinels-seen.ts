import {sentinelOf} from '../../redis/parse/client-kind.ts';
import type {ConsoleState} from '../../store/store.ts';

/** How many Sentinels are connected. Undefined: the clients are not known. */
export function sentinelsSeen({snapshot: {clients}}: ConsoleState): number | undefined {
	const ids = clients.data?.clients.flatMap(({name}) => sentinelOf(name) ?? []);
	return ids && new Set(ids).size;
}
