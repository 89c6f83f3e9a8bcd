import {parseHostAndPort} from '../config/host-and-port.ts';
import {UsageError} from '../errors.ts';
import {Secret} from '../redis/secret.ts';
import {databaseWords, parseDatabase, parseHost, parsePort, type SentinelAccess} from '../redis/target.ts';
import {closest} from '../text/closest.ts';
import {commandWords} from './command-table.ts';
import {type ActionFlags, toActionFlags} from './flag-action.ts';
import {type Argv, readArgv} from './flag-argv.ts';
import {type CompletionFlags, toCompletionFlags} from './flag-completion.ts';
import {refusePairs} from './flag-pairs.ts';
import {type RecordFlags, toRecordFlags} from './flag-record.ts';
import {type ReplayFlags, toReplayFlags} from './flag-replay.ts';
import {type ReportFlags, toReportFlags} from './flag-report.ts';
import {type FlaggedCommand, type FlagKey, flagTable, spelled} from './flag-table.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the flags say of the server to connect to; unset means "not typed", so that environment and defaults can follow. */
export type ConnectionOptions = {
	/** Raw, with whatever password is in it. `from` is how it was given, for messages: `-u` or `URL`. */
	readonly url: {readonly text: Secret; readonly from: string} | undefined;
	/** A name from the config file. */
	readonly targetName: string | undefined;
	/** Who knows the server instead; a login of the Sentinels' own comes only with the config file. */
	readonly sentinel: SentinelAccess | undefined;
	/** All nodes of its cluster are looked at. */
	readonly isCluster: boolean;
	readonly host: string | undefined;
	readonly port: number | undefined;
	readonly socketPath: string | undefined;
	readonly username: string | undefined;
	readonly password: Secret | undefined;
	readonly askpass: boolean;
	readonly db: number | undefined;
	readonly tls: TlsOptions;
};

/** Paths are as typed; nothing has been read yet. */
export type TlsOptions = {
	readonly isOn: boolean;
	readonly insecure: boolean;
	readonly sni: string | undefined;
	readonly cacert: string | undefined;
	readonly cacertdir: string | undefined;
	readonly cert: string | undefined;
	readonly key: string | undefined;
};

/** What the full-screen commands share. */
export type DisplayOptions = {
	/** 0.2 to 60. */
	readonly intervalSeconds: number;
	readonly readOnly: boolean;
	readonly ascii: boolean;
	/** False with `--no-color`, a non-empty NO_COLOR, or TERM=dumb. */
	readonly colour: boolean;
	readonly record: RecordFlags & {readonly isOn: boolean};
};

/** As typed; what was not typed is for the config file to say. */
export type DisplayFlags = Omit<DisplayOptions, 'intervalSeconds' | 'record'> & {readonly intervalSeconds: number | undefined; readonly record: RecordFlags};

/** As typed; undefined: the places where a config file is looked for. */
type ConfigFile = {readonly configFile: string | undefined};

type CheckFlags = Pick<DisplayOptions, 'colour'> & {readonly connection: ConnectionOptions} & Readonly<Record<'json' | 'prometheus' | 'configOnly', boolean>>;

type DoFlags = ActionFlags & {readonly connection: ConnectionOptions; readonly readOnly: boolean; readonly isAudited: boolean; readonly json: boolean};

export type CliOptions =
	| {readonly command: 'help' | 'version'}
	| ({readonly command: 'actions'; readonly json: boolean} & ConfigFile)
	/** The demo's child process; what follows the word is its own business. */
	| {readonly command: 'demo-host'; readonly rest: readonly string[]}
	| {readonly command: 'demo'; readonly scenario: string | undefined; readonly display: DisplayFlags}
	| ({readonly command: 'check'} & CheckFlags & ConfigFile)
	| ({readonly command: 'do'} & DoFlags & ConfigFile)
	| ({readonly command: 'replay'} & ReplayFlags & Pick<DisplayOptions, 'ascii' | 'colour'>)
	| ({readonly command: 'report'} & ReportFlags)
	| ({readonly command: 'completion'} & CompletionFlags)
	| ({readonly command: 'console'; readonly connection: ConnectionOptions; readonly display: DisplayFlags} & ConfigFile);

type FlagsInput = {
	/** Without node and script. */
	readonly argv: readonly string[];
	readonly env: Environment;
	/** Names that `demo` knows. */
	readonly scenarios: readonly string[];
};

