/** The commands a flag can go with; help and version go with everything. */
export type FlaggedCommand = 'console' | 'check' | 'do' | 'replay' | 'report' | 'demo' | 'actions' | 'completion';

export type FlagGroup = 'Connection' | 'TLS' | 'Display' | 'Record' | 'Action' | 'Other';

export type FlagSpec = {
	/** As it is typed: `-h`, `--read-only`. A flag that begins with `--no-` sets its key to false. */
	readonly spelled: string;
	/** What its value is called in the help; a flag without one is a switch. */
	readonly value?: string;
	/** What its value is, for completions; without it they offer nothing. */
	readonly values?: 'files' | 'folders' | 'targets' | 'settings';
	/** It may be given more than once. */
	readonly isRepeatable?: true;
	readonly group: FlagGroup;
	readonly goesWith: readonly FlaggedCommand[];
	/** One sentence without a full stop. */
	readonly help: string;
	/** Completes "-h needs a value, as in …"; every flag with a value has one. */
	readonly example?: string;
	/** What people type instead; used for "did you mean", never accepted. */
	readonly alsoTypedAs?: readonly string[];
};

const connection = {group: 'Connection', goesWith: ['console', 'check', 'do']} as const;
const tls = {group: 'TLS', goesWith: ['console', 'check', 'do']} as const;
const display = {group: 'Display', goesWith: ['console', 'demo']} as const;
const record = {group: 'Record', goesWith: ['console', 'demo']} as const;
const action = {group: 'Action', goesWith: ['do']} as const;
const other = {group: 'Other', goesWith: ['console', 'check', 'do', 'replay', 'report', 'demo', 'actions', 'completion']} as const;

