/** Does a name match a Redis pattern? `*`, `?`, `[abc]`, `[^a]`, `[a-z]` and `\` as in util.c stringmatchlen; never slower than pattern times name. */
export function globMatcher(pattern: string): (name: string) => boolean {
	const [, plainStart] = /^([^*?[\\]+)\*$/s.exec(pattern) ?? [];
	if (plainStart !== undefined) return name => name.startsWith(plainStart);
	const tokens = toTokens(pattern);
	return name => matches(tokens, name);
}

/** What every name that a pattern matches begins with. */
export const literalStart = (pattern: string): string => /^[^*?[\\]*/.exec(pattern)?.[0] ?? '';

type Token = '*' | ((code: number) => boolean);

type Read = {readonly token: Token; readonly next: number};

function toTokens(pattern: string): readonly Token[] {
	const tokens: Token[] = [];
	for (let at = 0; at < pattern.length; ) {
		const {token, next} = toToken(pattern, at);
		if (token !== '*' || tokens.at(-1) !== '*') tokens.push(token);
		at = next;
	}
	return tokens;
}

function toToken(pattern: string, at: number): Read {
	switch (pattern[at]) {
		case '*':
			return {token: '*', next: at + 1};
		case '?':
			return {token: () => true, next: at + 1};
		case '[':
			return toSet(pattern, at + 1);
		default: {
			const escaped = pattern[at] === '\\' && at + 1 < pattern.length ? at + 1 : at;
			const code = pattern.charCodeAt(escaped);
			return {token: other => other === code, next: escaped + 1};
		}
	}
}

/** As the server reads it: a set that is not closed ends with the pattern, and a range may be written upside down. */
function toSet(pattern: string, from: number): Read {
	const isNegated = pattern[from] === '^';
	const ranges: (readonly [number, number])[] = [];
	let at = isNegated ? from + 1 : from;
	while (at < pattern.length && pattern[at] !== ']') {
		if (pattern[at] === '\\' && at + 1 < pattern.length) {
			const code = signed(pattern.charCodeAt(at + 1));
			ranges.push([code, code]);
			at += 2;
		} else if (pattern[at + 1] === '-' && at + 2 < pattern.length) {
			const [a, b] = [signed(pattern.charCodeAt(at)), signed(pattern.charCodeAt(at + 2))];
			ranges.push([Math.min(a, b), Math.max(a, b)]);
			at += 3;
		} else {
			const code = signed(pattern.charCodeAt(at));
			ranges.push([code, code]);
			at += 1;
		}
	}
	return {token: code => ranges.some(([low, high]) => signed(code) >= low && signed(code) <= high) !== isNegated, next: at + 1};
}

/** A char of C has a sign, so in a range the bytes above 127 come before all others. */
const signed = (code: number): number => (code < 128 ? code : code - 256);

/** Only the last star need ever be tried again. */
function matches(tokens: readonly Token[], name: string): boolean {
	let at = 0;
	let token = 0;
	let star = -1;
	let starAt = 0;
	while (at < name.length) {
		const wanted = tokens[token];
		if (wanted === '*') {
			star = token;
			starAt = at;
			token += 1;
		} else if (wanted?.(name.charCodeAt(at))) {
			token += 1;
			at += 1;
		} else if (star >= 0) {
			token = star + 1;
			starAt += 1;
			at = starAt;
		} else return false;
	}
	return tokens.slice(token).every(rest => rest === '*');
}
