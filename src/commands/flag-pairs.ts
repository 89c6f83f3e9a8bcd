import {UsageError} from '../errors.ts';
import type {Argv} from './flag-argv.ts';
import {type FlagKey, spelled} from './flag-table.ts';

/** No two of these go together, and why. */
const exclusive: readonly (readonly [FlagKey, FlagKey, string])[] = [
	['password', 'askpass', 'both give the password'],
	['json', 'prometheus', 'both say how it is printed'],
	['record', 'recording', 'one records and the other does not'],
	['redact', 'recording', 'nothing is recorded that could be redacted'],
	['socket', 'host', 'the server is on a socket or on a host'],
	['socket', 'port', 'a socket has no port'],
	['socket', 'tls', 'a unix socket has no TLS'],
	['cluster', 'socket', 'the nodes of a cluster have addresses'],
	['cluster', 'sentinel', 'a cluster needs no Sentinels'],
	['cluster', 'db', 'a cluster has database 0 only'],
	// Its password is not for another server.
	['target', 'url', 'both say which server'],
	['target', 'host', 'both say which server'],
	['target', 'port', 'both say which server'],
	['target', 'socket', 'both say which server'],
	['target', 'sentinel', 'both say which server'],
	['sentinel', 'url', 'both say which server'],
	['sentinel', 'host', 'both say which server'],
	['sentinel', 'port', 'the Sentinels know its port'],
	['sentinel', 'socket', 'both say which server'],
];

/** The first makes no sense without the second. */
const inseparable: readonly (readonly [FlagKey, FlagKey])[] = [
	['cert', 'key'],
	['key', 'cert'],
	['sentinel', 'master'],
	['master', 'sentinel'],
];

/** Throws a UsageError for flags that cannot be given together, or not alone. */
export function refusePairs({given}: Argv): void {
	for (const [one, another, because] of exclusive) {
		if (given.has(one) && given.has(another)) throw new UsageError(`${spelled(one)} and ${spelled(another)}: ${because}, so give one of them`);
	}
	for (const [one, another] of inseparable) {
		if (given.has(one) && !given.has(another)) throw new UsageError(`${spelled(one)} needs ${spelled(another)} with it`);
	}
}
