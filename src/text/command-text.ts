/** A command as one would type it into redis-cli: arguments that need it are quoted, control characters escaped. */
export const commandText = (argv: readonly string[]): string => argv.map(quoted).join(' ');

function quoted(argument: string): string {
	if (argument !== '' && /^[\x21\x23-\x26\x28-\x5B\x5D-\x7E]+$/.test(argument)) return argument;
	const escaped = argument
		.replace(/["\\]/g, '\\$&')
		.replace(/[\u0000-\u001F\u007F]/g, character => escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
	return `"${escaped}"`;
}

const escapes: Readonly<Record<string, string>> = {'\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\u0007': '\\a'};
