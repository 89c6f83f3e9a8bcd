import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type Line, lineWidth} from '../../../src/views/kit/line.ts';
import {type Column, type TableOptions, tableLines} from '../../../src/views/kit/table.ts';
import {foreignText} from '../../helpers/foreign-text.ts';

const columns = [
	{title: 'ID', width: 6, align: 'right'},
	{title: 'ADDRESS', width: 15},
	{title: 'NAME', grow: true, width: 6, priority: 1},
	{title: 'IDLE', width: 5, align: 'right', priority: 3},
	{title: 'CMD', grow: true, width: 6},
	{title: 'OUT', width: 6, align: 'right', priority: 2},
] as const satisfies readonly Column[];
const rows = [
	['90211', '10.0.9.14:51022', 'worker-7', '7s', 'evalsha', '0B'],
	['88102', '10.0.7.2:40110', '漢字漢字漢字', '12d', 'get', {text: '1.2M', tone: 'warn'}],
] as const;

const textOf = (content: Line) => content.map(span => span.text).join('');
const show = (options: Partial<TableOptions>) =>
	tableLines({columns, rows, width: 60, ...options})
		.map(textOf)
		.join('\n');

describe('tableLines', () => {
	it('lines up header and rows, and shares the spare width among the columns that grow', () => {
		expect(`\n${show({})}`).toMatchInlineSnapshot(`
			"
			    ID ADDRESS         NAME         IDLE CMD             OUT
			 90211 10.0.9.14:51022 worker-7       7s evalsha          0B
			 88102 10.0.7.2:40110  漢字漢字漢…   12d get            1.2M"
		`);
	});

	it('shows cursor and marks by signs in a gutter', () => {
		expect(`\n${show({selectedIndex: 0, markedIndexes: new Set([0, 1])})}`).toMatchInlineSnapshot(`
			"
			      ID ADDRESS         NAME        IDLE CMD            OUT
			▸● 90211 10.0.9.14:51022 worker-7      7s evalsha         0B
			 ● 88102 10.0.7.2:40110  漢字漢字…    12d get           1.2M"
		`);
		expect(`\n${show({selectedIndex: -1})}`).toMatchInlineSnapshot(`
			"
			      ID ADDRESS         NAME        IDLE CMD            OUT
			   90211 10.0.9.14:51022 worker-7      7s evalsha         0B
			   88102 10.0.7.2:40110  漢字漢字…    12d get           1.2M"
		`);
	});

	it('draws no Unicode in ASCII', () => {
		const text = show({selectedIndex: 0, markedIndexes: new Set([1]), sortedBy: {column: 3, descending: true}, ascii: true});
		expect(`\n${text}`).toMatchInlineSnapshot(`
			"
			      ID ADDRESS         NAME       IDLEv CMD            OUT
			>  90211 10.0.9.14:51022 worker-7      7s evalsha         0B
			 * 88102 10.0.7.2:40110  \\u6f22\\u5~   12d get           1.2M"
		`);
		expect(text).toMatch(/^[ -~\n]*$/);
	});

	it.each([
		[52, ['ID', 'ADDRESS', 'NAME', 'IDLE', 'CMD', 'OUT']],
		[48, ['ID', 'ADDRESS', 'NAME', 'CMD', 'OUT']],
		[43, ['ID', 'ADDRESS', 'NAME', 'CMD', 'OUT']],
		[42, ['ID', 'ADDRESS', 'NAME', 'CMD']],
		[38, ['ID', 'ADDRESS', 'NAME', 'CMD']],
		[34, ['ID', 'ADDRESS', 'CMD']],
		[29, ['ID', 'ADDRESS', 'CMD']],
	])('at %i cells shows what matters most', (width, titles) => {
		expect(show({width}).split('\n')[0]?.trim().split(/ +/)).toEqual(titles);
	});

	it('cuts at the right edge when even the columns that never go have no room', () => {
		expect(`\n${show({width: 20})}`).toMatchInlineSnapshot(`
			"
			    ID ADDRESS     …
			 90211 10.0.9.14:51…
			 88102 10.0.7.2:401…"
		`);
	});

	it.each([
		[{title: 'IDLE', width: 7}, false, 'IDLE▴  '],
		[{title: 'IDLE', width: 7}, true, 'IDLE▾  '],
		[{title: 'IDLE', width: 4}, true, 'IDL▾'],
		[{title: 'IDLE'}, true, 'IDLE▾'],
		[{title: 'IDLE', width: 1}, true, '▾'],
		[{title: 'IDLE', width: 7, align: 'right'}, true, '  IDLE▾'],
	] as const)('says how the rows are sorted in the title of %j (descending %s)', (column, descending, title) => {
		const header = tableLines({columns: [column], rows: [], width: title.length, sortedBy: {column: 0, descending}})[0] ?? [];
		expect(textOf(header)).toBe(title);
		expect(header).toContainEqual({text: title.trim(), tone: 'strong'});
	});

	it('highlights the selected row over its whole width, and dims nothing in it', () => {
		const [, selected = [], other = []] = tableLines({
			columns,
			rows: [
				[{text: '1', tone: 'dim'}, 'a'],
				['2', {text: 'b', tone: 'bad'}],
			],
			width: 60,
			selectedIndex: 0,
		});
		expect(selected.every(span => span.inverse)).toBe(true);
		expect(selected.some(span => span.tone === 'dim')).toBe(false);
		expect(lineWidth(selected)).toBe(60);
		expect(other.some(span => span.inverse)).toBe(false);
		expect(other).toContainEqual({text: expect.stringMatching(/^b/) as string, tone: 'bad'});
	});

	it('makes foreign cells safe and keeps every line exactly as wide as asked', () => {
		const cell = fc.oneof(foreignText, fc.record({text: foreignText, tone: fc.constantFrom('dim', 'bad')}));
		fc.assert(
			fc.property(fc.array(fc.array(cell, {maxLength: 7}), {maxLength: 4}), fc.nat(130), fc.boolean(), (cells, width, ascii) => {
				const lines = tableLines({columns, rows: cells, width, ascii, selectedIndex: 1, markedIndexes: new Set([0])});
				expect(lines.map(content => lineWidth(content, {ascii}))).toEqual(Array.from({length: cells.length + 1}, () => width));
				expect(lines.map(textOf).join('')).not.toMatch(/\p{C}/u);
			}),
			{numRuns: 300},
		);
	});
});
