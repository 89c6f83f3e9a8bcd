import {isWhole} from './plain-data.ts';

/** How a number is told in a column that holds more than whole ones. From `scaled` on: by so many of a part, the kinds being numbered as `scales`. */
export const numberKinds = {
	/** A whole number, by the difference to the one before where that is one. */
	more: 0,
	float: 1,
	/** `value * factor / divisor` of the column. */
	share: 2,
	/** `value / divisor`, and `value / (divisor / 1000)`: so many in so many milliseconds. */
	quotient: 3,
	perSecond: 4,
	scaled: 5,
} as const;

/** How many of a part make one: hundredths and millionths. */
const scales = [100, 1_000_000] as const;

export type ToldNumber = {readonly kind: number; readonly value: number; readonly divisor?: number};

/** Rates of one moment are so many in the same time: then the column tells that once. */
export type Share = {readonly factor: number; readonly divisor: number};

export const noShare: Share = {factor: 1, divisor: 1};

/** Figures are mostly made of small whole numbers, which take half the bytes of what comes out, or less. */
export function numberOf(before: unknown, after: number, share: Share): ToldNumber {
	if (isWhole(after)) return {kind: numberKinds.more, value: after - (isWhole(before) ? before : 0)};
	return scaledOf(before, after) ?? sharedOf(after, share) ?? quotientOf(after) ?? {kind: numberKinds.float, value: after};
}

/** The number again, from what was told. */
export function toldNumber(before: unknown, {kind, value, divisor = 1}: ToldNumber, {factor, divisor: common}: Share): number {
	switch (kind) {
		case numberKinds.more:
			return (isWhole(before) ? before : 0) + value;
		case numberKinds.float:
			return value;
		case numberKinds.share:
			return (value * factor) / common;
		case numberKinds.quotient:
			return value / divisor;
		case numberKinds.perSecond:
			return value / (divisor / 1000);
		default: {
			const scale = scales[kind - numberKinds.scaled] ?? 1;
			return (partsIn(before, scale) + value) / scale;
		}
	}
}

function scaledOf(before: unknown, after: number): ToldNumber | undefined {
	const index = scales.findIndex(scale => isWhole(Math.round(after * scale)) && Object.is(Math.round(after * scale) / scale, after));
	const scale = scales[index];
	return scale === undefined ? undefined : {kind: numberKinds.scaled + index, value: Math.round(after * scale) - partsIn(before, scale)};
}

function partsIn(number: unknown, scale: number): number {
	const parts = typeof number === 'number' ? Math.round(number * scale) : 0;
	return isWhole(parts) ? parts : 0;
}

function sharedOf(number: number, {factor, divisor}: Share): ToldNumber | undefined {
	const value = Math.round((number * divisor) / factor);
	return divisor > 1 && isWhole(value) && Object.is((value * factor) / divisor, number) ? {kind: numberKinds.share, value} : undefined;
}

/** What the numbers of a column share; `noShare` where that is nothing. */
export function shareOf(numbers: readonly number[]): Share {
	const quotients = numbers.flatMap(number => (isWhole(number) || scaledOf(undefined, number) ? [] : (fractionOf(number) ?? [])));
	if (quotients.length < 2) return noShare;
	let divisor = 1;
	for (const quotient of quotients) {
		const common = (divisor / greatestCommonDivisor(divisor, quotient.divisor)) * quotient.divisor;
		if (common <= largestDivisor) divisor = common;
	}
	const factor = quotients.reduce((shared, quotient) => greatestCommonDivisor(shared, Math.abs(Math.round((quotient.value / quotient.divisor) * divisor))), 0);
	return {factor: Math.max(1, factor), divisor};
}

/** Together these take less than the eight bytes of a float. */
const largestDivisor = 2 ** 21;
const largestValue = 2 ** 27;

type Fraction = {readonly value: number; readonly divisor: number};

function quotientOf(number: number): ToldNumber | undefined {
	const fraction = fractionOf(number);
	if (!fraction) return undefined;
	const shared = greatestCommonDivisor(Math.abs(fraction.value), 1000);
	const quotient = {kind: numberKinds.quotient, ...fraction};
	// In its lowest terms; of so many in so many milliseconds both were some times as large.
	const perSecond = {kind: numberKinds.perSecond, value: fraction.value / shared, divisor: (fraction.divisor * 1000) / shared};
	const told = (shared > 1 ? [perSecond, quotient] : [quotient, perSecond]).find(each => toldNumber(undefined, each, noShare) === number);
	return told && told.divisor <= largestDivisor ? told : undefined;
}

/** By continued fractions: the first quotient of small numbers that is this very number, or that is when both are told in milliseconds. */
function fractionOf(number: number): Fraction | undefined {
	if (!Number.isFinite(number) || number === 0) return undefined;
	let [value, valueBefore, divisor, divisorBefore] = [1, 0, 0, 1];
	let rest = Math.abs(number);
	for (let step = 0; step < 24; step++) {
		const whole = Math.floor(rest);
		[value, valueBefore] = [whole * value + valueBefore, value];
		[divisor, divisorBefore] = [whole * divisor + divisorBefore, divisor];
		if (divisor > largestDivisor || value > largestValue) return undefined;
		if (isNearly(value / divisor, Math.abs(number))) return {value: value * Math.sign(number), divisor};
		rest = 1 / (rest - whole);
		if (!Number.isFinite(rest)) return undefined;
	}
	return undefined;
}

/** But for the last bit, which a time in seconds has cost. */
const isNearly = (a: number, b: number): boolean => Math.abs(a - b) <= b * 3e-16;

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
