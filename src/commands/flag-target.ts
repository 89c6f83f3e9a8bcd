import type {Config, ConfigTarget} from '../config/config.ts';
import {UsageError} from '../errors.ts';
import {type FindMaster, findMaster} from '../redis/find-master.ts';
import {Secret} from '../redis/secret.ts';
import {address, defaultHost, defaultPort, type Endpoint, parseRedisUrl, type SentinelAccess, type Target, type TlsSettings} from '../redis/target.ts';
import {closest} from '../text/closest.ts';
import {type Files, readTls, strayTlsFlag} from './flag-tls.ts';
import type {ConnectionOptions, Environment, TlsOptions} from './flags.ts';

type Surroundings = {
	readonly env: Environment;
	readonly files: Files;
	/** Called last, when nothing else can be refused any more, and only with `--askpass`. */
	readonly askPassword: (prompt: string) => Promise<string>;
	/** Without it there are no names. */
	readonly config?: KnownTargets;
	/** A seam for tests. */
	readonly askSentinels?: FindMaster;
};

type KnownTargets = Pick<Config, 'file' | 'targets'>;

export type ResolvedTarget = Target & {
	/** What the config file says of this server: by the name that was given, else by its address. */
	readonly configured: ConfigTarget | undefined;
	/** Who watches it, where that is known. */
	readonly sentinel: SentinelAccess | undefined;
	/** All nodes of its cluster are looked at. */
	readonly isCluster: boolean;
};

/**
 * Which server, and how: flag, then environment, then config file, then default. Flags override single parts of a URL, and of a server that is given by name.
 * A host or socket given by flag sets REDIS_URL aside altogether, so that the password in it never goes to a server it was not written for; so do a name
 * and Sentinels.
 * Rejects with a UsageError naming the flag, the variable, or the line of the config file, and with what `askPassword` rejects with.
 */
export async function resolveTarget(connection: ConnectionOptions, surroundings: Surroundings): Promise<ResolvedTarget> {
	const {env, askPassword, config} = surroundings;
	const given = chooseGiven(connection, env, config);
	const sentinel = connection.sentinel ?? given?.target?.sentinel;
	const {endpoint, tls} = await choosePlace(connection, {given, sentinel, surroundings});
	const name = given?.target?.name ?? sentinel?.master ?? address(endpoint);
	const typed = connection.askpass ? await ask(name, askPassword) : connection.password;
	const configured = given?.target ?? configuredAt(endpoint, sentinel, config);
	return {
		name,
		endpoint,
		...chooseLogin(connection, {typed, given, env}),
		db: connection.db ?? given?.parts.db ?? 0,
		tls,
		environment: configured?.environment,
		configured,
		sentinel,
		isCluster: connection.isCluster || configured?.isCluster === true,
	};
}

type PlaceContext = {readonly given: Given | undefined; readonly sentinel: SentinelAccess | undefined; readonly surroundings: Surroundings};

/** Where it listens, by its own address, or by what its Sentinels say. */
async function choosePlace(connection: ConnectionOptions, {given, sentinel, surroundings}: PlaceContext): Promise<Pick<Target, 'endpoint' | 'tls'>> {
	const {env, files, askSentinels = findMaster} = surroundings;
	if (!sentinel || given?.parts.endpoint) {
		const endpoint = chooseEndpoint(connection, given);
		return {endpoint, tls: chooseTls(connection, {env, files, given, isSocket: endpoint.kind === 'unix'})};
	}
	const tls = chooseTls(connection, {env, files, given, isSocket: false});
	const from = given ? {nodes: given.from, master: given.from} : {nodes: '--sentinel', master: '--master'};
	return {endpoint: await askSentinels(sentinel, {tls, from}), tls};
}

/** A server as a URL or the config file gives it. */
type Given = {readonly parts: ConfigTarget['parts']; readonly from: string; readonly target: ConfigTarget | undefined};

function chooseGiven({url, host, socketPath, targetName, sentinel}: ConnectionOptions, env: Environment, config: KnownTargets | undefined): Given | undefined {
	if (targetName !== undefined) return namedTarget(targetName, config);
	if (url) return {parts: parseRedisUrl(url.text.reveal(), url.from), from: url.from, target: undefined};
	const inherited = env.REDIS_URL;
	if (!inherited || host !== undefined || socketPath !== undefined || sentinel) return undefined;
	return {parts: parseRedisUrl(inherited, 'REDIS_URL'), from: 'REDIS_URL', target: undefined};
}

function namedTarget(name: string, config: KnownTargets | undefined): Given {
	const target = config?.targets.get(name);
	if (!target) throw new UsageError(`--target: ${whyUnknown(name, config)}`);
	return {parts: target.parts, from: `--target ${name}`, target};
}

function whyUnknown(name: string, config: KnownTargets | undefined): string {
	const shown = /^[\w.-]{1,64}$/.test(name) ? `"${name}"` : 'this name';
	if (config?.file === undefined) return `${shown} would be looked up in the config file, and there is none: it goes to ~/.config/redis-triage/config.yaml`;
	const names = [...config.targets.keys()];
	const meant = closest(name, names);
	const known = names.length === 0 ? 'it has no targets' : `it has ${names.join(', ')}`;
	return `${shown} is not in ${config.file.replace(/\p{C}/gu, '?')}: ${meant ? `did you mean ${meant}?` : known}`;
}

