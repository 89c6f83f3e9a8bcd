import {expect, it} from 'vitest';
import {AnswerFilter} from '../../src/terminal/answer-filter.ts';

const answer = '\u001B[0n';
const esc = '\u001B';

type Step = string | readonly [laterMs: number, text: string];

/** What comes, piece by piece; a number before it: so long after the piece before. */
function feed(steps: readonly Step[], isOwed: boolean) {
	const filter = new AnswerFilter();
	let nowMs = 1000;
	let answers = 0;
	let keys = '';
	for (const step of steps) {
		const [laterMs, text] = typeof step === 'string' ? [0, step] : step;
		nowMs += laterMs;
		const parts = filter.feed(text, nowMs, isOwed);
		answers += parts.answers;
		keys += parts.keys;
	}
	return {answers, keys, isHolding: filter.isHolding, letGo: () => filter.letGo(nowMs), filter};
}

it.each<readonly [string, readonly Step[], number, string]>([
	['a key', ['j'], 0, 'j'],
	['an answer', [answer], 1, ''],
	['an answer between keys', [`j${answer}k`], 1, 'jk'],
	['two answers', [answer + answer], 2, ''],
	['an answer in two reads', ['j\u001B[', '0nk'], 1, 'jk'],
	['an answer in three reads', ['\u001B[', '0', 'n'], 1, ''],
	['an answer right behind Esc', [esc + answer], 1, esc],
	['an answer soon after Esc', [esc, answer], 1, esc],
	['an answer in two reads soon after Esc', [esc, '\u001B[0', 'n'], 1, esc],
	['an answer in a paste', [`\u001B[200~abc${answer}def\u001B[201~`], 1, '\u001B[200~abcdef\u001B[201~'],
	['an answer in a paste, byte by byte', [...`\u001B[200~abc${answer}def\u001B[201~`], 1, '\u001B[200~abcdef\u001B[201~'],
	// Ink, which still has the Esc, drops this one as a whole.
	['an answer whose Esc has just gone on', [esc, [14, '[0nj']], 1, `${answer}j`],
	['an answer whose Esc has just gone on, byte by byte', [...`${answer}j`], 1, `${answer}j`],
	['an answer whose Esc has just gone on, and another', [esc, `[0n${answer}j`], 2, `${answer}j`],
	// Ink has taken the Esc for a key.
	['an answer whose Esc has gone on long ago', [esc, [40, '[0nj']], 1, `${esc}j`],
	['an answer whose Esc has gone on long ago, byte by byte', [esc, [40, '['], [40, '0'], [40, 'n']], 1, esc],
	['keys behind an Esc', [esc, [40, '[j']], 0, `${esc}[j`],
	['keys long behind an Esc', [esc, [300, '[0n']], 0, answer],
	['an arrow key', ['\u001B[A'], 0, '\u001B[A'],
	['an arrow key in two reads', ['\u001B[', 'A'], 0, '\u001B[A'],
])('%s', (_what, steps, answers, keys) => expect(feed(steps, false)).toMatchObject({answers, keys, isHolding: false}));

it.each<readonly [string, readonly Step[], number, string]>([
	['an answer cut behind its Esc', [esc, [40, '[0nj']], 1, 'j'],
	['an answer, byte by byte', [esc, [20, '['], [20, '0'], [20, 'n']], 1, ''],
	['an arrow key cut behind its Esc', [esc, [40, '[A']], 0, '\u001B[A'],
	['Esc and a key', [esc, [40, 'j']], 0, `${esc}j`],
])('where an answer is owed, %s', (_what, steps, answers, keys) => expect(feed(steps, true)).toMatchObject({answers, keys, isHolding: false}));

it('lets go what was no answer; of an Esc that somebody may have typed the rest may still come', () => {
	const {isHolding, letGo, filter} = feed([esc], true);
	expect(isHolding).toBe(true);
	expect(letGo()).toBe(esc);
	expect(filter.isHolding).toBe(false);
	expect(filter.feed('[0n', 1100, true)).toEqual({answers: 1, keys: ''});
	const typed = feed(['\u001B['], false);
	expect(typed.letGo()).toBe('\u001B[');
	expect(typed.filter.feed('0n', 1100, false)).toEqual({answers: 0, keys: '0n'});
});
