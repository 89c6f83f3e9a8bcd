import {toVisible, visibleWidth} from '../../text/safe-text.ts';

/**
 * Foreign text in lines of at most `width` cells, made safe: its own line ends are kept, a tab is two blanks, what is too long is broken
 * anywhere (it is data and stacks, not prose). Linear in the length of the text.
 */
export function breakText(text: string, width: number, ascii: boolean): readonly string[] {
	const room = Math.max(10, width);
	return text
		.replaceAll('\t', '  ')
		.split(/\r?\n/)
		.flatMap(row => breakRow(toVisible(row, {ascii}), room));
}

function breakRow(visible: string, room: number): readonly string[] {
	const lines: string[] = [];
	let current = '';
	let used = 0;
	for (const character of visible) {
		const width = visibleWidth(character);
		if (used + width > room) {
			lines.push(current);
			current = '';
			used = 0;
		}
		current += character;
		used += width;
	}
	return [...lines, current];
}

/** JSON with a line for each member. Only blanks are added: through JSON.parse a large number would come out as another one. */
export function indentJson(text: string): string {
	return isJson(text) ? indented(text) : text;
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

/** Strings, brackets that open and close, commas, colons, blanks, and whatever else stands between them. */
const tokens = /"(?:[^"\\]|\\.)*"|[{[]\s*[}\]]|[{[]|[}\]]|,|:|\s+|[^\s"{}[\],:]+/g;

function indented(text: string): string {
	let depth = 0;
	const newLine = () => `\n${'  '.repeat(Math.min(depth, 20))}`;
	return Array.from(text.matchAll(tokens), ([token]) => {
		if (token.trim() === '') return '';
		if (token === ':') return ': ';
		if (token === ',') return `,${newLine()}`;
		if (token === '{' || token === '[') {
			depth += 1;
			return token + newLine();
		}
		if (token === '}' || token === ']') {
			depth -= 1;
			return newLine() + token;
		}
		return token;
	}).join('');
}
