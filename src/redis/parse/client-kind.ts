/** What a connection is for, as far as CLIENT LIST shows it. Only `normal` ones are candidates for a mass kill. */
export type ClientKind = 'normal' | 'blocked-worker' | 'replica' | 'master' | 'subscriber' | 'monitor' | 'console';

/** Every console names its connections `redis-triage:<user>@<host>:<role>`. */
const consoleNamePrefix = 'redis-triage:';

/** Commands in which a queue worker waits for work. A client blocked in any other (WAIT, WAITAOF, held up by CLIENT PAUSE) is no worker. */
const waitingCommands: ReadonlySet<string> = new Set([
	'blpop',
	'brpop',
	'brpoplpush',
	'blmove',
	'blmpop',
	'bzpopmin',
	'bzpopmax',
	'bzmpop',
	'xread',
	'xreadgroup',
]);

type Traits = {readonly name: string; readonly flags: string; readonly lastCommand: string; readonly isSubscribed: boolean};

/** The first that fits; a console stays a console whatever it is doing. */
export function clientKind({name, flags, lastCommand, isSubscribed}: Traits): ClientKind {
	if (name.startsWith(consoleNamePrefix)) return 'console';
	if (flags.includes('M')) return 'master';
	// MONITOR is served like a replica, so the server prints O in place of S.
	if (flags.includes('O')) return 'monitor';
	if (flags.includes('S')) return 'replica';
	if (isSubscribed || flags.includes('P')) return 'subscriber';
	return flags.includes('b') && waitingCommands.has(lastCommand.toLowerCase()) ? 'blocked-worker' : 'normal';
}

type Blocked = {readonly kind: ClientKind; readonly isBlocked: boolean};

/** Waits inside a command, and is no worker that waits for jobs. */
export const isHeldUp = ({kind, isBlocked}: Blocked): boolean => isBlocked && kind !== 'blocked-worker' && kind !== 'console';

/** Sentinels name their connections by the beginning of their run id: `sentinel-3f2a91c0-cmd` and `-pubsub`. */
export const sentinelOf = (name: string): string | undefined =>
	// Asked of every client of a list, and nearly none is one.
	name.startsWith('sentinel-') ? /^sentinel-([0-9a-f]{4,40})-(?:cmd|pubsub)$/.exec(name)?.[1] : undefined;
