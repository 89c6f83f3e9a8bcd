import {UsageError} from '../errors.ts';

/** Keys and indexes from the root of the file to a value. */
export type Path = readonly (string | number)[];

/** One thing wrong with the file. The text names the key, and never quotes a value: any of them may be a password. */
export type Problem = {
	/** Where in the text; undefined: the file as a whole. */
	readonly offset: number | undefined;
	readonly text: string;
};

/** The config file cannot be used. Every problem is one line, `FILE:LINE:COLUMN: what`; the message is all of them. */
export class ConfigError extends UsageError {
	readonly problems: readonly string[];
	/** As it was given, or where it was found. */
	readonly file: string;

	constructor(problems: readonly string[], file: string) {
		super(problems.join('\n'));
		this.problems = problems;
		this.file = file;
	}
}

/** `targets.prod.url`, `hooks[0].command`. What does not look like a key is not shown: misplaced, it may be a password. */
function keyName(path: Path): string {
	const [first, ...rest] = path.map(part => (typeof part === 'number' ? `[${part}]` : `.${plain(part)}`));
	return [first?.replace(/^\./, ''), ...rest].join('');
}

const plain = (key: string): string => (/^[\w<*-][\w.<-]{0,63}$/.test(key) ? key : '(...)');

/** What is said about a key, as one clause: `port must be …`, `url: the host …`. */
export function about(path: Path, what: string): string {
	const key = path.length === 0 ? 'the file' : keyName(path);
	return /^(must|is|has|cannot|needs) /.test(what) ? `${key} ${what}` : `${key}: ${what}`;
}

/** Text from outside that goes to the terminal in an error line, so nothing in it may act there. */
export const printable = (text: string): string => text.replace(/\p{C}/gu, '?');

/** How the file asks for a value from the environment. */
export const variable = (name: string): string => `\${${name}}`;