/** Read the command line. Throws a UsageError whose one line names the flag and what would be right, and quotes no value that may be a password. */
export function parseFlags({argv, env, scenarios}: FlagsInput): CliOptions {
	if (argv[0] === 'demo-host') return {command: 'demo-host', rest: argv.slice(1)};
	const read = readArgv(argv);
	if (read.given.has('help')) return {command: 'help'};
	if (read.given.has('version')) return {command: 'version'};
	if (read.problem !== undefined) throw new UsageError(read.problem);

	const word = commandWords.find(name => name === read.words[0]);
	refuseMisplaced(read, word ?? 'console');
	if (word === 'actions') return toActions(read);
	if (word === 'demo') return {command: 'demo', scenario: toScenario(read.words.slice(1), scenarios), display: toDisplay(read, env)};
	if (word === 'check') return toCheck({...read, words: read.words.slice(1)}, env);
	if (word === 'do') return toDo(read);
	if (word === 'replay') return {command: 'replay', ...toReplayFlags(read), ascii: read.isOn('ascii'), colour: hasColour(read, env)};
	if (word === 'report') return {command: 'report', ...toReportFlags(read)};
	if (word === 'completion') return {command: 'completion', ...toCompletionFlags(read)};
	return {command: 'console', connection: toConnection(read, 'console'), configFile: read.text('config'), display: toDisplay(read, env)};
}

/** With what a failure ends, of usage or of another kind: `check` keeps 1 and 2 for what it finds, and `do` 1 for what has failed for certain. */
export function failureExitCode(argv: readonly string[], isUsage: boolean): 1 | 2 | 3 {
	const [word] = readArgv(argv).words;
	if (word === 'check') return 3;
	if (isUsage) return 2;
	return word === 'do' ? 3 : 1;
}

function refuseMisplaced({given}: Argv, command: FlaggedCommand): void {
	for (const key of given) {
		const {goesWith}: {readonly goesWith: readonly FlaggedCommand[]} = flagTable[key];
		if (goesWith.includes(command)) continue;
		const places = goesWith.map(name => (name === 'console' ? 'redis-triage [URL]' : `redis-triage ${name}`));
		const where = [places.slice(0, -1).join(', '), ...places.slice(-1)].filter(text => text !== '').join(' and ');
		throw new UsageError(`${spelled(key)} makes no sense ${command === 'console' ? 'here' : `with ${command}`}: it goes with ${where}`);
	}
}

function toActions({words, isOn, text}: Argv): CliOptions {
	if (words.length > 1) throw new UsageError('actions takes no argument: redis-triage actions [--json] [--config FILE]');
	return {command: 'actions', json: isOn('json'), configFile: text('config')};
}

function toCheck(read: Argv, env: Environment): CliOptions {
	const {given, words, isOn, text} = read;
	if (isOn('configOnly')) {
		const isAboutServer = (key: FlagKey) => key === 'prometheus' || flagTable[key].group === 'Connection' || flagTable[key].group === 'TLS';
		const key = [...given].find(isAboutServer);
		const about = words.length > 0 ? 'a URL' : key && spelled(key);
		if (about !== undefined) throw new UsageError(`--config-only looks at no server: leave out ${about}`);
	}
	return {
		command: 'check',
		connection: toConnection(read, 'check'),
		configFile: text('config'),
		json: isOn('json'),
		prometheus: isOn('prometheus'),
		configOnly: isOn('configOnly'),
		colour: hasColour(read, env),
	};
}

function toDo(read: Argv): CliOptions {
	const [, actionId, ...words] = read.words;
	const flags = toActionFlags(read, actionId);
	const {isOn, text} = read;
	return {
		command: 'do',
		...flags,
		connection: toConnection({...read, words}, 'do'),
		configFile: text('config'),
		readOnly: isOn('readOnly'),
		isAudited: !isOn('auditing'),
		json: isOn('json'),
	};
}

function toScenario(words: readonly string[], scenarios: readonly string[]): string | undefined {
	const [name, second] = words;
	if (second !== undefined) throw new UsageError('demo takes one scenario: redis-triage demo [SCENARIO]');
	if (name === undefined || scenarios.includes(name)) return name;
	const meant = closest(name, scenarios);
	throw new UsageError(`${shown(name)} is no scenario of demo: ${meant ? `did you mean ${meant}?` : `it has ${scenarios.join(', ')}`}`);
}

