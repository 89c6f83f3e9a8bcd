/** A vital's last samples, oldest first. Copied on append, so a frozen display keeps what it showed. */
type Samples = readonly (number | undefined)[];

export type VitalName =
	| 'opsPerSecond'
	| 'cpuPercent'
	| 'connectedClients'
	| 'blockedClients'
	| 'usedMemoryBytes'
	| 'hitRate'
	| 'evictedPerSecond'
	| 'networkBytesPerSecond';

export type History = {readonly atMs: readonly number[]; readonly vitals: Readonly<Record<VitalName, Samples>>};

/** Ten minutes at the default interval of a second. */
export const historyLength = 600;

const names: readonly VitalName[] = [
	'opsPerSecond',
	'cpuPercent',
	'connectedClients',
	'blockedClients',
	'usedMemoryBytes',
	'hitRate',
	'evictedPerSecond',
	'networkBytesPerSecond',
];

const forEachVital = (samplesOf: (name: VitalName) => Samples): Record<VitalName, Samples> =>
	Object.fromEntries(names.map(name => [name, samplesOf(name)])) as Record<VitalName, Samples>;

export const emptyHistory: History = {atMs: [], vitals: forEachVital(() => [])};

/** Append one sample of every vital; what is not known at that moment is a gap, never a zero. */
export function appendSample(history: History, atMs: number, sample: Partial<Record<VitalName, number | undefined>>): History {
	return {
		atMs: push(history.atMs, atMs),
		vitals: forEachVital(name => push(history.vitals[name], sample[name])),
	};
}

function push<T>(values: readonly T[], value: T): readonly T[] {
	return [...(values.length >= historyLength ? values.slice(values.length - historyLength + 1) : values), value];
}
