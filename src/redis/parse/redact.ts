const mask = '***';

/**
 * The same command with every secret replaced by `***`, for previews, the audit log and the slowlog (the server masks some by itself,
 * not all, and not in every version). Same length and order; where a command is malformed, rather too much is masked.
 */
export function redactArgv(argv: readonly string[]): readonly string[] {
	const [command = '', ...args] = argv;
	const secrets = secretsOf.get(command.toUpperCase())?.(args);
	return secrets === undefined ? argv : [command, ...args.map((arg, index) => secrets.get(index) ?? arg)];
}

/** What to print in place of an argument, by its index. */
type Masks = ReadonlyMap<number, string>;

const secretsOf: ReadonlyMap<string, (args: readonly string[]) => Masks> = new Map([
	['AUTH', authMasks],
	['HELLO', (args: readonly string[]) => optionMasks(args, 0, helloOptions)],
	['CONFIG', (args: readonly string[]) => (isWord(args[0], 'SET') ? settingMasks(args, 1) : none)],
	['SENTINEL', sentinelMasks],
	['ACL', aclMasks],
	['MIGRATE', (args: readonly string[]) => optionMasks(args, migrateOptionsFrom, migrateOptions)],
]);

const none: Masks = new Map();
const isWord = (arg: string | undefined, word: string) => arg?.toUpperCase() === word;

/** `AUTH password`, `AUTH user password`. With more words it is a password typed with blanks, so nothing of it is shown. */
function authMasks(args: readonly string[]): Masks {
	return new Map(args.map((_, index): [number, string] => [index, mask]).slice(args.length === 2 ? 1 : 0));
}

/** By option: how many arguments it takes, and which of them (counted from 1) is the secret. */
type Options = ReadonlyMap<string, readonly [takes: number, secret: number | undefined]>;

/** `HELLO 3 AUTH user password SETNAME name`; a name is skipped, for it may read `auth`. */
const helloOptions: Options = new Map([
	['AUTH', [2, 2]],
	['SETNAME', [1, undefined]],
]);

/** `MIGRATE host port key db timeout [COPY] [REPLACE] [AUTH password | AUTH2 user password] [KEYS key …]` */
const migrateOptions: Options = new Map([
	['AUTH', [1, 1]],
	['AUTH2', [2, 2]],
	['KEYS', [Number.POSITIVE_INFINITY, undefined]],
]);
const migrateOptionsFrom = 5;

function optionMasks(args: readonly string[], from: number, options: Options): Masks {
	const masks = new Map<number, string>();
	for (let index = from; index < args.length; index++) {
		const [takes, secret] = options.get(args[index]?.toUpperCase() ?? '') ?? [0, undefined];
		if (secret !== undefined) masks.set(index + secret, mask);
		index += takes;
	}
	return masks;
}

/** `requirepass`, `masterauth`, `primaryuser`, `tls-key-file-pass`, `auth-pass` … but not `tls-auth-clients`. */
const secretSetting = /(?:pass|password|auth|user|secret|token)$/i;

/** Values of secret settings in `name value name value …`. */
function settingMasks(args: readonly string[], from: number): Masks {
	const masks = new Map<number, string>();
	for (let index = from; index < args.length; index += 2) {
		if (secretSetting.test(args[index] ?? '')) masks.set(index + 1, mask);
	}
	return masks;
}

/** `SENTINEL SET master auth-pass password …`, `SENTINEL CONFIG SET sentinel-pass password …` */
function sentinelMasks(args: readonly string[]): Masks {
	if (isWord(args[0], 'SET')) return settingMasks(args, 2);
	return isWord(args[0], 'CONFIG') && isWord(args[1], 'SET') ? settingMasks(args, 2) : none;
}

/** `ACL SETUSER name rule …`: `>password`, `<password`, `#hash`, `!hash`. The sign stays: it tells adding from removing. */
function aclMasks(args: readonly string[]): Masks {
	if (!isWord(args[0], 'SETUSER')) return none;
	const masks = new Map<number, string>();
	for (const [index, rule] of args.entries()) {
		// Some clients send several rules as one argument: everything behind the first secret goes.
		const sign = /(?:^|\s)[><#!]/.exec(rule);
		if (index >= 2 && sign) masks.set(index, rule.slice(0, sign.index + sign[0].length) + mask);
	}
	return masks;
}

const scripts: ReadonlyMap<string, 'script' | 'name'> = new Map([
	['EVAL', 'script'],
	['EVAL_RO', 'script'],
	['EVALSHA', 'name'],
	['EVALSHA_RO', 'name'],
	['FCALL', 'name'],
	['FCALL_RO', 'name'],
]);

/** A script that says what it is, in a first line of plain words. */
const scriptTitle = /^\s*--\s*([\w .:/-]{1,60})\r?\n/;

/** The same command with a script's text and arguments left out: its keys stay, and its name, its sha, or what its first comment calls it. */
export function redactScript(argv: readonly string[]): readonly string[] {
	const [command = '', script = ''] = argv;
	const kind = scripts.get(command.toUpperCase());
	if (argv.length < 2 || (kind === undefined && !isLoad(argv))) return argv;
	if (kind === undefined) return [command, script, `<${sizeOf(argv[2] ?? '')}>`];
	const shown = kind === 'name' ? script : `<${scriptTitle.exec(script)?.[1]?.trim() || sizeOf(script)}>`;
	return [command, shown, ...maskScriptArguments(argv).slice(2)];
}

/** The same command with what a script is given beside its keys replaced by `***`: that may be anything, a password too. Its own text stays. */
export function maskScriptArguments(argv: readonly string[]): readonly string[] {
	const [command = '', , keyCount = ''] = argv;
	if (!scripts.has(command.toUpperCase())) return argv;
	// Without a number nobody can tell keys from arguments.
	const shown = /^\d{1,6}$/.test(keyCount) ? 3 + Number(keyCount) : 2;
	return argv.map((word, index) => (index < shown ? word : mask));
}

const isLoad = ([command = '', subcommand]: readonly string[]): boolean => /^(?:SCRIPT|FUNCTION)$/i.test(command) && isWord(subcommand, 'LOAD');

const sizeOf = (script: string): string => `script of ${script.length} characters`;

/** What gives a password away in text that nobody has taken apart: the pieces that stay, and behind them what goes. */
const textSecrets: readonly (readonly [pattern: RegExp, shown: string])[] = [
	// A password pasted unescaped may hold '@' or '/'.
	[/\b((?:redis|valkey)s?|unix):\/\/\S*@/gi, `$1://${mask}@`],
	[/\b([a-z][a-z0-9+.-]{1,20}):\/\/[^\s/]*@/gi, `$1://${mask}@`],
	[/((?:password|passwd|passphrase|secret|token)["']?\s{0,3}[=:]\s{0,3})(?:"[^"]*"?|'[^']*'?|[^\s,;"']+)/gi, `$1${mask}`],
	[/\b((?:requirepass|(?:master|primary)(?:auth|user)|(?:auth|sentinel)-pass)["']?\s{1,3})\S+/gi, `$1${mask}`],
	[/\b(AUTH2?["']?\s{1,3})\S+(?:\s{1,3}\S+)?/g, `$1${mask}`],
	[/(\s(?:-a|--pass|--password)\s{1,3})\S+/g, `$1${mask}`],
];

/** A net, not a promise: in what a program has said, whatever looks like a password is replaced by `***`; rather too much than too little. */
export const redactText = (text: string): string => textSecrets.reduce((redacted, [pattern, shown]) => redacted.replace(pattern, shown), text);
