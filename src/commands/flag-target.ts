import {UsageError} from '../errors.ts';
import {Secret} from '../redis/secret.ts';
import {address, defaultHost, defaultPort, type Endpoint, parseRedisUrl, type Target, type TlsSettings, type UrlParts} from '../redis/target.ts';
import {type Files, readTls, strayTlsFlag} from './flag-tls.ts';
import type {ConnectionOptions, Environment} from './flags.ts';

type Surroundings = {
	readonly env: Environment;
	readonly files: Files;
	/** Called last, when nothing else can be refused any more, and only with `--askpass`. */
	readonly askPassword: (prompt: string) => Promise<string>;
};

/**
 * Which server, and how: flag, then environment, then default. Flags override single parts of a URL. A host or socket given by flag
 * sets REDIS_URL aside altogether, so that the password in it never goes to a server it was not written for.
 * Rejects with a UsageError naming the flag or variable, and with what `askPassword` rejects with.
 */
export async function resolveTarget(connection: ConnectionOptions, {env, files, askPassword}: Surroundings): Promise<Target> {
	const url = chooseUrl(connection, env);
	const endpoint = chooseEndpoint(connection, url);
	const tls = chooseTls(connection, {env, files, url, endpoint});
	const name = address(endpoint);
	const typed = connection.askpass ? await ask(name, askPassword) : connection.password;
	return {name, endpoint, ...chooseLogin(connection, {typed, url: url?.parts, env}), db: connection.db ?? url?.parts.db ?? 0, tls, environment: undefined};
}

type GivenUrl = {readonly parts: UrlParts; readonly from: string};

function chooseUrl({url, host, socketPath}: ConnectionOptions, env: Environment): GivenUrl | undefined {
	if (url) return {parts: parseRedisUrl(url.text.reveal(), url.from), from: url.from};
	const inherited = env.REDIS_URL;
	if (!inherited || host !== undefined || socketPath !== undefined) return undefined;
	return {parts: parseRedisUrl(inherited, 'REDIS_URL'), from: 'REDIS_URL'};
}

function chooseEndpoint({host, port, socketPath}: ConnectionOptions, url: GivenUrl | undefined): Endpoint {
	const base = url?.parts.endpoint;
	if (socketPath !== undefined) {
		if (base?.kind === 'tcp') throw new UsageError(`-s names a socket and ${url?.from} a host: give one of them`);
		return {kind: 'unix', path: socketPath};
	}
	if (base?.kind !== 'unix') return {kind: 'tcp', host: host ?? base?.host ?? defaultHost, port: port ?? base?.port ?? defaultPort};
	if (host === undefined && port === undefined) return base;
	throw new UsageError(`${host === undefined ? '-p' : '-h'} makes no sense with ${url?.from}, which names a unix socket: give -h and -p, or the socket`);
}

type TlsContext = {readonly env: Environment; readonly files: Files; readonly url: GivenUrl | undefined; readonly endpoint: Endpoint};

function chooseTls({tls}: ConnectionOptions, {env, files, url, endpoint}: TlsContext): TlsSettings | undefined {
	if (tls.isOn && endpoint.kind === 'unix') throw new UsageError('--tls makes no sense with a unix socket, which has no TLS: leave it out, or give -h and -p');
	if (tls.isOn || url?.parts.isTls) return readTls(tls, env, files);
	const stray = strayTlsFlag(tls);
	if (stray) throw new UsageError(`${stray} does nothing without TLS: add --tls, or give a rediss:// URL`);
	return undefined;
}

async function ask(name: string, askPassword: Surroundings['askPassword']): Promise<Secret> {
	const password = await askPassword(`Password for ${name.replace(/\p{C}/gu, '?')}: `);
	if (password === '') throw new UsageError('--askpass got an empty password: leave --askpass out to log in without one');
	return new Secret(password);
}

type LoginContext = {readonly typed: Secret | undefined; readonly url: UrlParts | undefined; readonly env: Environment};

function chooseLogin(connection: ConnectionOptions, {typed, url, env}: LoginContext): Pick<Target, 'username' | 'password'> {
	// In redis://NAME@host the name is the password, unless one was typed: then it can only be the user.
	const bareUser = typed && url?.hasBareUserinfo ? url.password?.reveal() : undefined;
	const inherited = env.REDISCLI_AUTH ? new Secret(env.REDISCLI_AUTH) : undefined;
	const username = connection.username ?? url?.username ?? bareUser;
	const password = typed ?? url?.password ?? inherited;
	if (username === undefined || password) return {username, password};
	const who = connection.username === undefined ? 'the user in the URL' : '--user';
	throw new UsageError(`${who} needs a password: add --askpass or set REDISCLI_AUTH (a nopass user takes any)`);
}
