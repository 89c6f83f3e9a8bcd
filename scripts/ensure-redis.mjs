#!/usr/bin/env node
// Finds the real Redis (or Valkey) that the demo and the tests run on; with --tests also tmux, which drives the end-to-end tests, and what checks completions and man page.
// On Debian and Ubuntu as root it installs what is missing and starts no service; elsewhere it prints the one command to run and exits 1.
import {spawn, spawnSync} from 'node:child_process';
import {accessSync, constants, existsSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';

const policyFile = '/usr/sbin/policy-rc.d';
const aptLists = '/var/lib/apt/lists';
// Places where packages put servers that a plain user's PATH often lacks.
const extraFolders = ['/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin'];
const folders = [...(process.env.PATH ?? '').split(delimiter).filter(folder => folder !== ''), ...extraFolders];
const isForTests = process.argv.includes('--tests');
/** What the tests use where it is there. Installed where that can be done; nobody is asked to. */
const welcome = ['zsh', 'fish', 'mandoc'];

/** Commands in the order in which they are looked for: the first manager found names the command to print. */
const managers = [
	{program: 'apt-get', asRoot: true, install: packages => `apt-get update && apt-get install -y --no-install-recommends ${packages}`},
	{program: 'dnf', asRoot: true, install: packages => `dnf install -y ${packages}`},
	{program: 'apk', asRoot: true, install: packages => `apk add ${packages}`},
	{program: 'zypper', asRoot: true, install: packages => `zypper --non-interactive install ${packages}`},
	{program: 'pacman', asRoot: true, install: packages => `pacman -S --noconfirm ${packages.replace('redis', 'valkey')}`},
	{program: 'brew', asRoot: false, install: packages => `brew install ${packages}`},
];

class Problem extends Error {}

try {
	process.exitCode = await main();
} catch (error) {
	if (!(error instanceof Problem)) throw error;
	process.stderr.write(`ensure-redis: ${error.message}\n`);
	process.exitCode = 1;
}

async function main() {
	const needed = missingParts();
	const missing = [...needed, ...(isForTests && canInstall() ? welcome.filter(part => !find(part)) : [])];
	if (missing.length === 0) return 0;
	if (!canInstall()) throw new Problem(`${missing.join(' and ')} not found. ${advice(missing)}`);

	const packages = missing.flatMap(part => (part === 'redis-server' ? ['redis-server', 'redis-sentinel'] : [part]));
	process.stderr.write(`ensure-redis: installing ${packages.join(', ')} with apt; no service will be started\n`);
	const interruptedBy = await withServicesHeldBack(() => installWithApt(packages));
	if (interruptedBy) return 130;

	const stillMissing = missingParts();
	if (stillMissing.length > 0) throw new Problem(`apt finished, but ${stillMissing.join(' and ')} is still not found on PATH`);
	return 0;
}

/** The parts that are not here, by the name of their Debian package. */
function missingParts() {
	const missing = [];
	if (!hasServer()) missing.push('redis-server');
	if (isForTests && !find('tmux')) missing.push('tmux');
	return missing;
}

function hasServer() {
	const chosen = process.env.REDIS_SERVER;
	if (!chosen) return Boolean(find('redis-server') ?? find('valkey-server'));
	if (chosen.includes('/') ? isProgram(chosen) : find(chosen)) return true;
	throw new Problem(`$REDIS_SERVER is '${chosen}', which is not a program: give the path of redis-server or valkey-server, or unset it`);
}

function find(program) {
	return folders.map(folder => join(folder, program)).find(isProgram);
}

function isProgram(path) {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false; // not there, or not ours to run: the same to us
	}
}

function canInstall() {
	return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version') && find('apt-get') !== undefined;
}

