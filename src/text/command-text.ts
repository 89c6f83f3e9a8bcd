/** A command as one would type it into redis-cli: arguments that need it are quoted, control characters escaped. */
export const commandText = (argv: readonly string[]): string => argv.map(quoted).join(' ');

function quoted(argument: string): string {
	if (argument !== '' && /^[\x21\x23-\x26\x28-\x5B\x5D-\x7E]+$/.test(argument)) return argument;
	const escaped = argument.replace(/["\\]/g, '\\$&').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, character => escapes[character] ?? byteEscapes(character));
	return `"${escaped}"`;
}

/** The character's UTF-8 bytes, as redis-cli reads them: C1 controls and bidi marks must not reach a terminal by way of the clipboard. */
const byteEscapes = (character: string): string => Array.from(new TextEncoder().encode(character), byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

const escapes: Readonly<Record<string, string>> = {'\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\u0007': '\\a'};

/** Nobody reads a Lua script of 40 lines in a dialog. */
const longestArgument = 60;

/** As commandText, with a script of several lines by the name that its first line gives it. */
export const briefCommand = (argv: readonly string[]): string =>
	commandText(
		argv.map(argument =>
			argument.length > longestArgument && argument.includes('\n') ? `<${firstWords(argument)}: ${argument.split('\n').length} lines>` : argument,
		),
	);

/** A script of ours says in its first line what it is. */
const firstWords = (script: string): string => (script.split('\n', 1)[0] ?? '').replace(/^--\s*/, '').slice(0, 40);
