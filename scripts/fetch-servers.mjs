#!/usr/bin/env node
// Fetches the other servers that Debian offers (Valkey and newer Redis, of its backports, stable and testing) for the tests, into node_modules/.cache.
// Nothing is installed and the system's package lists stay as they are. Prints the line that names them all: `REDIS_SERVERS=…`.
// Once they are here it asks nobody again, until --refresh. --first stops at the first server of another product than the one on PATH.
import {spawnSync} from 'node:child_process';
import {chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {fetchedBinary, fetchedServers, offersFile, readOffers, serverName, serverOnPath, serversFolder} from './lib/servers.mjs';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const defaultMirror = 'http://deb.debian.org/debian';
const work = join(serversFolder, `.work-${process.pid}`);

class Problem extends Error {}
/** It would be the same for every other suite. */
class NoNetwork extends Problem {}

try {
	main();
} catch (error) {
	if (!(error instanceof Problem)) throw error;
	process.stderr.write(`servers: ${error.message}\n`);
	process.exitCode = 1;
} finally {
	rmSync(work, {recursive: true, force: true});
}

function main() {
	const own = serverOnPath();
	const ownName = own && serverName(own);
	const troubles = followAll(openOffers(), ownName);
	const fetched = fetchedServers();
	if (fetched.length === 0) throw new Problem(`nothing could be fetched.\n${troubles.join('\n')}`);
	for (const trouble of troubles) process.stderr.write(`servers: ${trouble}\n`);
	console.log(`REDIS_SERVERS=${[own, ...fetched.map(({binary}) => binary)].filter(Boolean).join(':')}`);
}

/** What nobody has been asked for yet, or has been deleted since. */
function openOffers() {
	const known = process.argv.includes('--refresh') ? {} : readOffers();
	const isThere = name => name === null || existsSync(fetchedBinary(name));
	return allOffers().filter(({id}) => known[id] === undefined || !isThere(known[id]));
}

/** Returns what went wrong. */
function followAll(offers, ownName) {
	const productOf = name => name?.split('-')[0];
	const isEnough = () => process.argv.includes('--first') && fetchedServers().some(({name}) => productOf(name) !== productOf(ownName));
	const troubles = [];
	for (const offer of offers) {
		if (isEnough()) break;
		requireApt();
		try {
			follow(offer, ownName);
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			troubles.push(`${offer.id}: ${error.message}`);
			if (error instanceof NoNetwork) break;
		}
	}
	return troubles;
}

/** In the order of their price: what runs with the system's own libraries comes first. */
function allOffers() {
	const codename = release();
	return [
		...(codename ? [offer(`${codename}-backports`, 'valkey')] : []),
		...['stable', 'testing'].flatMap(suite => [offer(suite, 'valkey'), offer(suite, 'redis')]),
	];
}

function offer(suite, product) {
	return {id: `${suite} ${product}`, suite, product};
}

function release() {
	if (!existsSync('/etc/os-release')) return undefined;
	const fields = new Map(
		readFileSync('/etc/os-release', 'utf8')
			.split('\n')
			.map(row => row.split('=')),
	);
	return fields.get('ID') === 'debian' ? fields.get('VERSION_CODENAME') : undefined;
}

function requireApt() {
	const missing = ['apt-get', 'dpkg-deb'].filter(program => spawnSync(program, ['--version']).error);
	if (missing.length > 0) throw new Problem(`${missing.join(' and ')} not found: this works with apt only. Name the servers that you have in $REDIS_SERVERS.`);
	if (!existsSync(keyring)) throw new Problem(`${keyring} is missing: apt-get install debian-archive-keyring`);
}

/** A suite without the package, or with a version that is here already, is no trouble. */
function follow({id, suite, product}, ownName) {
	const apt = openSuite(suite);
	const folder = join(work, `${suite}-${product}`);
	mkdirSync(folder);
	const tools = `${product}-tools`;
	if (apt.run(['show', tools], folder, 'apt-cache').status !== 0) return note(id, null);

	process.stderr.write(`servers: ${tools} of ${suite}\n`);
	// The name of a program decides what it is: called redis-server, redis-check-rdb is the server.
	const program = `${product}-server`;
	const unpacked = download(apt, [tools], folder);
	cpSync(join(unpacked, 'usr/bin', `${product}-check-rdb`), join(folder, program));
	if (serverName(join(folder, program)) === undefined) bringLibraries(apt, tools, folder, program);
	const name = serverName(join(folder, program));
	if (name === undefined) throw new Problem(`its ${program} does not run here`);
	const ofOthers = Object.entries(readOffers()).flatMap(([other, itsName]) => (other === id ? [] : [itsName]));
	if (name === ownName || ofOthers.includes(name)) return note(id, null);

	rmSync(unpacked, {recursive: true});
	rmSync(join(serversFolder, name), {recursive: true, force: true});
	renameSync(folder, join(serversFolder, name));
	note(id, name);
}

function note(id, name) {
	writeFileSync(offersFile, `${JSON.stringify({...readOffers(), [id]: name}, null, '\t')}\n`);
}

/** apt-get with lists, state and cache of our own, which knows one suite and thinks that nothing is installed. */
function openSuite(suite) {
	const folder = join(work, suite);
	const isKnown = existsSync(folder);
	for (const part of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, part), {recursive: true});
	writeFileSync(join(folder, 'sources.list'), `deb [signed-by=${keyring}] ${mirror()} ${suite} main\n`);
	writeFileSync(join(folder, 'status'), '');
	const settings = {
		'Dir::Etc::sourcelist': join(folder, 'sources.list'),
		'Dir::Etc::sourceparts': '-',
		'Dir::State::lists': join(folder, 'lists'),
		'Dir::State::status': join(folder, 'status'),
		'Dir::Cache': join(folder, 'cache'),
		'Acquire::Languages': 'none',
		'Acquire::http::Timeout': '15',
		'Acquire::Retries': '0',
		'APT::Install-Recommends': 'false',
		// As root apt fetches as another user, who may not write here.
		...(process.getuid?.() === 0 ? {'APT::Sandbox::User': 'root'} : {}),
	};
	const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
	const run = (args, cwd, program = 'apt-get') => spawnSync(program, [...options, ...args], {cwd, encoding: 'utf8', env: {...process.env, LC_ALL: 'C.UTF-8'}});
	// Without the last option a suite that cannot be reached is only a warning.
	const updated = isKnown ? undefined : run(['update', '-q', '-o', 'APT::Update::Error-Mode=any'], folder);
	if (updated && updated.status !== 0) {
		rmSync(folder, {recursive: true});
		const message = ending(updated);
		throw message.includes(' 404 ') ? new Problem(message) : new NoNetwork(message);
	}
	return {run};
}

