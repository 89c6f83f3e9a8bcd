import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type Line, line, lineWidth} from '../../../src/views/kit/line.ts';
import {type PanelOptions, panelInner, panelLines} from '../../../src/views/kit/panel.ts';
import {foreignText} from '../../helpers/foreign-text.ts';

const textOf = (content: Line) => content.map(span => span.text).join('');
const show = (options: Partial<PanelOptions>) =>
	panelLines({title: '1 Scripts', right: '3s old', body: [line('RUNNING'), line('script')], width: 30, height: 5, ...options})
		.map(textOf)
		.join('\n');

describe('panelLines', () => {
	it('draws a box with a title and what stands at the right, and fills it up', () => {
		expect(`\n${show({})}`).toMatchInlineSnapshot(`
			"
			┌ 1 Scripts ──────── 3s old ─┐
			│RUNNING                     │
			│script                      │
			│                            │
			└────────────────────────────┘"
		`);
	});

	it('draws the focused box with another border, so that no colour is needed', () => {
		expect(`\n${show({focused: true})}`).toMatchInlineSnapshot(`
			"
			╔ 1 Scripts ════════ 3s old ═╗
			║RUNNING                     ║
			║script                      ║
			║                            ║
			╚════════════════════════════╝"
		`);
		expect(panelLines({title: 'T', body: [], width: 9, height: 2, focused: true})[0]).toContainEqual({text: 'T', tone: 'strong'});
	});

	it('draws no Unicode in ASCII', () => {
		expect(`\n${show({ascii: true, height: 3})}\n${show({ascii: true, focused: true, height: 2})}`).toMatchInlineSnapshot(`
			"
			+ 1 Scripts -------- 3s old -+
			|RUNNING                     |
			+----------------------------+
			+ 1 Scripts ======== 3s old =+
			+============================+"
		`);
	});

	it('clips a body that is too long or too wide', () => {
		expect(`\n${show({body: [line('a'.repeat(40)), line('b'), line('c'), line('d')], height: 4, right: undefined})}`).toMatchInlineSnapshot(`
			"
			┌ 1 Scripts ─────────────────┐
			│aaaaaaaaaaaaaaaaaaaaaaaaaaa…│
			│b                           │
			└────────────────────────────┘"
		`);
	});

	it.each([
		[23, '┌ 1 Scripts ─ 3s old ─┐'],
		[22, '┌ 1 Scripts  3s old ─┐'],
		[21, '┌ 1 Scripts  3s o… ─┐'],
		[16, '┌ 1 Scripts ───┐'],
		[12, '┌ 1 Scri… ─┐'],
		[6, '┌ … ─┐'],
		[5, '┌───┐'],
		[4, '┌──┐'],
		[2, '┌┐'],
		[1, '┌'],
		[0, ''],
	])('at %i cells gives up the right part first, then cuts the title', (width, top) => {
		expect(show({width}).split('\n')[0]).toBe(top);
	});

	it('is exactly as large as asked, whatever it holds', () => {
		fc.assert(
			fc.property(
				foreignText,
				foreignText,
				fc.array(foreignText, {maxLength: 5}),
				fc.nat(60),
				fc.nat(8),
				fc.boolean(),
				(title, right, body, width, height, ascii) => {
					const lines = panelLines({title, right, body: body.map(text => line(text)), width, height, ascii});
					expect(lines.map(content => lineWidth(content, {ascii}))).toEqual(Array.from({length: height}, () => width));
				},
			),
			{numRuns: 500},
		);
	});
});

it.each([
	[
		{width: 30, height: 5},
		{width: 28, height: 3},
	],
	[
		{width: 1, height: 0},
		{width: 0, height: 0},
	],
])('a panel of %j leaves %j', (size, inner) => {
	expect(panelInner(size)).toEqual(inner);
});
