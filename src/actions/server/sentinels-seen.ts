import type {ConsoleState} from '../../store/store.ts';

/** Sentinels name their connections by the beginning of their run id: `sentinel-3f2a91c0-cmd` and `-pubsub`. Undefined: the clients are not known. */
export function sentinelsSeen({snapshot: {clients}}: ConsoleState): number | undefined {
	const ids = clients.data?.clients.flatMap(({name}) => /^sentinel-([0-9a-f]{4,40})-(?:cmd|pubsub)$/.exec(name)?.[1] ?? []);
	return ids && new Set(ids).size;
}