/** The only place where a flag is declared. Parsing, refusals, "did you mean" and `--help` are all derived; the keys are meow's. */
export const flagTable = {
	host: {
		...connection,
		spelled: '-h',
		value: 'HOST',
		help: 'Server host (127.0.0.1)',
		example: '-h 10.0.3.7 (help is --help)',
		alsoTypedAs: ['--host', '--hostname'],
	},
	port: {...connection, spelled: '-p', value: 'PORT', help: 'Server port (6379)', example: '-p 6380', alsoTypedAs: ['--port']},
	socket: {
		...connection,
		spelled: '-s',
		value: 'PATH',
		values: 'files',
		help: 'Unix socket instead of host and port',
		example: '-s /run/redis.sock',
		alsoTypedAs: ['--socket'],
	},
	password: {
		...connection,
		spelled: '-a',
		value: 'PASSWORD',
		help: 'Password; REDISCLI_AUTH and --askpass keep it out of the shell history',
		example: '-a PASSWORD',
		alsoTypedAs: ['--pass', '--password', '--auth'],
	},
	user: {...connection, spelled: '--user', value: 'NAME', help: 'ACL user', example: '--user operator', alsoTypedAs: ['--username']},
	askpass: {...connection, spelled: '--askpass', help: 'Ask for the password on the terminal, without echo', alsoTypedAs: ['--ask-pass']},
	db: {...connection, spelled: '-n', value: 'NUMBER', help: 'Database number (0)', example: '-n 3', alsoTypedAs: ['--db', '--database']},
	url: {
		...connection,
		spelled: '-u',
		value: 'URL',
		help: 'The URL as a flag, as in redis-cli; other flags override its parts',
		example: '-u redis://10.0.3.7:6379/0',
		alsoTypedAs: ['--url', '--uri'],
	},
	sentinel: {
		...connection,
		spelled: '--sentinel',
		value: 'HOST:PORT,...',
		help: 'Ask these Sentinels where the master is',
		example: '--sentinel 10.0.3.1:26379,10.0.3.2:26379',
		alsoTypedAs: ['--sentinels'],
	},
	master: {
		...connection,
		spelled: '--master',
		value: 'NAME',
		help: 'The name under which the Sentinels watch it',
		example: '--master mymaster',
		alsoTypedAs: ['--master-name', '--mastername', '--sentinel-master'],
	},
	cluster: {...connection, spelled: '--cluster', help: 'It is a node of a Redis Cluster: show all of its nodes', alsoTypedAs: ['--redis-cluster']},
	target: {
		...connection,
		spelled: '--target',
		value: 'NAME',
		values: 'targets',
		help: 'A server of the config file, by its name there',
		example: '--target prod-cache',
	},
	tls: {...tls, spelled: '--tls', help: 'Connect with TLS, as rediss:// does', alsoTypedAs: ['--ssl']},
	sni: {...tls, spelled: '--sni', value: 'NAME', help: 'Server name to ask for and to check', example: '--sni redis.example.com'},
	cacert: {
		...tls,
		spelled: '--cacert',
		value: 'FILE',
		values: 'files',
		help: "Trust the CAs in this PEM file instead of the system's",
		example: '--cacert ca.pem',
	},
	cacertdir: {
		...tls,
		spelled: '--cacertdir',
		value: 'FOLDER',
		values: 'folders',
		help: 'Trust the CAs in all PEM files of this folder',
		example: '--cacertdir /etc/redis/ca',
	},
	cert: {...tls, spelled: '--cert', value: 'FILE', values: 'files', help: 'Client certificate, PEM', example: '--cert client.pem'},
	key: {...tls, spelled: '--key', value: 'FILE', values: 'files', help: 'Private key of the client certificate, PEM', example: '--key client.key'},
	insecure: {...tls, spelled: '--insecure', help: "Do not check the server's certificate"},
	interval: {...display, spelled: '--interval', value: 'SECONDS', help: 'Time between polls, 0.2 to 60 (1)', example: '--interval 2'},
	readOnly: {
		...display,
		goesWith: ['console', 'do', 'demo'],
		spelled: '--read-only',
		help: 'Open no connection that could change the server',
		alsoTypedAs: ['--readonly', '--ro'],
	},
	ascii: {...display, goesWith: ['console', 'demo', 'replay'], spelled: '--ascii', help: 'Draw with ASCII only'},
	color: {
		...display,
		goesWith: ['console', 'check', 'do', 'replay', 'demo'],
		spelled: '--no-color',
		help: 'No colours, as with NO_COLOR set or TERM=dumb',
		alsoTypedAs: ['--no-colour', '--color', '--nocolor'],
	},
	record: {
		...record,
		spelled: '--record',
		value: 'FILE',
		values: 'files',
		help: 'Record into this new file instead of one below ~/.local/state/redis-triage/recordings',
		example: '--record incident.rec',
		alsoTypedAs: ['--recording'],
	},
	recording: {...record, spelled: '--no-record', help: 'Record nothing: no replay, no look back, no report', alsoTypedAs: ['--norecord', '--no-recording']},
	redact: {...record, spelled: '--redact', help: 'Record key names, addresses, names and arguments as hashes only'},
	auditing: {
		...record,
		goesWith: ['console', 'do', 'demo'],
		spelled: '--no-audit',
		help: 'Carry actions out though they cannot be written to the audit log; the screen says so',
		alsoTypedAs: ['--noaudit'],
	},
	on: {
		...action,
		spelled: '--on',
		value: 'ID',
		isRepeatable: true,
		help: 'What it acts on: a client id, a queue, a key pattern; once for each',
		example: '--on 4711',
		alsoTypedAs: ['--id', '--target-id'],
	},
	set: {
		...action,
		spelled: '--set',
		value: 'NAME=VALUE',
		values: 'settings',
		isRepeatable: true,
		help: 'A value of the action, as its form on the screen has them',
		example: '--set value=4gb',
		alsoTypedAs: ['--param', '--with'],
	},
	dryRun: {...action, spelled: '--dry-run', help: 'Show what it would do, and send nothing', alsoTypedAs: ['--dryrun', '--preview', '--check']},
	yes: {...action, spelled: '--yes', help: 'Run it, without asking; a destructive one wants --confirm instead', alsoTypedAs: ['--force', '-y']},
	confirm: {
		...action,
		spelled: '--confirm',
		value: 'WORD',
		help: 'Run a destructive one: the word that its dialog asks for, the name of the target',
		example: '--confirm prod-cache',
	},
	config: {
		...other,
		goesWith: ['console', 'check', 'do', 'actions'],
		spelled: '--config',
		value: 'FILE',
		values: 'files',
		help: 'Read this config file instead of ~/.config/redis-triage/config.yaml',
		example: '--config triage.yaml',
		alsoTypedAs: ['--conf', '--config-file'],
	},
	configOnly: {...other, goesWith: ['check'], spelled: '--config-only', help: 'Check the config file and connect to nothing'},
	out: {
		...other,
		goesWith: ['report'],
		spelled: '-o',
		value: 'OUT',
		values: 'files',
		help: 'Write the report into this new file; - is stdout',
		example: '-o incident.md',
		alsoTypedAs: ['--out', '--output'],
	},
	json: {...other, goesWith: ['check', 'do', 'report', 'actions'], spelled: '--json', help: 'Print JSON'},
	prometheus: {
		...other,
		goesWith: ['check'],
		spelled: '--prometheus',
		help: "Print Prometheus text, for node_exporter's textfile collector",
		alsoTypedAs: ['--prom', '--metrics', '--openmetrics'],
	},
	version: {...other, spelled: '--version', help: 'Print the version', alsoTypedAs: ['-v', '-V']},
	help: {...other, spelled: '--help', help: 'Print this help', alsoTypedAs: ['-?']},
} as const satisfies Record<string, FlagSpec>;

export type FlagKey = keyof typeof flagTable;

export const flagSpecs: ReadonlyMap<FlagKey, FlagSpec> = new Map(Object.entries(flagTable) as [FlagKey, FlagSpec][]);

/** How a flag is written, for a message about it. */
export const spelled = (key: FlagKey): string => flagTable[key].spelled;
