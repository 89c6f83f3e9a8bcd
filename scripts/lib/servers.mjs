import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {root} from './root.mjs';

/** Here `fetch-servers.mjs` puts a folder for each server, named as in `valkey-8.0.1`. */
export const serversFolder = join(root, 'node_modules/.cache/redis-triage-servers');

/** Says which server each of Debian's offers has led to; null where it led to none, or to one that another offer had brought. */
export const offersFile = join(serversFolder, 'offers.json');

// Places where packages put servers that a plain user's PATH often lacks.
const extraFolders = ['/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin'];

/** `{binary, name}` of every server in $REDIS_SERVERS; without it of the one that the tests start anyway. Throws where one is not a server. */
export function chosenServers() {
	const named = (process.env.REDIS_SERVERS ?? '').split(':').filter(path => path !== '');
	const binaries = named.length > 0 ? named : [serverOnPath()].filter(path => path !== undefined);
	return binaries.map(binary => {
		const name = serverName(binary);
		if (name === undefined) throw new Error(`'${binary}' is not a redis-server or valkey-server that runs here`);
		return {binary, name};
	});
}

/** What has been fetched, in the order of the offers. */
export function fetchedServers() {
	const names = Object.values(readOffers()).filter(name => name !== null);
	return names.map(name => ({name, binary: fetchedBinary(name)})).filter(({binary}) => existsSync(binary));
}

export const fetchedBinary = name => join(serversFolder, name, `${name.split('-')[0]}-server`);

export const readOffers = () => (existsSync(offersFile) ? JSON.parse(readFileSync(offersFile, 'utf8')) : {});

/** The server that is started where nothing else is said; as src/demo/server-binary.ts finds it. */
export function serverOnPath() {
	const folders = [...(process.env.PATH ?? '').split(delimiter), ...extraFolders];
	const find = program => folders.map(folder => join(folder, program)).find(path => existsSync(path));
	return process.env.REDIS_SERVER || (find('redis-server') ?? find('valkey-server'));
}

/** `redis-7.0.15`, `valkey-8.0.1`; undefined where the program does not run or is none of both. */
export function serverName(binary) {
	const {stdout} = spawnSync(binary, ['--version'], {encoding: 'utf8'});
	const [, product, version] = /^(Redis|Valkey) server v=([\w.-]+)/.exec(stdout ?? '') ?? [];
	return product && `${product.toLowerCase()}-${version}`;
}