function advice(missing) {
	if (process.platform === 'win32') return 'Redis does not run on Windows itself: use WSL.';
	const manager = managers.find(({program}) => find(program));
	const packages = missing.map(part => (part === 'redis-server' && manager?.program !== 'apt-get' ? 'redis' : part)).join(' ');
	if (!manager) return `Install ${packages} with your package manager, or point $REDIS_SERVER at a redis-server.`;
	const command = manager.install(packages);
	return `Run: ${manager.asRoot && process.getuid?.() !== 0 ? `sudo sh -c '${command}'` : command}`;
}

/** Runs `install` while maintainer scripts may start nothing. Resolves to the signal that interrupted it, if one did. */
async function withServicesHeldBack(install) {
	const mine = holdServicesBack();
	let interruptedBy;
	// Without listeners a Ctrl-C would end us before the policy file is taken away again.
	const note = signal => {
		interruptedBy = signal;
	};
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
	for (const signal of signals) process.on(signal, note);
	try {
		await install();
	} catch (error) {
		if (!interruptedBy) throw error;
	} finally {
		for (const signal of signals) process.off(signal, note);
		if (mine) rmSync(policyFile, {force: true});
	}
	return interruptedBy;
}

/** Returns whether the policy file is ours to remove. One that is already there is left alone, and obeyed. */
function holdServicesBack() {
	// Should we be killed outright, the file that stays behind allows everything again by itself.
	const script =
		`#!/bin/sh\n# Written by redis-triage's ensure-redis while it installs packages. Without effect, and safe to delete, when process ${process.pid} is gone.\n` +
		`kill -0 ${process.pid} 2>/dev/null && exit 101\nexit 0\n`;
	try {
		writeFileSync(policyFile, script, {flag: 'wx', mode: 0o755});
		return true;
	} catch (error) {
		if (error.code !== 'EEXIST') throw new Problem(`cannot write ${policyFile} (${error.code}), so a service could be started. ${advice(missingParts())}`);
	}
	const verdict = spawnSync(policyFile, ['redis-server', 'start'], {stdio: 'ignore'}).status;
	if (verdict !== 101) throw new Problem(`the policy in ${policyFile} lets services start, so nothing was installed. ${advice(missingParts())}`);
	return false;
}

async function installWithApt(packages) {
	const install = ['-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '-q', '--no-install-recommends', ...packages];
	const update = ['-o', 'DPkg::Lock::Timeout=300', 'update', '-q'];
	const before = new Set(packages.filter(name => isInstalled(name)));

	const listsAreEmpty = !readdirSync(aptLists).some(name => name.includes('_Packages'));
	if (listsAreEmpty) await aptGet(update);
	const first = await aptGet(install, {mayFail: !listsAreEmpty});
	if (!first) {
		// Lists older than the archive name packages that are no longer there.
		await aptGet(update);
		await aptGet(install);
	}
	disableAtBoot(packages.filter(name => name.startsWith('redis-') && !before.has(name)));
}

function isInstalled(name) {
	return spawnSync('dpkg', ['-s', name], {stdio: 'ignore'}).status === 0;
}

/** The packages enable their service for the next boot; whoever only wanted a demo did not ask for that. */
function disableAtBoot(services) {
	const systemctl = find('systemctl');
	if (!systemctl || services.length === 0) return;
	const {status, stderr} = spawnSync(systemctl, ['--quiet', 'disable', ...services], {encoding: 'utf8'});
	if (status !== 0) process.stderr.write(`ensure-redis: ${services.join(' and ')} will start at the next boot (${stderr.trim().split('\n').at(-1)})\n`);
}

/** Resolves to whether it worked; rejects with the end of apt's output when it did not and may not fail. */
async function aptGet(args, {mayFail = false} = {}) {
	const child = spawn('apt-get', args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'}});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output = (output + chunk).slice(-4000)));
	const code = await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	if (code === 0 || mayFail) return code === 0;
	throw new Problem(`apt-get ${args.includes('update') ? 'update' : 'install'} failed:\n${output.trim().split('\n').slice(-12).join('\n')}`);
}
