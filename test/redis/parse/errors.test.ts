import {expect, it} from 'vitest';
import {classifyError, type ErrorKind} from '../../../src/redis/parse/errors.ts';
import {errorReplies} from './fixture.ts';

const onRedis70: Readonly<Record<string, ErrorKind>> = {
	noscript: {kind: 'noscript'},
	notbusyScript: {kind: 'notbusy'},
	notbusyFunction: {kind: 'notbusy'},
	unknownCommand: {kind: 'unknown-command', command: 'CONFIGX'},
	unknownSubcommand: {kind: 'unknown-command', command: 'CLIENT BADSUB'},
	wrongtype: {kind: 'other', code: 'WRONGTYPE'},
	wrongpass: {kind: 'wrongpass'},
	authUnneeded: {kind: 'other', code: 'ERR'},
	nopermCommand: {kind: 'noperm', what: 'command', command: 'set'},
	nopermSubcommand: {kind: 'noperm', what: 'command', command: 'client|list'},
	nopermKey: {kind: 'noperm', what: 'key', command: undefined},
	nopermChannel: {kind: 'noperm', what: 'channel', command: undefined},
	readonly: {kind: 'readonly'},
	noreplicas: {kind: 'noreplicas'},
	oom: {kind: 'oom'},
	oomInScript: {kind: 'oom'},
	busyScript: {kind: 'busy', running: 'script'},
	functionKillOnScript: {kind: 'busy', running: 'script'},
	busyFunction: {kind: 'busy', running: 'function'},
	scriptKillOnFunction: {kind: 'busy', running: 'function'},
	execabort: {kind: 'execabort'},
	scriptKilled: {kind: 'other', code: 'ERR'},
	functionKilled: {kind: 'other', code: 'ERR'},
	masterdown: {kind: 'masterdown'},
	noauth: {kind: 'noauth'},
	noauthHelloRaw: {kind: 'noauth'},
	misconfRdb: {kind: 'misconf', cause: 'rdb'},
	unkillable: {kind: 'unkillable'},
	maxclientsRaw: {kind: 'maxclients'},
	clusterdown: {kind: 'clusterdown'},
	crossslot: {kind: 'clusterdown'},
	crossslotUp: {kind: 'crossslot'},
	selectInCluster: {kind: 'other', code: 'ERR'},
};

it.each(Object.entries(errorReplies))('%s, as Redis 7.0.15 says it', (name, message) => expect(classifyError(message)).toEqual(onRedis70[name]));

// Texts of other versions, from facts measured on Redis 6.2 to 8.6 and Valkey 8 and 9.
it.each<[string, ErrorKind]>([
	['BUSY Valkey is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.', {kind: 'busy', running: 'script'}],
	['BUSY Valkey is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.', {kind: 'busy', running: 'function'}],
	['BUSY Redis is busy running a module command.', {kind: 'busy', running: 'module'}],
	['LOADING Redis is loading the dataset in memory', {kind: 'loading'}],
	['-LOADING Valkey is loading the dataset in memory\r\n', {kind: 'loading'}],
	[
		'MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk. Commands that may modify …',
		{kind: 'misconf', cause: 'rdb'},
	],
	['MISCONF Errors writing to the AOF file: No space left on device', {kind: 'misconf', cause: 'aof'}],
	['MISCONF Something new', {kind: 'misconf', cause: 'other'}],
	["NOPERM this user has no permissions to run the 'get' command or its subcommand", {kind: 'noperm', what: 'command', command: 'get'}],
	["NOPERM User lim has no permissions to run the 'client|list' command", {kind: 'noperm', what: 'command', command: 'client|list'}],
	['NOPERM No permissions to access a key', {kind: 'noperm', what: 'key', command: undefined}],
	['NOPERM No permissions to access a channel', {kind: 'noperm', what: 'channel', command: undefined}],
	['NOPERM', {kind: 'noperm', what: 'other', command: undefined}],
	['NOAUTH HELLO must be called with the client already authenticated, otherwise …', {kind: 'noauth'}],
	['NOTBUSY No scripts in execution right now.', {kind: 'notbusy'}],
	['ERR max number of clients + cluster connections reached', {kind: 'maxclients'}],
	['ERR unknown command `CONFIG`, with args beginning with: `GET`, `maxmemory`, ', {kind: 'unknown-command', command: 'CONFIG'}],
	["ERR unknown command 'FUNCTION'", {kind: 'unknown-command', command: 'FUNCTION'}],
	["ERR Unknown subcommand or wrong number of arguments for 'NO-TOUCH'. Try CLIENT HELP.", {kind: 'unknown-command', command: 'CLIENT NO-TOUCH'}],
	['ERR No such client', {kind: 'other', code: 'ERR'}],
	['MOVED 12182 127.0.0.1:17004', {kind: 'moved', slot: 12_182, address: '127.0.0.1:17004'}],
	['MOVED 3999 ::1:7000', {kind: 'moved', slot: 3999, address: '::1:7000'}],
	['MOVED 3999 :6380', {kind: 'moved', slot: 3999, address: ':6380'}],
	['MOVED elsewhere', {kind: 'moved', slot: undefined, address: undefined}],
	['ASK 5061 10.0.0.3:6379', {kind: 'ask', slot: 5061, address: '10.0.0.3:6379'}],
	['DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. …', {kind: 'denied'}],
	['BUSYGROUP Consumer Group name already exists', {kind: 'other', code: 'BUSYGROUP'}],
	['BUSYKEY Target key name already exists.', {kind: 'other', code: 'BUSYKEY'}],
	['UNBLOCKED client unblocked via CLIENT UNBLOCK', {kind: 'other', code: 'UNBLOCKED'}],
	['', {kind: 'other', code: ''}],
])('%s', (message, kind) => expect(classifyError(message)).toEqual(kind));

it.each(['ERR something about BUSY and LOADING', '# Errorstats\r\nerrorstat_BUSY:count=3', 'it says NOPERM', 'busy', 'constructor', '__proto__'])(
	'is not led astray by %j',
	message => {
		expect(classifyError(message).kind).toBe('other');
	},
);