const hasColour = ({isOn}: Argv, env: Environment): boolean => !(isOn('color') || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb');

function toDisplay(read: Argv, env: Environment): DisplayFlags {
	const {text, isOn} = read;
	refusePairs(read);
	return {
		intervalSeconds: convert('interval', text('interval'), toInterval, 'a number of seconds from 0.2 to 60'),
		readOnly: isOn('readOnly'),
		ascii: isOn('ascii'),
		colour: hasColour(read, env),
		record: toRecordFlags(read),
	};
}

function toInterval(typed: string): number | undefined {
	const seconds = /^\d*\.?\d+$/.test(typed) ? Number(typed) : Number.NaN;
	return seconds >= 0.2 && seconds <= 60 ? seconds : undefined;
}

function toConnection(read: Argv, command: 'console' | 'check' | 'do'): ConnectionOptions {
	const {text, isOn} = read;
	refusePairs(read);
	const password = text('password');
	return {
		url: toUrl(read, command),
		targetName: text('target'),
		sentinel: toSentinel(read),
		isCluster: isOn('cluster'),
		host: convert('host', text('host'), parseHost, 'a host name or an address alone; the port goes with -p, a URL with -u'),
		port: convert('port', text('port'), parsePort, 'a number from 1 to 65535'),
		socketPath: text('socket'),
		username: text('user'),
		password: password === undefined ? undefined : new Secret(password),
		askpass: isOn('askpass'),
		db: convert('db', text('db'), parseDatabase, databaseWords),
		tls: {
			isOn: isOn('tls'),
			insecure: isOn('insecure'),
			sni: text('sni'),
			cacert: text('cacert'),
			cacertdir: text('cacertdir'),
			cert: text('cert'),
			key: text('key'),
		},
	};
}

/** `refusePairs` has seen to it that both are given or none. */
function toSentinel({text}: Argv): SentinelAccess | undefined {
	const nodes = convert('sentinel', text('sentinel'), toNodes, 'host:port,host:port, as in 10.0.3.1:26379,10.0.3.2:26379');
	const master = convert(
		'master',
		text('master'),
		typed => (/^[^\p{C}]{1,1000}$/u.test(typed) ? typed : undefined),
		'the name under which the Sentinels watch it',
	);
	return nodes && master !== undefined ? {nodes, master, username: undefined, password: undefined} : undefined;
}

function toNodes(typed: string): SentinelAccess['nodes'] | undefined {
	const nodes = typed.split(',').map(node => parseHostAndPort(node.trim()));
	return nodes.every(node => node !== undefined) ? nodes : undefined;
}

/** Runs `parse` on what was typed, if anything was. */
function convert<T>(key: FlagKey, typed: string | undefined, parse: (typed: string) => T | undefined, wanted: string): T | undefined {
	if (typed === undefined) return undefined;
	const value = parse(typed);
	if (value === undefined) throw new UsageError(`${spelled(key)} must be ${wanted}`);
	return value;
}

function toUrl(read: Argv, command: 'console' | 'check' | 'do'): ConnectionOptions['url'] {
	const {words, text} = read;
	const flag = text('url');
	const [word] = words;
	if (word !== undefined) refuseStrayWords(word, read, command);
	if (flag !== undefined) return {text: new Secret(flag), from: '-u'};
	if (word !== undefined) return {text: new Secret(word.includes('://') ? word : `redis://${word}`), from: 'URL'};
	return undefined;
}

function refuseStrayWords(word: string, {words, given}: Argv, command: 'console' | 'check' | 'do'): void {
	if (!looksLikeAddress(word)) throw new UsageError(notAnAddress(word, given, command));
	if (words.length > 1) throw new UsageError(`one URL can be given, not ${words.length} arguments: ${looks[command]} one server`);
	if (given.has('url')) throw new UsageError('-u and a URL without -u are both given: give one of them');
	for (const key of ['target', 'sentinel'] as const) {
		if (given.has(key)) throw new UsageError(`${spelled(key)} and a URL: both say which server, so give one of them`);
	}
}

const looks = {check: 'a check looks at', console: 'a console watches', do: 'an action is for'} as const;

const looksLikeAddress = (word: string): boolean => word.includes('://') || /^(?:\[[^\]]+\]|[^\s:/@]+):\d+$/.test(word);

/** Where credentials are being typed, a stray word may be the second half of an unquoted password and is not shown. */
function notAnAddress(word: string, given: Argv['given'], command: 'console' | 'check' | 'do'): string {
	const isPrivate = given.has('password') || given.has('askpass') || given.has('user');
	const what = isPrivate ? 'the argument without a flag' : shown(word);
	if (command !== 'console') return `${what} is neither a URL (redis://host:6379) nor host:port; a host alone goes with -h`;
	const meant = closest(word, [...commandWords, 'help', 'version']);
	const hint = meant === 'help' || meant === 'version' ? `--${meant}` : meant;
	return `${what} is neither a command (${commandWords.join(', ')}) nor a URL (redis://host:6379) nor host:port${hint ? `: did you mean ${hint}?` : '; a host alone goes with -h'}`;
}

/** A typed word for a message, when it is plainly a word. */
const shown = (word: string): string => (/^[\w.-]{0,40}$/.test(word) ? `"${word}"` : 'the argument');
