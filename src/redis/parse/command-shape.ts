/** Commands whose first argument is a subcommand. */
const containers: ReadonlySet<string> = new Set([
	'ACL',
	'CLIENT',
	'CLUSTER',
	'COMMAND',
	'COMMANDLOG',
	'CONFIG',
	'DEBUG',
	'FUNCTION',
	'HOTKEYS',
	'LATENCY',
	'MEMORY',
	'MODULE',
	'OBJECT',
	'PUBSUB',
	'SCRIPT',
	'SENTINEL',
	'SLOWLOG',
	'XGROUP',
	'XINFO',
]);

/** Subcommands that work on a key; the key follows them. */
const keyedSubcommand = /^(?:MEMORY USAGE|DEBUG OBJECT|(?:OBJECT|XGROUP|XINFO) (?!HELP$)\S+)$/;

/** Where the first key stands, for commands that do not have it right behind their name; 0: they have none, and their arguments say nothing. */
const firstKeyIndexes: ReadonlyMap<string, number> = new Map([
	...['AUTH', 'ECHO', 'HELLO', 'PING', 'SELECT', 'SWAPDB', 'WAIT', 'WAITAOF', 'INFO', 'PSYNC', 'REPLCONF', 'SHUTDOWN'].map(name => [name, 0] as const),
	...['BITOP', 'LMPOP', 'ZMPOP', 'SINTERCARD', 'ZINTERCARD', 'ZUNION', 'ZINTER', 'ZDIFF'].map(name => [name, 2] as const),
	...['BLMPOP', 'BZMPOP', 'MIGRATE'].map(name => [name, 3] as const),
]);

/** The word behind which the key or pattern stands, for commands that announce it. */
const announcedBy: ReadonlyMap<string, string> = new Map([
	['SCAN', 'MATCH'],
	['XREAD', 'STREAMS'],
	['XREADGROUP', 'STREAMS'],
]);

const scriptCommands: ReadonlySet<string> = new Set(['EVAL', 'EVAL_RO', 'EVALSHA', 'EVALSHA_RO', 'FCALL', 'FCALL_RO']);

/** Does this command run a script or a function? */
export const isScriptCommand = (name: string): boolean => scriptCommands.has(name.toUpperCase());

const maxKeyLength = 64;
const maxNameLength = 32;
const shortShaLength = 7;

/**
 * What calls of the same kind have in common, for grouping: the command with its subcommand and its first key, the changing parts of the
 * key (numbers, uuids, hashes, ids) replaced by `*`. `HGETALL session:*`, `CONFIG GET`, `EVALSHA 3f2a91c…`, `EVAL while true do end`, `FCALL spin`.
 */
export function commandShape(argv: readonly string[]): string {
	const [command = '', first = ''] = argv;
	const name = command.slice(0, maxNameLength).toUpperCase();
	if (scriptCommands.has(name)) return joined(name, scriptShape(name, first));
	if (containers.has(name)) return containerShape(name, argv);
	return joined(name, keyShape(keyOf(name, argv) ?? ''));
}

const joined = (...words: readonly string[]) => words.filter(Boolean).join(' ');

function scriptShape(name: string, script: string): string {
	if (name.startsWith('EVALSHA')) return script.length > shortShaLength ? `${script.slice(0, shortShaLength).toLowerCase()}…` : script;
	return cut(
		cut(script, maxKeyLength * 2)
			.replace(/\s+/g, ' ')
			.trim(),
		maxKeyLength,
	);
}

function containerShape(name: string, argv: readonly string[]): string {
	const shape = joined(name, argv[1]?.slice(0, maxNameLength).toUpperCase() ?? '');
	return keyedSubcommand.test(shape) ? joined(shape, keyShape(argv[2] ?? '')) : shape;
}

function keyOf(name: string, argv: readonly string[]): string | undefined {
	const announcement = announcedBy.get(name);
	if (announcement === undefined) return firstKeyIndexes.get(name) === 0 ? undefined : argv[firstKeyIndexes.get(name) ?? 1];
	const at = argv.findIndex((arg, index) => index > 0 && arg.toUpperCase() === announcement);
	return at === -1 ? undefined : argv[at + 1];
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** Runs without a separator, between which the key's own words stand. */
const run = /[\p{L}\p{N}]+/gu;
/** Hex of at least 8 digits that is no word: `deadbeef` could be one, `3f2a91c0` not. */
const hexId = /^(?=.*\d)[0-9a-f]{8,}$/i;
/** At least two digits in 8 characters of both cases, or in 16 of one: base64, nanoid, ULID, object ids. */
const mixedId = /^(?=.*\d.*\d)(?:(?=.*[a-z])(?=.*[A-Z]).{8,}|.{16,})$/;

function keyShape(key: string): string {
	return cut(
		cut(key, maxKeyLength * 2)
			.replace(uuid, '*')
			.replace(run, word => (hexId.test(word) || mixedId.test(word) ? '*' : word.replace(/\d+/g, '*')))
			.replace(/\*(?:[-_+/=]*\*)*(?:={1,2}(?=[:}]|$))?/g, '*'),
		maxKeyLength,
	);
}

/** The first `length` characters, never half a surrogate pair. */
function cut(text: string, length: number): string {
	const characters = [...text.slice(0, (length + 1) * 2)];
	return characters.length > length ? `${characters.slice(0, length).join('')}…` : text;
}
