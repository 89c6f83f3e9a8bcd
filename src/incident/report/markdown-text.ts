import {formatMoment} from '../../text/format.ts';
import {toVisible} from '../../text/safe-text.ts';
import type {IncidentReport} from './incident-report.ts';

/** Times of day; with the date where it is another day than that on which the record begins. */
export function momentOf({recording}: Pick<IncidentReport, 'recording'>): (at: string) => string {
	const reference = Date.parse(recording.from);
	return at => formatMoment(Date.parse(at), reference);
}

/** What Markdown, or the HTML that it allows, takes for more than a character. An underscore inside a word is only that. */
const special = /[\\`*[\]<>|~&$#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
/** What makes a heading, a list or a rule of a line that begins with it. */
const atBegin = /^(?:[-+=]|\d{1,9}(?=[.)](?:\s|$)))/;

/** Text of anybody as one line of running text: it can end no cell, open no link and begin no list, and nothing in it is invisible. */
export function plain(text: string): string {
	const visible = toVisible(text).trim().replace(special, '\\$&');
	const [begin] = atBegin.exec(visible) ?? [];
	if (begin === undefined) return visible;
	return /\d/.test(begin) ? `${begin}\\${visible.slice(begin.length)}` : `\\${visible}`;
}

/** Text of anybody as a code span; in a table too. */
export function code(text: string): string {
	const visible = toVisible(text).replaceAll('|', '\\|');
	// A fence longer than any run of backticks in it; blanks keep those at its ends apart.
	const fence = fenceFor(visible, 1);
	const gap = visible.startsWith('`') || visible.endsWith('`') || visible.trim() === '' ? ' ' : '';
	return `${fence}${gap}${visible}${gap}${fence}`;
}

/** Lines of anybody as they are, but for what is invisible. */
export function block(lines: readonly string[], language = ''): readonly string[] {
	const visible = lines.map(line => toVisible(line));
	const fence = fenceFor(visible.join('\n'), 3);
	return [`${fence}${language}`, ...visible, fence];
}

function fenceFor(text: string, least: number): string {
	const longest = [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 0);
	return '`'.repeat(longest === 0 ? least : Math.max(least, longest + 1));
}

/** Cells are Markdown already. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
	const line = (cells: readonly string[]) => `| ${cells.map(cell => (cell === '' ? ' ' : cell)).join(' | ')} |`;
	return [line(titles), line(titles.map(() => '---')), ...rows.map(line)];
}
