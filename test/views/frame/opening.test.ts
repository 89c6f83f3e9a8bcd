import {expect, it} from 'vitest';
import {openingRows} from '../../../src/views/frame/opening.ts';
import {stateWith} from '../../helpers/fixtures.ts';

const state = stateWith();
const opening = (columns: number, theme = {colour: true, ascii: false}, name = state.session.target.name) =>
	openingRows({...state, session: {...state.session, target: {...state.session.target, name}}, ui: {...state.ui, size: {columns, rows: 24}}}, theme);

it('says whom it connects to, in one row of the whole width', () => {
	for (const columns of [20, 80, 200]) {
		const [row = '', ...others] = opening(columns, {colour: true, ascii: true});
		expect(others).toEqual([]);
		expect(row.replaceAll(/\u001B\[[\d;]*m/g, '')).toHaveLength(columns);
	}
	expect(opening(80).join()).toContain(state.session.target.name);
	expect(opening(80).join()).toContain(' CONNECTING ');
});

it('keeps to the theme, and lets no name give orders to the terminal', () => {
	expect(opening(80, {colour: false, ascii: true}).join()).not.toContain('[36');
	expect(opening(80, {colour: true, ascii: false}, 'a\u001B[2Jb').join()).not.toContain('\u001B[2J');
});
