import {expect, it} from 'vitest';
import type {Tone} from '../../../src/views/kit/line.ts';
import {drawn, stylesOf} from '../../../src/views/kit/theme.tsx';

const tones = ['plain', 'dim', 'strong', 'good', 'warn', 'bad', 'info', 'accent', 'key'] as const satisfies readonly Tone[];
const [bold, dim, inverse, red, green, blue, magenta, cyan] = [1, 2, 7, 31, 32, 34, 35, 36];
const weights = [bold, dim];

it.each(tones)('%s uses a basic colour that can be read on light and on dark, or none', tone => {
	for (const style of stylesOf({text: '', tone}, {colour: true, ascii: false})) expect([...weights, red, green, blue, magenta, cyan]).toContain(style);
});

it.each(tones)('%s without colour is at most bold or dim', tone => {
	const coloured = stylesOf({text: '', tone}, {colour: true, ascii: false});
	expect(stylesOf({text: '', tone}, {colour: false, ascii: false})).toEqual(coloured.filter(style => weights.includes(style)));
});

it('keeps what must stand out apart from the rest even without colour', () => {
	const theme = {colour: false, ascii: false};
	expect(stylesOf({text: '', tone: 'bad'}, theme)).toEqual([bold]);
	expect(stylesOf({text: '', tone: 'dim'}, theme)).toEqual([dim]);
	expect(stylesOf({text: '', tone: 'bad', inverse: true}, theme)).toEqual([bold, inverse]);
	expect(stylesOf({text: ''}, theme)).toEqual([]);
});

it('draws each span with its own styles, and leaves none switched on', () => {
	const content = [{text: 'a'}, {text: 'b', tone: 'bad', inverse: true}, {text: 'c', tone: 'dim'}] as const;
	expect(drawn(content, {colour: true, ascii: false})).toBe('a\u001b[1;31;7mb\u001b[0m\u001b[2mc\u001b[0m');
});
