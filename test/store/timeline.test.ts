import {describe, expect, it} from 'vitest';
import type {Outcome} from '../../src/store/dialog.ts';
import {addEvents, type Happening, record, returnsText, type Timeline, worseSign} from '../../src/store/timeline.ts';
import {noonMs} from '../helpers/fixtures.ts';

const at = (seconds: number, happening: Pick<Happening, 'kind' | 'text'> & Partial<Happening>): Happening => ({
	atMs: noonMs + seconds * 1000,
	severity: undefined,
	details: [],
	...happening,
});
const found = (seconds: number, id = 'a') => at(seconds, {kind: 'found', severity: 'P1', text: `${id}: found`, subject: id});
const over = (seconds: number, id = 'a') => at(seconds, {kind: 'over', severity: 'P1', text: `${id} is over`, subject: id});
const state = (seconds: number, from: string, to: string) => at(seconds, {kind: 'state', text: to, subject: `${from}>${to}`});
const acted = (seconds: number, outcome: Outcome = 'done') => at(seconds, {kind: 'action', text: 'x done', subject: 'run-1', outcome});
const written = (...happenings: readonly Happening[]): Timeline => happenings.reduce((timeline, happening) => record(timeline, [happening]), [] as Timeline);
const texts = (timeline: Timeline) => timeline.map(event => [event.text, returnsText(event)].filter(text => text !== undefined).join(' | '));

it('numbers events in order, keeps the same timeline when there is nothing to add, and forgets the oldest', () => {
	const note = (text: string) => at(0, {kind: 'note', text});
	const two = addEvents([], [note('a'), note('b')]);
	expect(two.map(({id, text}) => [id, text])).toEqual([
		[1, 'a'],
		[2, 'b'],
	]);
	expect(addEvents(two, [])).toBe(two);
	expect(record(two, [])).toBe(two);
	const many = addEvents(
		two,
		Array.from({length: 2000}, () => note('c')),
	);
	expect([many.length, many[0]?.id, many.at(-1)?.id]).toEqual([2000, 3, 2002]);
});

describe('a finding', () => {
	it.each<[string, readonly Happening[], readonly string[]]>([
		['that goes tells how long it stood', [found(0), over(108)], ['a: found', 'a is over: stood 1m48s']],
		['whose beginning is forgotten only goes', [over(108)], ['a is over']],
		['that is back within ten seconds goes on', [found(0), over(20), found(30)], ['a: found | back once, last at 12:00:30Z']],
		['that is back later is a new one', [found(0), over(20), found(30.1)], ['a: found', 'a is over: stood 20s', 'a: found']],
		[
			'that ends after coming back says so',
			[found(0), over(20), found(22), over(40), found(45), over(60)],
			['a: found | back 2 times, last at 12:00:45Z', 'a is over: stood 1m00s, back 2 times in between'],
		],
		['is not taken for another', [found(0), over(20), found(21, 'b')], ['a: found', 'a is over: stood 20s', 'b: found']],
		['that is back after an action is a new one', [found(0), acted(19), over(20), found(22)], ['a: found', 'x done', 'a is over: stood 20s', 'a: found']],
	])('%s', (_what, happenings, expected) => {
		expect(texts(written(...happenings))).toEqual(expected);
	});

	it('that flaps every second for an hour is one event', () => {
		const flapping = Array.from({length: 1800}, (_, round) => [found(round * 2), over(round * 2 + 1)]).flat();
		expect(texts(written(...flapping))).toEqual(['a: found | back 1799 times, last at 12:59:58Z', 'a is over: stood 59m59s, back 1799 times in between']);
	});

	it('that gets worse and better and worse tells it once', () => {
		const worse = (seconds: number) => ({...found(seconds), text: 'a is worse', subject: `a${worseSign}P0`});
		expect(texts(written(found(0), worse(5), worse(9), over(30), found(90), worse(95)))).toEqual([
			'a: found',
			'a is worse',
			'a is over: stood 30s',
			'a: found',
			'a is worse',
		]);
	});
});

describe('a state', () => {
	it.each<[string, readonly Happening[], readonly string[]]>([
		['that lasts is told each time', [state(0, 'OK', 'BUSY'), state(5, 'BUSY', 'OK'), state(16, 'OK', 'BUSY')], ['BUSY', 'OK', 'BUSY']],
		['that is back at once goes on', [state(0, 'OK', 'BUSY'), state(5, 'BUSY', 'OK'), state(8, 'OK', 'BUSY')], ['BUSY | back once, last at 12:00:08Z']],
		[
			'that is back by another way is told',
			[state(0, 'OK', 'BUSY'), state(5, 'BUSY', 'OK'), state(6, 'OK', 'DOWN'), state(7, 'DOWN', 'OK'), state(8, 'OK', 'BUSY')],
			['BUSY', 'OK', 'DOWN', 'OK', 'BUSY'],
		],
		[
			'that is back after an action is told',
			[state(0, 'OK', 'BUSY'), acted(4), state(5, 'BUSY', 'OK'), state(8, 'OK', 'BUSY')],
			['BUSY', 'x done', 'OK', 'BUSY'],
		],
	])('%s', (_what, happenings, expected) => {
		expect(texts(written(...happenings))).toEqual(expected);
	});

	it('that flaps for an hour is one event', () => {
		const flapping = Array.from({length: 900}, (_, round) => [state(round * 4, 'OK', 'DOWN'), state(round * 4 + 2, 'DOWN', 'OK')]).flat();
		expect(written(...flapping)).toHaveLength(2);
	});
});

it('counts the same news of a connection, however often it comes', () => {
	const again = (seconds: number, subject = 'connection') => at(seconds, {kind: 'link', text: 'Connected again', subject});
	const many = Array.from({length: 100}, (_, round) => again(round * 5));
	expect(texts(written(...many))).toEqual(['Connected again | back 99 times, last at 12:08:15Z']);
	expect(written(again(0), again(11), again(12, 'gone:x'))).toHaveLength(3);
});

it('leaves notes and actions as they are', () => {
	const note = at(0, {kind: 'note', text: 'same'});
	expect(written(note, note, acted(1), acted(1))).toHaveLength(4);
});
