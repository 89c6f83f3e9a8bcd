import {describe, expect, it} from 'vitest';
import type {Finding} from '../../src/store/finding.ts';
import type {ServerState} from '../../src/store/server-state.ts';
import {addEvents, happenings} from '../../src/store/timeline.ts';

const server = (kind: ServerState['kind'], detail = ''): ServerState => ({kind, sinceMs: 0, detail});
const finding = (id: string): Finding => ({
	id,
	severity: 'P1',
	title: `${id} title`,
	evidence: `${id} evidence`,
	meaning: [],
	components: [],
	remedies: [],
	over: '',
});
const calm = {server: server('OK'), findings: []};

describe('what has happened between two moments', () => {
	it.each([
		['nothing', calm, calm, []],
		['another state, with its own words', calm, {server: server('MISCONF', 'no disk'), findings: []}, [['state', 'OK → MISCONF', ['no disk']]]],
		['a finding that came', calm, {...calm, findings: [finding('a')]}, [['found', 'a: a title', ['a evidence']]]],
		['a finding that went', {...calm, findings: [finding('a')]}, calm, [['over', 'a is over', ['a title']]]],
		['a finding that stayed with other figures', {...calm, findings: [finding('a')]}, {...calm, findings: [{...finding('a'), evidence: 'other'}]}, []],
		[
			'one that came and one that went',
			{...calm, findings: [finding('a')]},
			{...calm, findings: [finding('b')]},
			[
				['found', 'b: b title', ['b evidence']],
				['over', 'a is over', ['a title']],
			],
		],
	])('%s', (_what, before, after, expected) => {
		expect(happenings(before, after, 7).map(({kind, text, details}) => [kind, text, details])).toEqual(expected);
	});
});

const note = (text: string) => ({atMs: 1, kind: 'note' as const, severity: undefined, text, details: ['by alice']});

it('numbers events in order, keeps the same timeline when there is nothing to add, and forgets the oldest', () => {
	const two = addEvents([], [note('a'), note('b')]);
	expect(two.map(({id, text}) => [id, text])).toEqual([
		[1, 'a'],
		[2, 'b'],
	]);
	expect(addEvents(two, [])).toBe(two);
	const many = addEvents(
		two,
		Array.from({length: 2000}, () => note('c')),
	);
	expect([many.length, many[0]?.id, many.at(-1)?.id]).toEqual([2000, 3, 2002]);
});
