import type {KeyName} from './keys.ts';

/** How a key is printed: `Ctrl-D`, `Enter`, `Down`. */
export function keyLabel(key: KeyName): string {
	const names: Readonly<Record<string, string>> = {
		enter: 'Enter',
		escape: 'Esc',
		space: 'Space',
		tab: 'Tab',
		'shift+tab': 'Shift-Tab',
		up: 'Up',
		down: 'Down',
		left: 'Left',
		right: 'Right',
		pageup: 'PgUp',
		pagedown: 'PgDn',
		home: 'Home',
		end: 'End',
		backspace: 'Backspace',
	};
	if (key.startsWith('ctrl+')) return `Ctrl-${key.slice('ctrl+'.length).toUpperCase()}`;
	return names[key] ?? key;
}
