import {isIPv6} from 'node:net';
import {UsageError} from '../errors.ts';
import {Secret} from './secret.ts';

export const defaultHost = '127.0.0.1';
export const defaultPort = 6379;

/** Where the server listens. `host` of an IPv6 address is without brackets. */
export type Endpoint = TcpEndpoint | {readonly kind: 'unix'; readonly path: string};
export type TcpEndpoint = {readonly kind: 'tcp'; readonly host: string; readonly port: number};

/** PEM texts, already read. Without `ca` the caller wants Node's own certificates. */
export type TlsSettings = {
	readonly servername?: string;
	readonly ca?: readonly string[];
	readonly cert?: string;
	readonly key?: string;
	readonly rejectUnauthorized: boolean;
};

/** One server, and everything needed to log in to it. `environment` is the config file's word (`production`, `staging`, …). */
export type Target = {
	readonly name: string;
	readonly endpoint: Endpoint;
	readonly username: string | undefined;
	readonly password: Secret | undefined;
	readonly db: number;
	readonly tls: TlsSettings | undefined;
	readonly environment: string | undefined;
};

/** How to ask the Sentinels where the master is. */
export type SentinelAccess = {
	readonly nodes: readonly TcpEndpoint[];
	/** The name under which they watch it. */
	readonly master: string;
	/** Of the Sentinels themselves, not of the server. */
	readonly username: string | undefined;
	readonly password: Secret | undefined;
};

/** What a URL says; what it leaves out is undefined. */
export type UrlParts = {
	readonly endpoint: Endpoint;
	readonly username: string | undefined;
	readonly password: Secret | undefined;
	/** The text before `@` had no colon. redis-cli takes it for the password, and so does `password` here; most client libraries take it for the user. */
	readonly hasBareUserinfo: boolean;
	readonly db: number | undefined;
	readonly isTls: boolean;
};

/** The endpoint as an operator writes it: `10.0.3.7:6379`, `[::1]:6379`, `/run/redis.sock`. */
export function address(endpoint: Endpoint): string {
	if (endpoint.kind === 'unix') return endpoint.path;
	return `${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
}

/** A host name or address without port; brackets around IPv6 are taken off. Undefined when it can be neither. */
export function parseHost(text: string): string | undefined {
	const bare = /^\[(.*)\]$/s.exec(text)?.[1] ?? text;
	if (isIPv6(bare)) return bare;
	return bare === text && /^[^-\s\p{C}/@:?#%[\]][^\s\p{C}/@:?#%[\]]*$/u.test(text) ? text : undefined;
}

/** 1 to 65535, or undefined. */
export function parsePort(text: string): number | undefined {
	return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535 ? Number(text) : undefined;
}

/** Where a server says that another one is; undefined where nobody could connect: a server may say anything. */
export function announcedEndpoint(hostText: string, portText: string): TcpEndpoint | undefined {
	const [host, port] = [parseHost(hostText), parsePort(portText)];
	return host === undefined || port === undefined ? undefined : {kind: 'tcp', host, port};
}

/** The server's `databases` setting is a C int. */
const lastDatabase = 2 ** 31 - 1;

/** What a database is named by, for a message. */
export const databaseWords = `a number from 0 to ${lastDatabase}`;

/** A database number, or undefined. */
export function parseDatabase(text: string): number | undefined {
	return /^\d{1,10}$/.test(text) && Number(text) <= lastDatabase ? Number(text) : undefined;
}

const tlsByScheme: ReadonlyMap<string, boolean> = new Map([
	['redis', false],
	['rediss', true],
	['valkey', false],
	['valkeys', true],
]);

/**
 * `family` (ioredis's; hosts hand out URLs with `?family=0`) is let pass, as both families are tried anyway.
 * Any other parameter is refused, for one like `ssl=true` changes what the URL asks for.
 */
const knownParameters: ReadonlySet<string> = new Set(['db', 'family']);

/**
 * Read `redis://`, `rediss://`, `valkey://`, `valkeys://` (`[[user]:password@][host][:port][/db]`) or `unix://[[user]:password@]/path[?db=N]`.
 * Throws a UsageError that names `source` and the part that is wrong. No piece of the URL is ever quoted in it: misplaced, any of them may be the password.
 */
export function parseRedisUrl(url: string, source = 'URL'): UrlParts {
	const fail: Fail = what => new UsageError(`${source}: ${what}`);
	const [, scheme, rest] = /^([a-z]+):\/\/(.*)$/is.exec(url.trim()) ?? [];
	if (scheme?.toLowerCase() === 'unix') return parseUnix(rest ?? '', fail);
	const isTls = tlsByScheme.get(scheme?.toLowerCase() ?? '');
	if (isTls === undefined || rest === undefined) throw fail('it must begin with redis://, rediss://, valkey://, valkeys:// or unix://');
	return {...parseTcp(rest, fail), isTls};
}

type Fail = (what: string) => UsageError;

function parseTcp(text: string, fail: Fail): Omit<UrlParts, 'isTls'> {
	// A generated password pasted unescaped may hold '@', '/', '?' or '#', so the last '@' ends it. redis-cli stops at the first.
	const at = text.lastIndexOf('@');
	const [, authority = '', path = '', query = ''] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text.slice(at + 1)) ?? [];
	return {
		...parseUserinfo(at === -1 ? '' : text.slice(0, at), fail),
		endpoint: parseAuthority(authority, fail),
		db: parseDatabases(path, query, fail),
	};
}

