/*
 * Key names as bytes, one character each (U+0000 to U+00FF): a name need not be UTF-8, and one that is decoded and encoded again
 * would then be another key.
 */

/** What usually separates the parts of a name. */
const separators = /[:/|]/g;
/** Where none of these is: names such as `app.cache.7` and `sess_9f3ab`. */
const weakSeparators = /[._-]/g;

/** Names are told apart by so much of them. */
export const maxPrefixBytes = 120;

/** Where a key is counted: under `branch` (`bull:`), and there under `child` (`bull:orders:`, or the whole name where it ends before that). */
type Place = {readonly branch: string; readonly child: string};

/** The branch of names without separator is ''. */
export function placeOf(key: string): Place {
	const first = separatorEnd(key, 0, separators);
	if (first > 0) return {branch: key.slice(0, first), child: key.slice(0, separatorEnd(key, first, separators) || maxPrefixBytes)};
	const weak = separatorEnd(key, 0, weakSeparators);
	const branch = key.slice(0, weak);
	// The numbers of an address or a uuid are no words of anybody's.
	return {branch: /\d/.test(branch) ? '' : branch, child: key.slice(0, maxPrefixBytes)};
}

/** The offset behind the next separator that has something before it; 0 without one. */
function separatorEnd(key: string, from: number, pattern: RegExp): number {
	pattern.lastIndex = from;
	for (let hit = pattern.exec(key); hit && hit.index < maxPrefixBytes; hit = pattern.exec(key)) if (hit.index > from) return hit.index + 1;
	return 0;
}

/** `user:123:meta` → `user:*:meta`, `sess:9f3ab` → `sess:*`, `tenant17:` → `tenant*:`: what one piece of code writes. Words with a digit vary. */
export const shapeOf = (key: string): string => key.slice(0, maxPrefixBytes).replace(wordWithDigit, word => `${/^(\D{3,})\d+$/.exec(word)?.[1] ?? ''}*`);

const wordWithDigit = /[^:/|._{}-]*\d[^:/|._{}-]*/g;

/** A name of its own, where a slice would keep the whole of a long one in memory. */
export const detached = (slice: string): string => Buffer.from(slice, 'latin1').toString('latin1');
