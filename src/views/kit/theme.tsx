import type {TextProps} from 'ink';
import {createContext, useContext} from 'react';
import type {Span, Tone} from './line.ts';

/** What the terminal and the operator allow. `colour` off leaves bold, dim and inverse; `ascii` leaves U+0020 to U+007E. */
export type Theme = {readonly colour: boolean; readonly ascii: boolean};

export const ThemeContext = createContext<Theme>({colour: true, ascii: false});

export const useTheme = (): Theme => useContext(ThemeContext);

type Look = Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse'>;

/*
 * Only colours of the 16 that can be read on both a light and a dark background: no black, no white, and no yellow,
 * which has a contrast of 1.7 to 1 on white. The words beside them carry the meaning.
 */
const looks: Readonly<Record<Tone, Look>> = {
	plain: {},
	dim: {dimColor: true},
	strong: {bold: true},
	good: {color: 'green'},
	warn: {color: 'magenta', bold: true},
	bad: {color: 'red', bold: true},
	info: {color: 'cyan'},
	accent: {color: 'cyan', bold: true},
	key: {color: 'blue', bold: true},
};

/** The Ink text properties of a span under a theme. */
export function lookOf({tone = 'plain', inverse = false}: Span, {colour}: Theme): Look {
	const {color, ...weight} = looks[tone];
	return {...weight, ...(colour && color !== undefined && {color}), ...(inverse && {inverse})};
}
