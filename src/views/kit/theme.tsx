import {createContext, useContext} from 'react';
import type {Line, Span, Tone} from './line.ts';

/** What the terminal and the operator allow. `colour` off leaves bold, dim and inverse; `ascii` leaves U+0020 to U+007E. */
export type Theme = {readonly colour: boolean; readonly ascii: boolean};

export const ThemeContext = createContext<Theme>({colour: true, ascii: false});

export const useTheme = (): Theme => useContext(ThemeContext);

/** As terminals number them (ECMA-48, SGR): what switches it on. */
type Look = {readonly colour?: number; readonly weight?: number};

const [bold, dim, inverse] = [1, 2, 7];
const [red, green, blue, magenta, cyan] = [31, 32, 34, 35, 36];

/*
 * Only colours of the 16 that can be read on both a light and a dark background: no black, no white, and no yellow,
 * which has a contrast of 1.7 to 1 on white. The words beside them carry the meaning.
 */
const looks: Readonly<Record<Tone, Look>> = {
	plain: {},
	dim: {weight: dim},
	strong: {weight: bold},
	good: {colour: green},
	warn: {colour: magenta, weight: bold},
	bad: {colour: red, weight: bold},
	info: {colour: cyan},
	accent: {colour: cyan, weight: bold},
	key: {colour: blue, weight: bold},
};

/** The styles of a span under a theme, as the numbers of an SGR sequence. */
export function stylesOf({tone = 'plain', inverse: isInverse = false}: Span, theme: Theme): readonly number[] {
	const {colour, weight} = looks[tone];
	return [weight, theme.colour ? colour : undefined, isInverse ? inverse : undefined].filter(style => style !== undefined);
}

/** A line as a terminal draws it. Its texts are printed as they are, so they must be visible already (`fit`). */
export function drawn(content: Line, theme: Theme): string {
	let text = '';
	for (const span of content) {
		const styles = stylesOf(span, theme);
		text += styles.length === 0 ? span.text : `\u001b[${styles.join(';')}m${span.text}\u001b[0m`;
	}
	return text;
}