function parseAuthority(text: string, fail: Fail): Endpoint {
	const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/s.exec(text) ?? [undefined, undefined, text];
	if (isIPv6(plain)) throw fail('an IPv6 address needs brackets, as in redis://[::1]:6379');
	if (bracketed !== undefined && !isIPv6(decode(bracketed, 'host', fail))) throw fail('brackets are for IPv6 addresses, as in redis://[::1]:6379');

	const host = parseHost(decode(bracketed ?? plain, 'host', fail) || defaultHost);
	if (host === undefined) throw fail('the host must be a name or an address, as in redis://host:6379');
	const number = port === '' ? defaultPort : parsePort(port);
	if (number === undefined) throw fail('the port must be a number from 1 to 65535, as in redis://host:6379');
	return {kind: 'tcp', host, port: number};
}

function parseUnix(text: string, fail: Fail): UrlParts {
	const [, userinfo, path, query = ''] = /^(?:([^/]*)@)?(\/[^?]*)(?:\?(.*))?$/s.exec(text) ?? [];
	if (path === undefined) throw fail('a socket needs its whole path, as in unix:///run/redis.sock?db=0');
	return {
		...parseUserinfo(userinfo ?? '', fail),
		endpoint: {kind: 'unix', path: decode(path, 'path', fail)},
		db: parseDatabases('', query, fail),
		isTls: false,
	};
}

function parseUserinfo(text: string, fail: Fail): Pick<UrlParts, 'username' | 'password' | 'hasBareUserinfo'> {
	const colon = text.indexOf(':');
	const username = decode(text.slice(0, Math.max(colon, 0)), 'user', fail);
	const password = decode(text.slice(colon + 1), 'password', fail);
	return {
		username: username === '' ? undefined : username,
		password: password === '' ? undefined : new Secret(password),
		hasBareUserinfo: colon === -1 && password !== '',
	};
}

function parseDatabases(path: string, query: string, fail: Fail): number | undefined {
	const parameters = new URLSearchParams(query);
	const isStrange = [...parameters.keys()].some(name => !knownParameters.has(name));
	if (isStrange) throw fail('after ? it may say db=NUMBER and nothing else; the rest goes with flags, see --help');

	const given = [...(path === '' ? [] : [path]), ...parameters.getAll('db')];
	const numbers = new Set(given.map(parseDatabase));
	if (numbers.has(undefined)) throw fail(`the database must be ${databaseWords}, as in redis://host:6379/0`);
	if (numbers.size > 1) throw fail('it names two different databases');
	return [...numbers][0];
}

function decode(text: string, part: string, fail: Fail): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw fail(`in the ${part}, % must begin an escape such as %40; write %25 for the sign itself`);
	}
}
