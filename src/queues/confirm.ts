import {confirmBase, confirmLaravel} from './confirm-bases.ts';
import {confirmCelery, confirmDramatiq, confirmKue, confirmNamespace, confirmStreams} from './confirm-sets.ts';
import type {Candidates} from './keyspace-scan.ts';
import type {Steps} from './steps.ts';
import type {FoundQueue} from './types.ts';

/** A queue before it is known who shares its namespace. */
export type Sighting = Omit<FoundQueue, 'isAlone'>;

/** One reading for every candidate; together they confirm by types and contents what the names suggest. */
export function confirmations(candidates: Candidates): readonly Steps<readonly Sighting[]>[] {
	return [
		...[...candidates.bases].map(([base, suffixes]) => confirmBase(base, suffixes)),
		...candidates.namespaces.map(confirmNamespace),
		...candidates.kuePrefixes.map(confirmKue),
		...candidates.kombuBindings.map(confirmCelery),
		...[...candidates.dramatiq]
			.filter(([namespace]) => candidates.dramatiqHeartbeats.has(namespace))
			.map(([namespace, names]) => confirmDramatiq(namespace, names)),
		...candidates.laravel.map(confirmLaravel),
		...candidates.others.map(confirmStreams),
	];
}

/** One list of what has been confirmed. Where two systems claim the same keys, the one with the stronger evidence stands. */
export function settle(sightings: readonly Sighting[]): readonly FoundQueue[] {
	const bases = new Set(sightings.filter(({family}) => family === 'bull' || family === 'bee-queue').map(({id}) => id));
	const seen = new Map<string, Sighting>();
	for (const sighting of sightings) {
		const isBullPart =
			sighting.family === 'streams' && partsOfBases.some(part => sighting.prefix.endsWith(part) && bases.has(sighting.prefix.slice(0, -part.length)));
		const isClaimed = sighting.family === 'laravel' && bases.has(sighting.id);
		if (!isBullPart && !isClaimed && !seen.has(sighting.id)) seen.set(sighting.id, sighting);
	}
	const perNamespace = countBy([...seen.values()], namespaceOf);
	return [...seen.values()].map(sighting => ({...sighting, isAlone: perNamespace.get(namespaceOf(sighting)) === 1})).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Streams of BullMQ's own: job events, and those of version 1's scheduler. */
const partsOfBases: readonly string[] = [':events', ':delay'];

const namespaceOf = ({family, prefix}: Sighting): string => `${family} ${prefix}`;

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
	return counts;
}
