import {accessSync, constants, statSync} from 'node:fs';
import {platform} from 'node:os';
import {delimiter, join} from 'node:path';
import {UsageError} from '../errors.ts';

/** The environment variables that decide which programs are found. */
export type Environment = Readonly<Record<string, string | undefined>>;

// Places where packages put servers that a plain user's PATH often lacks.
const extraFolders = ['/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin'];

const installCommands = [
	['apt-get', 'apt-get install redis-server'],
	['dnf', 'dnf install redis'],
	['apk', 'apk add redis'],
	['zypper', 'zypper install redis'],
	['pacman', 'pacman -S valkey'],
	['brew', 'brew install redis'],
] as const;

/**
 * Path of the Redis or Valkey server to start: `$REDIS_SERVER` when set, else the first one on PATH.
 * Throws a UsageError that names the one command to run when there is none.
 */
export function findServerBinary(env: Environment, alsoIn: readonly string[] = extraFolders): string {
	const folders = [...(env.PATH ?? '').split(delimiter).filter(folder => folder !== ''), ...alsoIn];
	const find = (program: string) => folders.map(folder => join(folder, program)).find(isProgram);

	const chosen = env.REDIS_SERVER;
	if (chosen) {
		const path = chosen.includes('/') ? chosen : find(chosen);
		if (path !== undefined && isProgram(path)) return path;
		throw new UsageError(`$REDIS_SERVER is '${chosen}', which is not a program: give the path of redis-server or valkey-server`);
	}

	const found = find('redis-server') ?? find('valkey-server');
	if (found !== undefined) return found;
	if (platform() === 'win32') throw new UsageError('the demo needs redis-server, which does not run on Windows itself: use WSL');
	const command = installCommands.find(([manager]) => find(manager))?.[1];
	throw new UsageError(`the demo needs redis-server or valkey-server: ${command ? `run '${command}'` : 'install one'}, or set $REDIS_SERVER to its path`);
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false; // not there, or not ours to run: the same to us
	}
}