/** What is production, or locked, is so by its address too, and by any of its Sentinels; of several the most guarded counts. */
export function configuredAt(
	endpoint: Endpoint,
	access: SentinelAccess | undefined,
	config: Pick<KnownTargets, 'targets'> | undefined,
): ConfigTarget | undefined {
	const where = address(endpoint);
	const watching = new Set(access?.nodes.map(address));
	const isIt = ({parts, sentinel}: ConfigTarget) =>
		(parts.endpoint && address(parts.endpoint) === where) || (sentinel?.master === access?.master && sentinel?.nodes.some(node => watching.has(address(node))));
	return [...(config?.targets.values() ?? [])].filter(isIt).toSorted((a, b) => guard(b) - guard(a))[0];
}

const guard = ({environment, readOnly}: ConfigTarget): number => (readOnly === 'locked' ? 2 : 0) + (environment === 'production' ? 1 : 0);

function chooseEndpoint({host, port, socketPath}: ConnectionOptions, given: Given | undefined): Endpoint {
	const base = given?.parts.endpoint;
	if (socketPath !== undefined) {
		if (base?.kind === 'tcp') throw new UsageError(`-s names a socket and ${given?.from} a host: give one of them`);
		return {kind: 'unix', path: socketPath};
	}
	if (base?.kind !== 'unix') return {kind: 'tcp', host: host ?? base?.host ?? defaultHost, port: port ?? base?.port ?? defaultPort};
	if (host === undefined && port === undefined) return base;
	throw new UsageError(`${host === undefined ? '-p' : '-h'} makes no sense with ${given?.from}, which names a unix socket: give -h and -p, or the socket`);
}

type TlsContext = {readonly env: Environment; readonly files: Files; readonly given: Given | undefined; readonly isSocket: boolean};

function chooseTls({tls}: ConnectionOptions, {env, files, given, isSocket}: TlsContext): TlsSettings | undefined {
	if (tls.isOn && isSocket) throw new UsageError('--tls makes no sense with a unix socket, which has no TLS: leave it out, or give -h and -p');
	const stray = strayTlsFlag(tls);
	const isOn = tls.isOn || given?.parts.isTls === true;
	if (!isOn && stray) throw new UsageError(`${stray} does nothing without TLS: add --tls, or give a rediss:// URL`);
	if (!isOn) return undefined;
	const {target} = given ?? {};
	if (!target?.tls || stray) return readTls(withConfigured(tls, target?.tls), env, files);
	try {
		return readTls(withConfigured(tls, target.tls), env, files);
	} catch (error) {
		// Nobody typed the flag that the message names: its namesake is in the file.
		if (error instanceof UsageError) throw new UsageError(`${target.where}: targets.${target.name}.tls: ${error.message.replace(/^--/, '')}`);
		throw error;
	}
}

/** What belongs together, the certificate and its key, or the CAs, is all typed or all from the file. */
function withConfigured(typed: TlsOptions, configured: ConfigTarget['tls']): TlsOptions {
	if (!configured) return typed;
	const authorities = typed.cacert === undefined && typed.cacertdir === undefined ? configured : typed;
	const certificate = typed.cert === undefined ? configured : typed;
	return {
		isOn: typed.isOn,
		insecure: typed.insecure || configured.insecure,
		sni: typed.sni ?? configured.sni,
		cacert: authorities.cacert,
		cacertdir: authorities.cacertdir,
		cert: certificate.cert,
		key: certificate.key,
	};
}

async function ask(name: string, askPassword: Surroundings['askPassword']): Promise<Secret> {
	const password = await askPassword(`Password for ${name.replace(/\p{C}/gu, '?')}: `);
	if (password === '') throw new UsageError('--askpass got an empty password: leave --askpass out to log in without one');
	return new Secret(password);
}

type LoginContext = {readonly typed: Secret | undefined; readonly given: Given | undefined; readonly env: Environment};

function chooseLogin(connection: ConnectionOptions, {typed, given, env}: LoginContext): Pick<Target, 'username' | 'password'> {
	const parts = given?.parts;
	// In redis://NAME@host the name is the password, unless one was typed: then it can only be the user.
	const bareUser = typed && parts?.hasBareUserinfo ? parts.password?.reveal() : undefined;
	const username = connection.username ?? parts?.username ?? bareUser;
	const password = typed ?? untypedPassword(given, env);
	if (username === undefined || password) return {username, password};
	const who = connection.username !== undefined ? '--user' : given?.target ? `the user of ${given.from}` : 'the user in the URL';
	throw new UsageError(`${who} needs a password: add --askpass or set REDISCLI_AUTH (a nopass user takes any)`);
}

/** Of a URL, typed or in the environment, before REDISCLI_AUTH; of the config file after it. */
function untypedPassword(given: Given | undefined, env: Environment): Secret | undefined {
	const inherited = env.REDISCLI_AUTH ? new Secret(env.REDISCLI_AUTH) : undefined;
	const own = given?.parts.password;
	return given?.target ? (inherited ?? own) : (own ?? inherited);
}
