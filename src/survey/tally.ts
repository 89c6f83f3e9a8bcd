import type {SurveyGroup} from '../store/survey.ts';

/** What was read of one key. Undefined: this user may not ask, or the server did not say. */
export type Measure = {readonly bytes: number | undefined; readonly hasTtl: boolean | undefined};

/** How much of the database the counts stand for. */
export type Extent = {
	/** Share of the keys that has been seen; 1 where the counts are to stand for themselves. */
	readonly seen: number;
};

/** Stated errors are three standard errors: nearly always right, not just mostly. */
export const sigmas = 3;
/** From fewer than these nobody can tell how much the others differ. */
const leastMeasured = 5;
/** Nor how many more there are: a single key, seen after a twentieth of the way, does not stand for twenty. */
const leastSeen = 5;
/** What is left then is what came while the survey ran. */
const nearlyAll = 0.99;
const enoughMeasured = 10;

/** Keys of which some were measured. */
class Sample {
	count = 0;
	bytes = 0;
	squares = 0;
	ttlCount = 0;
	withoutTtl = 0;

	add({bytes, hasTtl}: Measure): void {
		if (bytes !== undefined) {
			this.count += 1;
			this.bytes += bytes;
			this.squares += bytes * bytes;
		}
		if (hasTtl !== undefined) {
			this.ttlCount += 1;
			this.withoutTtl += hasTtl ? 0 : 1;
		}
	}

	plus(other: Sample): Sample {
		const sum = new Sample();
		for (const field of ['count', 'bytes', 'squares', 'ttlCount', 'withoutTtl'] as const) sum[field] = this[field] + other[field];
		return sum;
	}

	get meanBytes(): number {
		return this.count === 0 ? 0 : this.bytes / this.count;
	}

	get variance(): number {
		return this.count < 2 ? 0 : Math.max(0, (this.squares - this.bytes * this.meanBytes) / (this.count - 1));
	}
}

/**
 * The keys of one prefix or component. Some are measured for certain (the first of every kind of name), of the rest one in N: two strata,
 * each with a mean of its own, so that measuring more of what is rare does not make it look frequent.
 */
export class Tally {
	keys = 0;
	/** Of these, the ones that are measured for certain. */
	certainKeys = 0;
	certain = new Sample();
	rest = new Sample();

	count(isCertain: boolean): void {
		this.keys += 1;
		this.certainKeys += isCertain ? 1 : 0;
	}

	record(measure: Measure, isCertain: boolean): void {
		(isCertain ? this.certain : this.rest).add(measure);
	}

	plus(other: Tally): Tally {
		const sum = new Tally();
		sum.keys = this.keys + other.keys;
		sum.certainKeys = this.certainKeys + other.certainKeys;
		sum.certain = this.certain.plus(other.certain);
		sum.rest = this.rest.plus(other.rest);
		return sum;
	}

	/** What these keys come to in the whole database; of a rare kind, what has been seen of it. */
	toGroup(name: string, extent: Extent): SurveyGroup {
		const isRare = this.keys < leastSeen;
		const seen = isRare ? 1 : extent.seen;
		const unseenVariance = this.keys === 0 ? 0 : (1 - seen) / this.keys;
		return {
			name,
			keys: Math.round(this.keys / seen),
			keysError: sigmas * Math.sqrt(unseenVariance),
			isAtLeast: isRare && extent.seen < nearlyAll,
			...this.#bytes(seen, unseenVariance),
			...this.#withoutTtl(unseenVariance),
		};
	}

	#bytes(seen: number, unseenVariance: number): Pick<SurveyGroup, 'bytes' | 'bytesError'> {
		const all = this.certain.plus(this.rest);
		if (this.keys === 0) return {bytes: 0, bytesError: 0};
		if (all.count === 0) return {bytes: undefined, bytesError: undefined};
		const restKeys = this.keys - this.certainKeys;
		const basis = this.rest.count >= enoughMeasured ? this.rest : all;
		const certain = this.certain.count > 0 ? this.certain : all;
		const bytes = this.certainKeys * certain.meanBytes + restKeys * basis.meanBytes;
		const unmeasured = restKeys === 0 ? 0 : Math.max(0, 1 - this.rest.count / restKeys);
		const isGuess = (unmeasured > 0 || unseenVariance > 0) && all.count < leastMeasured;
		if (isGuess || bytes === 0) return {bytes: bytes / seen, bytesError: isGuess ? undefined : 0};
		const sampling = (restKeys * restKeys * basis.variance * unmeasured) / Math.max(1, basis.count) / bytes ** 2;
		const spread = 1 + all.variance / all.meanBytes ** 2;
		return {bytes: bytes / seen, bytesError: sigmas * Math.sqrt(sampling + unseenVariance * spread)};
	}

	#withoutTtl(unseenVariance: number): Pick<SurveyGroup, 'withoutTtl' | 'withoutTtlError'> {
		const all = this.certain.plus(this.rest);
		if (all.ttlCount === 0) return {withoutTtl: undefined, withoutTtlError: undefined};
		const restKeys = this.keys - this.certainKeys;
		const basis = this.rest.ttlCount >= enoughMeasured ? this.rest : all;
		const certain = this.certain.ttlCount > 0 ? this.certain : all;
		const restWeight = restKeys / this.keys;
		const restShare = basis.withoutTtl / basis.ttlCount;
		const share = (1 - restWeight) * (certain.withoutTtl / certain.ttlCount) + restWeight * restShare;
		const unmeasured = restKeys === 0 ? 0 : Math.max(0, 1 - this.rest.ttlCount / restKeys);
		// None among m says: hardly more than three in m (the rule of three); without it, a share of 0 would claim to be exact.
		const spread = Math.max(restShare * (1 - restShare), Math.min(0.25, 1 / basis.ttlCount));
		const variance = (restWeight ** 2 * spread * unmeasured) / basis.ttlCount + share * (1 - share) * unseenVariance;
		return {withoutTtl: share, withoutTtlError: Math.min(1, sigmas * Math.sqrt(variance))};
	}
}
