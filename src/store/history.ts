/**
 * Figures, oldest first; NaN where nothing was measured. A view of a buffer that later samples go on in, behind its end: so an append copies nothing,
 * and a frozen display keeps what it showed.
 */
type Samples = Float64Array;

export type VitalName =
	| 'opsPerSecond'
	| 'cpuPercent'
	| 'connectedClients'
	| 'blockedClients'
	| 'usedMemoryBytes'
	| 'hitRate'
	| 'evictedPerSecond'
	| 'networkBytesPerSecond'
	| 'replicationLagSeconds';

export type History = {readonly atMs: Samples; readonly vitals: Readonly<Record<VitalName, Samples>>};

export const isMeasured = (value: number | undefined): value is number => value !== undefined && !Number.isNaN(value);

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
	'replicationLagSeconds',
];

const mapVitals = <T>(make: (name: VitalName) => T): Record<VitalName, T> => Object.fromEntries(names.map(name => [name, make(name)])) as Record<VitalName, T>;

export const emptyHistory: History = {atMs: new Float64Array(), vitals: mapVitals(() => new Float64Array())};

/** Append one sample of every vital; what is not known at that moment is a gap, never a zero. */
export function appendSample(history: History, atMs: number, sample: Partial<Record<VitalName, number | undefined>>): History {
	return {
		atMs: push(history.atMs, atMs),
		vitals: mapVitals(name => push(history.vitals[name], sample[name])),
	};
}

/** How far each buffer has been written: only the view that ends there may go on in it. */
const ends = new WeakMap<ArrayBufferLike, number>();

function push(samples: Samples, value: number | undefined): Samples {
	const room = samples.buffer.byteLength / samples.BYTES_PER_ELEMENT;
	const end = samples.byteOffset / samples.BYTES_PER_ELEMENT + samples.length;
	const kept = samples.length >= historyLength ? samples.subarray(samples.length - historyLength + 1) : samples;
	const goesOn = end < room && ends.get(samples.buffer) === end;
	const buffer = goesOn ? samples.buffer : withRoom(kept);
	const at = goesOn ? end : kept.length;
	new Float64Array(buffer)[at] = value ?? Number.NaN;
	ends.set(buffer, at + 1);
	return new Float64Array(buffer, (at - kept.length) * samples.BYTES_PER_ELEMENT, kept.length + 1);
}

/** Twice what is kept: the ring turns over once in ten minutes. */
function withRoom(kept: Samples): ArrayBufferLike {
	const wider = new Float64Array(2 * historyLength);
	wider.set(kept);
	return wider.buffer;
}

/** A history as lists in which gaps are undefined, and back: what a recording keeps, and what it gives. */
export type HistoryLists = {readonly atMs: readonly number[]; readonly vitals: Readonly<Record<VitalName, readonly (number | undefined)[]>>};

export const listsOf = ({atMs, vitals}: History): HistoryLists => ({
	atMs: [...atMs],
	vitals: mapVitals(name => withGaps(vitals[name])),
});

/** A loop: what Array.from and a function for each figure take, once a second, is a good part of recording a frame. */
function withGaps(samples: Samples): readonly (number | undefined)[] {
	const values: (number | undefined)[] = [];
	for (let index = 0; index < samples.length; index++) {
		const value = samples[index];
		values.push(isMeasured(value) ? value : undefined);
	}
	return values;
}

export const historyOf = ({atMs, vitals}: HistoryLists): History => ({
	atMs: Float64Array.from(atMs),
	vitals: mapVitals(name => Float64Array.from(vitals[name] ?? [], value => value ?? Number.NaN)),
});
