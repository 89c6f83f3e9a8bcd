import type {ConsoleState} from '../../store/store.ts';
import type {UiState} from '../../store/ui.ts';
import type {UiChange} from '../../store/ui-lists.ts';
import {setFilter} from '../../store/ui-lists.ts';

type Edit = (text: string) => string;

/** Change the text of whichever field is open: filter, palette, or a word to be typed. */
export const editText =
	(edit: Edit): UiChange =>
	state => {
		const {dialog, overlay} = state.ui;
		if (dialog) return {dialog: {...dialog, typed: edit(dialog.typed)}};
		switch (overlay?.kind) {
			case 'filter':
				return setFilter(overlay.pane, edit(state.ui.panes[overlay.pane].filter))(state);
			case 'palette':
				return {overlay: {...overlay, query: edit(overlay.query), index: 0}};
			case 'word':
			case 'note':
				return {overlay: {...overlay, typed: edit(overlay.typed)}};
			case 'form':
				return {overlay: {...overlay, fields: overlay.fields.map((field, index) => (index === overlay.index ? {...field, value: edit(field.value)} : field))}};
			default:
				return {};
		}
	};

export const insert =
	(text: string): Edit =>
	before =>
		before + text;
/** By grapheme: an accent goes with its letter. */
export const backspace: Edit = text =>
	[...new Intl.Segmenter(undefined, {granularity: 'grapheme'}).segment(text)]
		.slice(0, -1)
		.map(({segment}) => segment)
		.join('');
export const clear: Edit = () => '';

/** Esc in a text field takes back what was typed: the filter as it stood before is gone too, as its label says. */
export const cancelText: UiChange = (state: ConsoleState): Partial<UiState> => {
	const {overlay} = state.ui;
	return {...(overlay?.kind === 'filter' ? setFilter(overlay.pane, '')(state) : {}), overlay: undefined};
};
