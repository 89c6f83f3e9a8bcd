import {posix} from 'node:path';
import {Secret} from '../redis/secret.ts';
import {defaultPort, parseHost, parseRedisUrl, type SentinelAccess, type UrlParts} from '../redis/target.ts';
import type {Config, ConfigTarget, QueueRule, TargetTls} from './config.ts';
import {parseHostAndPort} from './host-and-port.ts';
import type {Path} from './problem.ts';
import type {Written} from './schema.ts';
import {toThresholds} from './threshold-lines.ts';

type Context = {
	readonly file: string;
	readonly homeFolder: string;
	/** `FILE:LINE` of a key. */
	readonly where: (path: Path) => string;
};

/** From what is written, which the schema has passed, to what the program works with. */
export function toConfig(written: Written, context: Context): Config {
	const {components, queues, scripts, hooks, checks, defaults} = written;
	return {
		file: context.file,
		targets: new Map(Object.entries(written.targets).map(([name, target]) => [name, toTarget(name, target, context)])),
		thresholds: toThresholds(written.thresholds),
		components: components.map(({name, keys, impact, clearable}) => ({name, keys, impact, isClearable: clearable})),
		queues: {prefixes: queues.prefixes, rules: queues.rules.map(toQueueRule)},
		scripts: {directories: scripts.directories.map(path => toWholePath(path, context))},
		hooks: hooks.map(({name, command, danger, timeout}) => ({name, command, danger, timeoutSeconds: timeout})),
		checks,
		defaults: {intervalSeconds: defaults.interval, readOnly: defaults['read-only'], record: defaults.record},
	};
}

type WrittenTarget = Written['targets'][string];

function toTarget(name: string, target: WrittenTarget, context: Context): ConfigTarget {
	return {
		name,
		where: context.where(['targets', name]),
		parts: toParts(target),
		environment: target.environment,
		readOnly: target['read-only'],
		tls: toTls(target.tls, context),
		sentinel: toSentinel(target.sentinel),
		isCluster: target.cluster,
	};
}

function toParts(target: WrittenTarget): ConfigTarget['parts'] {
	const url: UrlParts | undefined = target.url === undefined ? undefined : parseRedisUrl(target.url);
	// In redis://NAME@host the name is the password, unless one is given: then it can only be the user.
	const bareUser = url?.hasBareUserinfo && target.password !== undefined ? url.password?.reveal() : undefined;
	return {
		endpoint: url?.endpoint ?? toEndpoint(target),
		username: target.username ?? url?.username ?? bareUser,
		password: toSecret(target.password) ?? url?.password,
		hasBareUserinfo: url?.hasBareUserinfo === true && target.password === undefined,
		db: target.db ?? url?.db,
		isTls: url?.isTls === true || (target.tls !== undefined && target.tls !== false),
	};
}

function toEndpoint({socket, host, port}: WrittenTarget): ConfigTarget['parts']['endpoint'] {
	if (socket !== undefined) return {kind: 'unix', path: socket};
	const bare = host === undefined ? undefined : parseHost(host);
	return bare === undefined ? undefined : {kind: 'tcp', host: bare, port: port ?? defaultPort};
}

function toTls(tls: WrittenTarget['tls'], context: Context): TargetTls | undefined {
	if (tls === undefined || typeof tls === 'boolean') return undefined;
	const whole = (path: string | undefined) => (path === undefined ? undefined : toWholePath(path, context));
	return {insecure: tls.insecure, sni: tls.sni, cacert: whole(tls.cacert), cacertdir: whole(tls.cacertdir), cert: whole(tls.cert), key: whole(tls.key)};
}

function toSentinel(sentinel: WrittenTarget['sentinel']): SentinelAccess | undefined {
	if (!sentinel) return undefined;
	const {nodes, master, username, password} = sentinel;
	return {nodes: nodes.flatMap(node => parseHostAndPort(node) ?? []), master, username, password: toSecret(password)};
}

function toQueueRule(rule: Written['queues']['rules'][number]): QueueRule {
	const percent = rule['failing-percent'];
	return {
		match: rule.match,
		isIgnored: rule.ignore,
		depthCount: rule.depth,
		stuckSeconds: rule['stuck-seconds'],
		overdueSeconds: rule['overdue-seconds'],
		failingRatio: percent === undefined ? undefined : percent / 100,
	};
}

const toSecret = (text: string | undefined): Secret | undefined => (text === undefined ? undefined : new Secret(text));

/** `~/` is the home folder, and a relative path begins at the file that says it. */
function toWholePath(path: string, {file, homeFolder}: Context): string {
	if (path.startsWith('~/')) return posix.join(homeFolder, path.slice(2));
	return posix.resolve(posix.dirname(file), path);
}
