import {expect, it} from 'vitest';
import type {Tone} from '../../../src/views/kit/line.ts';
import {lookOf} from '../../../src/views/kit/theme.tsx';

const tones = ['plain', 'dim', 'strong', 'good', 'warn', 'bad', 'info', 'accent', 'key'] as const satisfies readonly Tone[];

it.each(tones)('%s uses a basic colour that can be read on light and on dark, or none', tone => {
	expect([undefined, 'red', 'green', 'blue', 'magenta', 'cyan']).toContain(lookOf({text: '', tone}, {colour: true, ascii: false}).color);
});

it.each(tones)('%s without colour is at most bold or dim', tone => {
	const {color, ...rest} = lookOf({text: '', tone}, {colour: false, ascii: false});
	expect(color).toBeUndefined();
	expect(lookOf({text: '', tone}, {colour: true, ascii: false})).toMatchObject(rest);
});

it('keeps what must stand out apart from the rest even without colour', () => {
	const theme = {colour: false, ascii: false};
	expect(lookOf({text: '', tone: 'bad'}, theme)).toEqual({bold: true});
	expect(lookOf({text: '', tone: 'dim'}, theme)).toEqual({dimColor: true});
	expect(lookOf({text: '', tone: 'bad', inverse: true}, theme)).toEqual({bold: true, inverse: true});
	expect(lookOf({text: ''}, theme)).toEqual({});
});
