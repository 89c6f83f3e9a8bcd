/** Canonical name of one key: `j`, `G`, `ctrl+d`, `up`, `enter`, `space`. */
export type KeyName = string;

/** The shape of Ink's `Key`, named here so that the keymap imports nothing. */
export type KeyFlags = Readonly<
	Record<
		| 'upArrow'
		| 'downArrow'
		| 'leftArrow'
		| 'rightArrow'
		| 'pageUp'
		| 'pageDown'
		| 'home'
		| 'end'
		| 'return'
		| 'escape'
		| 'tab'
		| 'backspace'
		| 'delete'
		| 'ctrl'
		| 'shift'
		| 'meta',
		boolean
	>
>;

const named = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pageup'],
	['pageDown', 'pagedown'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['escape', 'escape'],
	['tab', 'tab'],
	['backspace', 'backspace'],
	['delete', 'backspace'],
] as const satisfies readonly (readonly [keyof KeyFlags, string])[];

const controls: Readonly<Record<string, KeyName>> = {
	'\r': 'enter',
	'\n': 'enter',
	'\t': 'tab',
	' ': 'space',
	'\u007F': 'backspace',
	'\b': 'backspace',
	'\u001B': 'escape',
};

/** A control character in the middle of a chunk is the Ctrl key with a letter: U+001A is Ctrl-Z. */
function characterName(character: string): KeyName {
	const code = character.codePointAt(0) ?? 0;
	return controls[character] ?? (code >= 1 && code <= 26 ? `ctrl+${String.fromCharCode(code + 96)}` : character);
}

/**
 * Ink hands over what one `read()` returned: a held `j`, or a fast typist over SSH, arrives as `jjj` in a single call.
 * Splitting here is what keeps key repeat from being lost.
 */
export function toKeyNames(input: string, key: KeyFlags): readonly KeyName[] {
	const special = named.find(([flag]) => key[flag]);
	if (special) return [special[1] === 'tab' && key.shift ? 'shift+tab' : special[1]];
	if (key.ctrl) return [`ctrl+${input}`];
	if (key.meta) return [`meta+${input}`];
	return [...input].map(characterName);
}

/** What a key types into a text field; undefined for keys that type nothing. */
export function typedCharacter(key: KeyName): string | undefined {
	if (key === 'space') return ' ';
	return [...key].length === 1 && key >= ' ' ? key : undefined;
}
