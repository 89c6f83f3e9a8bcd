import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {DeltaReader} from '../../../src/incident/recording/delta-reader.ts';
import {DeltaWriter} from '../../../src/incident/recording/delta-writer.ts';
import {withRows} from '../../../src/incident/recording/table.ts';

const texts = fc.oneof(fc.string(), fc.string({unit: 'binary'}), fc.constantFrom('\uD800', 'a\uDC00b', '💣 bomb', '💤 bomb', '', '__proto__', 'get', 'set'));
const numbers = fc.oneof(
	fc.double(),
	fc.integer(),
	fc.nat(300),
	fc.maxSafeInteger(),
	fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5 / 5.003, 1e300, 2 ** 53, 1 / 3, -2 / 7),
);
const scalars = fc.oneof(numbers, texts, fc.boolean(), fc.constantFrom(null, undefined));
const rows = fc.uniqueArray(fc.record({id: fc.nat(40), idle: numbers, cmd: texts, tags: fc.array(texts, {maxLength: 2})}, {noNullPrototype: true}), {
	selector: ({id}) => id,
	maxLength: 12,
});
const {data} = fc.letrec(tie => ({
	data: fc.oneof(
		{maxDepth: 4, withCrossShrink: true},
		scalars,
		fc.array(tie('data'), {maxLength: 6}),
		fc.dictionary(texts, tie('data'), {maxKeys: 5, noNullPrototype: true}),
		fc.array(scalars, {maxLength: 5}).map(members => new Set(members)),
		fc.array(fc.tuple(scalars, tie('data')), {maxLength: 5}).map(entries => new Map(entries)),
		rows,
		fc.array(numbers, {maxLength: 20}),
	),
}));

/** Every state told as a change of the one before it, by one writer to one reader. */
function replayed(states: readonly unknown[]): readonly unknown[] {
	const [writer, reader] = [new DeltaWriter(), new DeltaReader()];
	let [written, read]: unknown[] = [undefined, undefined];
	return states.map(state => {
		read = reader.apply(read, writer.diff(written, state));
		written = state;
		return withRows(read);
	});
}

/** The bytes of the last change. */
function bytesOf(...states: readonly unknown[]): number {
	const writer = new DeltaWriter();
	return states.map((state, index) => writer.diff(states[index - 1], state).length).at(-1) ?? 0;
}

describe('what is told as a change is read as it was', () => {
	it('arbitrary data, one after the other', () => {
		fc.assert(
			fc.property(fc.array(data, {minLength: 1, maxLength: 5}), states => {
				expect(replayed(states)).toStrictEqual(states);
			}),
			{numRuns: 500},
		);
	});

	it('lists that lose, get, move and change rows', () => {
		fc.assert(
			fc.property(fc.array(rows, {minLength: 2, maxLength: 6}), states => {
				expect(replayed(states)).toStrictEqual(states);
			}),
			{numRuns: 200},
		);
	});

	it('lists that grow at one end and lose at the other', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(2), {minLength: 30, maxLength: 60}), fc.integer({min: 1, max: 29}), (figures, length) => {
				const states = Array.from({length: figures.length - length}, (_, from) => figures.slice(from, from + length));
				expect(replayed(states)).toStrictEqual(states);
			}),
			{numRuns: 100},
		);
	});

	it('the order of keys, and a key that has come with no value', () => {
		const states = [{a: 1, b: 2}, {b: 2, a: 1}, {b: 2, a: 1, c: undefined}, {b: 2}];
		expect(replayed(states).map(state => Object.keys(state as object))).toEqual(states.map(state => Object.keys(state)));
	});

	it('refuses what is no plain data', () => {
		expect(() => new DeltaWriter().diff(undefined, {at: 1n})).toThrow('A bigint is no plain data');
	});
});

describe('what has not changed', () => {
	const row = (id: number, idle: number) => ({id, idle, tags: ['a']});
	type State = {readonly clients: readonly object[]; readonly settings: ReadonlyMap<string, unknown>; readonly nowMs: number};

	it('is the same object as before', () => {
		const first = {clients: [row(1, 0), row(2, 5)], settings: new Map([['save', {value: ''}]]), nowMs: 1};
		const second = {clients: [row(2, 7), row(1, 0)], settings: new Map([['save', {value: ''}]]), nowMs: 2};
		const [before, after] = replayed([first, second]) as [State, State];
		expect(after).toStrictEqual(second);
		expect(after.settings).toBe(before.settings);
		expect(after.clients[1]).toBe(before.clients[0]);
		expect((after.clients[0] as {tags: unknown}).tags).toBe((before.clients[1] as {tags: unknown}).tags);
	});

	it('costs next to nothing: 200 counters that all grow by 2, and a sample more in each history', () => {
		const clients = (idle: number) => Array.from({length: 200}, (_, index) => row(index, idle));
		expect(bytesOf(clients(7), clients(9))).toBeLessThan(20);
		const samples = Array.from({length: 601}, (_, index) => 1_700_000_000_000 + index * 1000);
		expect(bytesOf(samples.slice(0, 600), samples.slice(1))).toBeLessThan(20);
	});

	it('a rate takes half the bytes of a float', () => {
		const rates = (jobs: number) => Array.from({length: 100}, (_, index) => (jobs + index) / 5.003);
		expect(bytesOf(rates(100), rates(200))).toBeLessThan(100 * 5 + 10);
	});
});

it('says of bytes that are none of its own that they are damaged', () => {
	const bytes = new DeltaWriter().diff(undefined, {clients: [{id: 1}, {id: 2}], name: 'cache-1', at: 1.5});
	for (let length = 0; length < bytes.length; length++) {
		expect(() => new DeltaReader().apply(undefined, bytes.subarray(0, length))).toThrow('it ends in the middle of a frame');
	}
	expect(() => new DeltaReader().apply(undefined, Buffer.concat([bytes, bytes]))).toThrow('a frame is longer than what it tells');
});
