import {cellWidth, cut} from './safe-text.ts';

/** Break a text at blanks into lines of at most `width` cells; a word that is too long alone is broken. At least one line. */
export function wrapText(text: string, width: number): readonly string[] {
	const lines: string[] = [];
	let current = '';
	for (const word of text.split(' ')) {
		const joined = current === '' ? word : `${current} ${word}`;
		if (cellWidth(joined) <= width) {
			current = joined;
			continue;
		}
		if (current !== '') lines.push(current);
		current = breakWord(word, width, lines);
	}
	return [...lines, current];
}

function breakWord(word: string, width: number, lines: string[]): string {
	let rest = word;
	while (cellWidth(rest) > width && width > 0) {
		const characters = [...rest];
		let length = 1;
		while (length < characters.length && cellWidth(characters.slice(0, length + 1).join('')) <= width) length += 1;
		lines.push(cut(characters.slice(0, length).join(''), width));
		rest = characters.slice(length).join('');
	}
	return rest;
}
