import {describe, expect, it} from 'vitest';
import type {ConfirmRequest, DialogState} from '../../../src/store/dialog.ts';
import {dialogContent} from '../../../src/views/overlays/dialog-lines.ts';
import {noonMs, stateWith} from '../../helpers/fixtures.ts';

const request = (facts: ConfirmRequest['facts']): ConfirmRequest => ({
	actionId: 'client.kill',
	title: 'Kill',
	danger: 'disruptive',
	facts,
	plan: [['CLIENT', 'KILL', 'ID', '7']],
	goesOn: undefined,
	places: [],
	effect: ['it is closed'],
	affects: 'nobody',
	cost: 'none',
	undo: 'none',
	checks: () => [],
	word: undefined,
	isProduction: false,
	stops: undefined,
});

type More = Partial<ConfirmRequest> & {readonly output?: readonly string[]};

function texts(facts: ConfirmRequest['facts'], ended = false, {output = [], ...change}: More = {}): readonly string[] {
	const result = {outcome: 'done', detail: 'client 7 is gone', next: ['look again'], undo: undefined, output} as const;
	const dialog: DialogState = {
		request: {...request(facts), ...change},
		openedAtMs: noonMs,
		phase: ended ? 'ended' : 'asking',
		typed: '',
		offset: 0,
		progress: undefined,
		isSeen: false,
		isStopping: false,
		result: ended ? result : undefined,
	};
	const content = dialogContent({dialog, session: stateWith().session, role: 'master', checks: [], acted: [], nowMs: noonMs, width: 60, ascii: false});
	return content.map(row => row.map(({text}) => text).join(''));
}

describe('a label and its value', () => {
	it('stand apart, also where the label is as long as its column', () => {
		expect(texts([['client', '7']], true)).toContain(' audit log /nowhere/audit.jsonl');
		expect(texts([['connected', '7s ago']])).toContain(' connected 7s ago');
		expect(texts([['a very long label', 'value']])).toContain(' a very long label value');
	});

	it.each<[string, readonly string[], string]>([
		['target', texts([['a very long label', 'value']]), '10.0.0.9'],
		['sends', texts([['a very long label', 'value']]), 'CLIENT KILL'],
		['effect', texts([['a very long label', 'value']]), 'it is closed'],
	])('begin in one column: %s', (_label, rows, value) => {
		const columnOf = (text: string) => rows.find(row => row.includes(text))?.indexOf(text);
		expect(columnOf(value === '10.0.0.9' ? 'cache' : value)).toBe(columnOf('value'));
	});
});

it('calls what was so before the action so: it says `now` only until that has ended', () => {
	const facts = [
		['now', '100mb'],
		['new', '200mb'],
	] as const;
	expect(texts(facts).filter(row => row.includes('00mb'))).toEqual([' now      100mb', ' new      200mb']);
	expect(texts(facts, true).filter(row => row.includes('00mb'))).toEqual([' was       100mb', ' new       200mb']);
});

describe('what goes to several places', () => {
	const sends = (plan: ConfirmRequest['plan']) => texts([], false, {plan, places: ['s1:1', 's2:1']}).slice(2, 4);
	it('is told once with all of them where it is the same', () => expect(sends([['PING'], ['PING']])).toEqual([' sends    PING', '          on s1:1, s2:1']));
	it('is told for each where it is not', () => expect(sends([['PING'], ['TIME']])).toEqual([' sends    PING   on s1:1', '          TIME   on s2:1']));
});

it('says of a program first what it is', () => {
	const rows = texts([['told', 'TARGET=cache']], false, {stops: 'program'});
	expect(rows.slice(1, 4)).toEqual([' runs     CLIENT KILL ID 7', '', ' told     TARGET=cache']);
});

it('shows all that a sample has seen, and of what a program has said the end', () => {
	const output = Array.from({length: 24}, (_, index) => `line ${index + 1}.`);
	const shown = (stops: ConfirmRequest['stops']) => texts([], true, {stops, output}).filter(row => row.includes('line '));
	expect(shown('sampling')).toHaveLength(24);
	expect(shown('program').map(row => row.trim().replace('output    ', ''))).toEqual(output.slice(-15));
});

it('where room is short shows of facts of one kind the first, commands in one row each, and counts the preconditions that hold', () => {
	const long = ['EVALSHA', 'a'.repeat(40), '2', 'bull:orders:failed', 'bull:orders:1'];
	const facts = [
		['reason', '181 × connect ECONNREFUSED'],
		['reason', '74 × timeout'],
	] as const;
	const dialog: DialogState = {
		request: {...request(facts), plan: [long]},
		openedAtMs: noonMs,
		phase: 'asking',
		typed: '',
		offset: 0,
		progress: undefined,
		isSeen: false,
		isStopping: false,
		result: undefined,
	};
	const checks = [
		{label: 'one', ok: true},
		{label: 'two', ok: true},
		{label: 'three', ok: undefined},
	];
	const rows = (isTight: boolean) =>
		dialogContent({dialog, session: stateWith().session, role: 'master', checks, acted: [], nowMs: noonMs, width: 60, ascii: false}, isTight).map(row =>
			row.map(({text}) => text).join(''),
		);
	expect(rows(false).filter(row => row.includes('×'))).toHaveLength(2);
	expect(rows(false).join('\n')).toContain('bull:orders:1');
	expect(rows(true).filter(row => row.includes('×'))).toEqual([' reason   181 × connect ECONNREFUSED (1 more)']);
	expect(rows(true).filter(row => /EVALSHA|bull:/.test(row))).toEqual([' sends    EVALSHA aaaaaaaa… 2 bull:orders:failed bull:orde…']);
	expect(rows(true).join('\n')).toContain('✓ 2 of 3 preconditions hold   ? three: not known');
});
