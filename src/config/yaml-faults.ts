import type {ErrorCode} from 'yaml';
import {variable} from './problem.ts';

/** The YAML package's own words can quote the file, where a password may stand; these cannot. */
const words: Readonly<Partial<Record<ErrorCode, string>>> = {
	TAB_AS_INDENT: 'a tab indents here: YAML is indented with blanks',
	BAD_INDENT: 'this is indented like nothing above it, or a [ or { before it is not closed',
	MISSING_CHAR: 'something is missing: a colon and a blank after a key, a closing quote, or a comma between [ and ]',
	BLOCK_AS_IMPLICIT_KEY: 'a second colon on the line: put the value in quotes if the colon is part of it',
	BAD_SCALAR_START: 'a value cannot begin with this sign: put it in quotes',
	BAD_DQ_ESCAPE: 'in double quotes a backslash begins an escape: write two of them, or take single quotes',
	MULTILINE_IMPLICIT_KEY: 'a key must be on one line, with a colon and a blank after it',
	KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
	NON_STRING_KEY: 'a key must be plain text',
	TAG_RESOLVE_FAILED: 'a tag (!...) has no meaning here: leave it out, or put the value in quotes if ! is part of it',
	MULTIPLE_DOCS: 'a second document begins here: the file must hold one',
	BAD_DIRECTIVE: 'a line that begins with % has no meaning here: leave it out',
	RESOURCE_EXHAUSTION: 'this is nested too deep',
};

const otherwise = 'this does not fit what is above it: look at the indentation, the dashes and the quotes';

/** What is wrong with the YAML, and what would be right. `message` is the package's, and only looked at. */
export function yamlFault(code: ErrorCode, message: string): string {
	if (code !== 'MISSING_CHAR') return words[code] ?? otherwise;
	if (message.includes('quote')) return 'a quote is not closed';
	if (message.includes('map keys')) return 'a colon and a blank must follow a key';
	if (message.includes('flow')) return `a comma is missing here; ${variable('VAR')} between [ and ] or { and } must be in quotes`;
	return words[code] ?? otherwise;
}
