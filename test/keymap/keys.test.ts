import {describe, expect, it} from 'vitest';
import {type KeyFlags, toKeyNames, typedCharacter} from '../../src/keymap/keys.ts';

const noFlags: KeyFlags = {
	upArrow: false,
	downArrow: false,
	leftArrow: false,
	rightArrow: false,
	pageUp: false,
	pageDown: false,
	home: false,
	end: false,
	return: false,
	escape: false,
	tab: false,
	backspace: false,
	delete: false,
	ctrl: false,
	shift: false,
	meta: false,
};

const names = (input: string, flags: Partial<KeyFlags> = {}) => toKeyNames(input, {...noFlags, ...flags});

describe('one key', () => {
	it.each<[string, Partial<KeyFlags>, string]>([
		['j', {}, 'j'],
		['G', {shift: true}, 'G'],
		[' ', {}, 'space'],
		['', {upArrow: true}, 'up'],
		['', {downArrow: true}, 'down'],
		['', {leftArrow: true}, 'left'],
		['', {rightArrow: true}, 'right'],
		['', {pageUp: true}, 'pageup'],
		['', {pageDown: true}, 'pagedown'],
		['', {home: true}, 'home'],
		['', {end: true}, 'end'],
		['\r', {return: true}, 'enter'],
		['', {escape: true, meta: true}, 'escape'],
		['', {tab: true}, 'tab'],
		['', {tab: true, shift: true}, 'shift+tab'],
		['', {backspace: true}, 'backspace'],
		['', {delete: true}, 'backspace'],
		['c', {ctrl: true}, 'ctrl+c'],
		['z', {ctrl: true}, 'ctrl+z'],
		['x', {meta: true}, 'meta+x'],
		['é', {}, 'é'],
		['漢', {}, '漢'],
		['🙂', {}, '🙂'],
	])('%j with %j is %s', (input, flags, name) => expect(names(input, flags)).toEqual([name]));
});

describe('several keys in one read', () => {
	it.each<[string, readonly string[]]>([
		['jjj', ['j', 'j', 'j']],
		['Ky', ['K', 'y']],
		['yes\r', ['y', 'e', 's', 'enter']],
		['y\n', ['y', 'enter']],
		['a b', ['a', 'space', 'b']],
		['j\t', ['j', 'tab']],
		['ab\u007F', ['a', 'b', 'backspace']],
		['ab\b', ['a', 'b', 'backspace']],
		['/x\u001B', ['/', 'x', 'escape']],
		['j\u0003', ['j', 'ctrl+c']],
		['\u0004\u0015\u001A', ['ctrl+d', 'ctrl+u', 'ctrl+z']],
		['a🙂漢', ['a', '🙂', '漢']],
		['', []],
	])('%j is %j', (input, expected) => expect(names(input)).toEqual(expected));
});

describe('what a key types', () => {
	it.each([
		['j', 'j'],
		['G', 'G'],
		['space', ' '],
		['é', 'é'],
		['漢', '漢'],
		['🙂', '🙂'],
		['?', '?'],
		['enter', undefined],
		['up', undefined],
		['ctrl+c', undefined],
		['meta+x', undefined],
		['\u0000', undefined],
		['\u001C', undefined],
	])('%j types %j', (key, character) => expect(typedCharacter(key)).toBe(character));
});