function ending({stdout, stderr}) {
	return `${stderr}${stdout}`.split('\n').find(row => /^[EW]:/.test(row)) ?? 'apt-get ended without a word';
}

/** The mirror that the system itself uses. */
function mirror() {
	const {stdout} = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'], {encoding: 'utf8'});
	return (stdout ?? '').split('\n').find(uri => /^https?:.*\/debian\/?$/.test(uri)) ?? defaultMirror;
}

/** Returns the folder in which the packages have been unpacked over each other. */
function download(apt, packages, folder) {
	const debs = join(folder, 'debs');
	const unpacked = join(folder, 'unpacked');
	mkdirSync(debs);
	const downloaded = apt.run(['download', '-q', ...packages], debs);
	if (downloaded.status !== 0) throw new Problem(`download of ${packages[0]} failed: ${ending(downloaded)}`);
	for (const deb of readdirSync(debs)) {
		const {status, stderr} = spawnSync('dpkg-deb', ['-x', join(debs, deb), unpacked], {encoding: 'utf8'});
		if (status !== 0) throw new Problem(`${deb} cannot be unpacked: ${stderr.trim()}`);
	}
	rmSync(debs, {recursive: true});
	return unpacked;
}

/** For a program that needs a newer libc than the system's: fetches the libraries that it was built with, and starts it with their loader. */
function bringLibraries(apt, tools, folder, program) {
	const plan = apt.run(['install', '-y', '--print-uris', tools], folder).stdout;
	const packages = [...plan.matchAll(/^'.*' ([a-z0-9.+-]+)_/gm)].map(([, name]) => name).filter(name => /^(lib|zlib)/.test(name));
	if (packages.length === 0) throw new Problem(`apt names no libraries for ${tools}`);
	const unpacked = download(apt, packages, folder);
	const found = readdirSync(unpacked, {recursive: true, encoding: 'utf8'}).map(path => join(unpacked, path));
	const loader = found.find(path => /\/ld-linux[^/]*\.so\.\d+$/.test(path));
	const libc = found.find(path => path.endsWith('/libc.so.6'));
	if (!loader || !libc) throw new Problem(`no libc among the libraries of ${tools}`);

	const all = join(libc, '..');
	const libraries = join(folder, 'lib');
	mkdirSync(libraries);
	renameSync(join(folder, program), join(libraries, program));
	const {stdout} = spawnSync(loader, ['--library-path', all, '--list', join(libraries, program)], {encoding: 'utf8'});
	const needed = [...stdout.matchAll(/=> (\S+) \(/g)].map(([, path]) => path).filter(path => path.startsWith(unpacked));
	for (const path of [loader, ...needed]) cpSync(path, join(libraries, basename(path)), {dereference: true});
	const script = [
		'#!/bin/sh',
		'# Written by fetch-servers.mjs: starts the server with the libraries that it was built with.',
		'lib=$(dirname "$(readlink -f "$0")")/lib',
		`exec "$lib/${basename(loader)}" --argv0 "$0" --library-path "$lib" "$lib/${program}" "$@"`,
	];
	writeFileSync(join(folder, program), `${script.join('\n')}\n`);
	chmodSync(join(folder, program), 0o755);
}
