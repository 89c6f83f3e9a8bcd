import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs';
import type {Config} from './config.ts';
import {defaultConfig} from './default-config.ts';
import type {Surroundings} from './parse-config.ts';
import {ConfigError, printable} from './problem.ts';

type Options = Surroundings & {
	/** As typed after `--config`; then nothing else is looked for. */
	readonly configFile: string | undefined;
	/** The last place to look; another one in tests. */
	readonly systemFile?: string;
};

const maxBytes = 256 * 1024;

/**
 * The config file: the one given, or the first there is of `$XDG_CONFIG_HOME/redis-triage/config.yaml` and `/etc/redis-triage/config.yaml`, or defaults.
 * Rejects with a ConfigError, whose lines name the file, the line, the key and what would be right.
 */
export async function loadConfig(options: Options): Promise<Config> {
	const places = options.configFile === undefined ? searchPath(options) : [options.configFile];
	for (const file of places) {
		const read = readFile(file);
		if (read) {
			const {parseConfig} = await import('./parse-config.ts');
			return parseConfig({file, ...read}, options);
		}
		if (options.configFile !== undefined) throw new ConfigError([`--config: cannot read ${printable(file)}: it does not exist`], file);
	}
	return defaultConfig;
}

/** XDG base directory specification: a relative value is ignored. */
function searchPath({env, homeFolder, systemFile = '/etc/redis-triage/config.yaml'}: Options): readonly string[] {
	const configured = env.XDG_CONFIG_HOME;
	const folder = configured?.startsWith('/') ? configured.replace(/\/+$/, '') : `${homeFolder}/.config`;
	return [`${folder}/redis-triage/config.yaml`, systemFile];
}

/** The text and the mode, both of one open file, so that nobody can swap it in between. Undefined when there is none. */
function readFile(file: string): {readonly text: string; readonly mode: number} | undefined {
	const descriptor = attempt(file, () => openIfThere(file));
	if (descriptor === undefined) return undefined;
	try {
		const status = fstatSync(descriptor);
		if (!status.isFile()) throw new ConfigError([`${printable(file)}: must be a file, not a ${status.isDirectory() ? 'folder' : 'device or pipe'}`], file);
		const bytes = attempt(file, () => readBytes(descriptor));
		if (bytes.length > maxBytes) throw new ConfigError([`${printable(file)}: is larger than ${maxBytes / 1024} KiB, which no config file needs`], file);
		return {text: decode(file, bytes), mode: status.mode};
	} finally {
		closeSync(descriptor);
	}
}

function attempt<T>(file: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		const code = errorCode(error);
		throw new ConfigError([`${printable(file)}: cannot be read: ${reasons.get(code) ?? code}`], file);
	}
}

const errorCode = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

const reasons: ReadonlyMap<string, string> = new Map([
	['EACCES', 'permission denied'],
	['ELOOP', 'its links lead in a circle'],
]);

function openIfThere(file: string): number | undefined {
	try {
		// A pipe nobody writes to would otherwise be waited for.
		return openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
	} catch (error) {
		if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return undefined;
		throw error;
	}
}

/** One byte more than is allowed, at most. */
function readBytes(descriptor: number): Buffer {
	const bytes = Buffer.alloc(maxBytes + 1);
	let length = 0;
	for (let count = 1; count > 0 && length < bytes.length; length += count) count = readSync(descriptor, bytes, length, bytes.length - length, null);
	return bytes.subarray(0, length);
}

function decode(file: string, bytes: Buffer): string {
	try {
		return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
	} catch {
		throw new ConfigError([`${printable(file)}: must be text in UTF-8`], file);
	}
}
