/** What an error reply means. Texts differ between versions and between Redis and Valkey; their first word does not. */
export type ErrorKind =
	/** A script, function or module command holds the server; `running` tells which command can kill it (a module's cannot be killed). */
	| {readonly kind: 'busy'; readonly running: 'script' | 'function' | 'module'}
	| {readonly kind: 'misconf'; readonly cause: 'rdb' | 'aof' | 'other'}
	/** `command` as the server names it (`client|list`), only where `what` is `command`. */
	| {readonly kind: 'noperm'; readonly what: 'command' | 'key' | 'channel' | 'other'; readonly command: string | undefined}
	/** Also renamed and disabled ones, and subcommands (`CLIENT NO-TOUCH`) where the container is known. */
	| {readonly kind: 'unknown-command'; readonly command: string | undefined}
	| {readonly kind: 'moved' | 'ask'; readonly slot: number | undefined; readonly address: string | undefined}
	| {readonly kind: SimpleKind}
	/** `code` is the first word: `ERR`, `WRONGTYPE` … */
	| {readonly kind: 'other'; readonly code: string};

type SimpleKind = (typeof simpleKinds)[keyof typeof simpleKinds] | 'maxclients';

const simpleKinds = {
	LOADING: 'loading',
	MASTERDOWN: 'masterdown',
	OOM: 'oom',
	READONLY: 'readonly',
	NOAUTH: 'noauth',
	WRONGPASS: 'wrongpass',
	NOREPLICAS: 'noreplicas',
	UNKILLABLE: 'unkillable',
	NOTBUSY: 'notbusy',
	NOSCRIPT: 'noscript',
	CLUSTERDOWN: 'clusterdown',
	CROSSSLOT: 'crossslot',
	EXECABORT: 'execabort',
	/** Protected mode: the connection is closed after it. */
	DENIED: 'denied',
} as const;

const kindOf: ReadonlyMap<string, (rest: string) => ErrorKind> = new Map([
	...Object.entries(simpleKinds).map(([code, kind]) => [code, (): ErrorKind => ({kind})] as const),
	['BUSY', busy],
	['MISCONF', misconf],
	['NOPERM', noperm],
	['MOVED', rest => redirect('moved', rest)],
	['ASK', rest => redirect('ask', rest)],
	['ERR', plainError],
]);

/**
 * Tell what an error reply means by its first word; the rest is looked at only where that word leaves the meaning open.
 * Takes the message with or without the `-` of the wire. For error replies only: INFO and slowlog texts contain these words as data.
 */
export function classifyError(message: string): ErrorKind {
	const text = message.startsWith('-') ? message.slice(1) : message;
	const [code = ''] = text.split(/\s/, 1);
	return kindOf.get(code)?.(text.slice(code.length + 1)) ?? {kind: 'other', code};
}

function busy(rest: string): ErrorKind {
	if (rest.includes('FUNCTION KILL')) return {kind: 'busy', running: 'function'};
	return {kind: 'busy', running: rest.includes('module command') ? 'module' : 'script'};
}

function misconf(rest: string): ErrorKind {
	if (rest.includes('RDB snapshots')) return {kind: 'misconf', cause: 'rdb'};
	return {kind: 'misconf', cause: rest.includes('AOF') ? 'aof' : 'other'};
}

function noperm(rest: string): ErrorKind {
	const command = /run the '([^']+)' command/.exec(rest)?.[1];
	if (command !== undefined) return {kind: 'noperm', what: 'command', command};
	const [, object] = /access (?:one of the|a) (key|channel)/.exec(rest) ?? [];
	return {kind: 'noperm', what: object === 'key' || object === 'channel' ? object : 'other', command};
}

/** `12182 127.0.0.1:17004`; a node that does not know its own address leaves the host out (`12182 :17004`). */
function redirect(kind: 'moved' | 'ask', rest: string): ErrorKind {
	const [, slot, address] = /^(\d{1,5}) (\S+)/.exec(rest) ?? [];
	return {kind, slot: slot === undefined ? undefined : Number(slot), address};
}

function plainError(rest: string): ErrorKind {
	// Also `ERR max number of clients + cluster connections reached`.
	if (rest.startsWith('max number of clients')) return {kind: 'maxclients'};
	return unknownCommand(rest) ?? {kind: 'other', code: 'ERR'};
}

/** 6.2 quotes with backticks, and words an unknown subcommand as `Unknown subcommand or wrong number of arguments for 'X'`. */
function unknownCommand(rest: string): ErrorKind | undefined {
	const [, command] = /^unknown command ['`]([^'`]*)/i.exec(rest) ?? [];
	if (command !== undefined) return {kind: 'unknown-command', command};
	const [, subcommand, container] = /^unknown subcommand (?:or wrong number of arguments for )?['`]([^'`]*)['`]\. Try (\S+) HELP/i.exec(rest) ?? [];
	return subcommand === undefined ? undefined : {kind: 'unknown-command', command: `${container} ${subcommand}`};
}
