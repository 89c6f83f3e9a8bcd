/** A text that shares less than this with the one before is told anew. */
const leastShared = 4;

/** No half of a surrogate pair stands alone in it. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** What two texts have in common at both ends; undefined where that is little. No pair is cut in two. */
export function sharedEnds(before: string, after: string): {readonly head: number; readonly tail: number} | undefined {
	const most = Math.min(before.length, after.length);
	let head = 0;
	while (head < most && before.charCodeAt(head) === after.charCodeAt(head)) head++;
	if (isHighSurrogate(after, head - 1)) head--;
	let tail = 0;
	while (tail < most - head && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
	if (isHighSurrogate(after, after.length - tail - 1)) tail--;
	return head + Math.max(0, tail) >= leastShared ? {head, tail: Math.max(0, tail)} : undefined;
}

const isHighSurrogate = (text: string, at: number): boolean => at >= 0 && (text.charCodeAt(at) & 0xfc00) === 0xd800;
