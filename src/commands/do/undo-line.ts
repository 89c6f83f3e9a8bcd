import type {Registry} from '../../actions/registry.ts';
import type {Choice} from '../../actions/types.ts';
import {address, type Endpoint} from '../../redis/target.ts';
import type {ResolvedTarget} from '../flag-target.ts';
import type {ConnectionOptions} from '../flags.ts';

type WayBack = {readonly action: string} & Choice;

export type Way = {
	readonly connection: ConnectionOptions;
	readonly configFile: string | undefined;
	readonly target: ResolvedTarget;
	readonly registry: Registry;
};

/** The command line that takes it back, ready for a shell; it asks for the password where one was typed. */
export function undoLine({action, on, set}: WayBack, way: Way): string {
	const {danger} = way.registry.byId(action) ?? {danger: 'disruptive'};
	const words = [
		'redis-triage',
		'do',
		action,
		...serverWords(way),
		...on.flatMap(id => ['--on', id]),
		...Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
		...(danger === 'destructive' ? ['--confirm', way.target.name] : ['--yes']),
	];
	return words.map(shellWord).join(' ');
}

function serverWords({connection, configFile, target}: Way): readonly string[] {
	const {endpoint, db, username} = target;
	const where = placeWords(connection, endpoint);
	const byName = connection.targetName === undefined ? undefined : ['--target', connection.targetName];
	const isTyped = connection.askpass || connection.password !== undefined || connection.url?.text.reveal().includes('@') === true;
	const login = byName ? option('--user', connection.username) : option('--user', username);
	return [
		...(byName ?? where),
		...option('-n', byName ? connection.db : db || undefined),
		...login,
		...(target.isCluster && !byName ? ['--cluster'] : []),
		...(isTyped && target.password ? ['--askpass'] : []),
		...tlsWords(connection, target, byName !== undefined),
		...option('--config', configFile),
	];
}

/** Sentinel is asked again: the master of then may be another one by now, and what is to be taken back goes where it has gone. */
function placeWords({sentinel}: ConnectionOptions, endpoint: Endpoint): readonly string[] {
	if (sentinel) return ['--sentinel', sentinel.nodes.map(address).join(','), '--master', sentinel.master];
	return endpoint.kind === 'unix' ? ['-s', endpoint.path] : ['-h', endpoint.host, '-p', String(endpoint.port)];
}

function tlsWords({tls}: ConnectionOptions, target: ResolvedTarget, isByName: boolean): readonly string[] {
	return [
		...(target.tls && (!isByName || tls.isOn) ? ['--tls'] : []),
		...(tls.insecure ? ['--insecure'] : []),
		...option('--sni', tls.sni),
		...option('--cacert', tls.cacert),
		...option('--cacertdir', tls.cacertdir),
		...option('--cert', tls.cert),
		...option('--key', tls.key),
	];
}

const option = (flag: string, value: string | number | undefined): readonly string[] => (value === undefined ? [] : [flag, String(value)]);

/** In single quotes where a shell would read it otherwise. */
const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
