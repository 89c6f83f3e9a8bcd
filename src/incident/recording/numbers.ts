import {isWhole} from './plain-data.ts';

/** How a number of a column is told that holds more than whole ones. */
export const numberKinds = {
	/** As before, or by its difference. */
	more: 0,
	/** A whole number, where there was none. */
	whole: 1,
	float: 2,
	/** `value / divisor`: a share. */
	quotient: 3,
	/** `value / (divisor / 1000)`: so many in so many milliseconds. */
	perSecond: 4,
} as const;

export type ToldNumber = {readonly kind: number; readonly value: number; readonly divisor?: number};

/** Rates and shares are made of two small whole numbers, which take half the bytes of what comes out. */
export function numberOf(before: unknown, after: number): ToldNumber {
	if (isWhole(after)) return isWhole(before) ? {kind: numberKinds.more, value: after - before} : {kind: numberKinds.whole, value: after};
	return quotientOf(after) ?? {kind: numberKinds.float, value: after};
}

/** The number again, from what was told. */
export function toldNumber(before: unknown, {kind, value, divisor = 1}: ToldNumber): number {
	switch (kind) {
		case numberKinds.more:
			return (isWhole(before) ? before : 0) + value;
		case numberKinds.quotient:
			return value / divisor;
		case numberKinds.perSecond:
			return value / (divisor / 1000);
		default:
			return value;
	}
}

/** Together these take less than the eight bytes of a float. */
const largestDivisor = 2 ** 21;
const largestValue = 2 ** 27;

/** By continued fractions: the best quotient of small numbers, if it is this very number. */
function quotientOf(number: number): ToldNumber | undefined {
	if (!Number.isFinite(number) || number === 0) return undefined;
	let [value, valueBefore, divisor, divisorBefore] = [1, 0, 0, 1];
	let rest = Math.abs(number);
	for (let step = 0; step < 24; step++) {
		const whole = Math.floor(rest);
		[value, valueBefore] = [whole * value + valueBefore, value];
		[divisor, divisorBefore] = [whole * divisor + divisorBefore, divisor];
		if (divisor > largestDivisor || value > largestValue) return undefined;
		const found = exactly(number, value * Math.sign(number), divisor);
		if (found) return found;
		rest = 1 / (rest - whole);
		if (!Number.isFinite(rest)) return undefined;
	}
	return undefined;
}

function exactly(number: number, value: number, divisor: number): ToldNumber | undefined {
	// `value / divisor` is in its lowest terms; of so many in so many milliseconds both were some times as large.
	const shared = greatestCommonDivisor(Math.abs(value), 1000);
	const quotient = {kind: numberKinds.quotient, value, divisor};
	const perSecond = {kind: numberKinds.perSecond, value: value / shared, divisor: (divisor * 1000) / shared};
	const told = (shared > 1 ? [perSecond, quotient] : [quotient, perSecond]).find(each => toldNumber(undefined, each) === number);
	return told && told.divisor <= largestDivisor ? told : undefined;
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
