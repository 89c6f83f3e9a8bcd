import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

/** What V8 made of the program, kept for the next start. Whoever can write such a file decides what runs: only what the user alone can write is read. */
export type CodeCache = {
	/** The first of these that there is and that can be trusted. */
	readonly read: (kinds: readonly string[]) => {readonly kind: string; readonly data: Buffer} | undefined;
	/** Make and keep it, if there is a place for it, and remove what older programs have left. `superseded`: kinds that this one does for, too. */
	readonly write: (kind: string, make: () => Buffer, superseded?: readonly string[]) => void;
};

export type Place = {
	/** `$XDG_CACHE_HOME`. */
	readonly cacheHome: string | undefined;
	readonly home: string;
	/** Undefined where files have no owner, or nobody is to be trusted: then there is no cache. */
	readonly userId: number | undefined;
	/** Which program on which engine: another one must not even find it. */
	readonly name: string;
};

type Ids = Partial<Pick<NodeJS.Process, 'getuid' | 'geteuid' | 'getgid' | 'getegid'>>;

/** Nobody where the program runs with the rights of somebody else than who started it: what either may write must not run with the rights of both. */
export const trustedUser = ({getuid, geteuid, getgid, getegid}: Ids): number | undefined =>
	getuid?.() === geteuid?.() && getgid?.() === getegid?.() ? getuid?.() : undefined;

const suffix = '.v8-cache';
/** A machine may have several versions of Node, and two of the program. */
const mostFiles = 6;
const checksumBytes = 4;
const dayMs = 86_400_000;

/** Nothing here throws or prints: without a cache the program starts a little later, and that is all. */
export function openCodeCache(place: Place): CodeCache {
	const folder = folderOf(place);
	const {userId} = place;
	if (folder === undefined || userId === undefined) return {read: () => undefined, write: () => {}};
	const fileOf = (kind: string) => path.join(folder, `${place.name}-${kind}${suffix}`);
	return {
		read(kinds) {
			for (const kind of kinds) {
				const data = attempt(() => readTrusted(folder, fileOf(kind), userId));
				if (data) return {kind, data};
			}
			return undefined;
		},
		write(kind, make, superseded = []) {
			attempt(() => {
				makeFolder(folder, userId);
				if (!isPrivate(fs.lstatSync(folder), userId)) return;
				fs.accessSync(folder, fs.constants.W_OK);
				replaceFile(fileOf(kind), make());
				for (const other of superseded) fs.rmSync(fileOf(other), {force: true});
				removeOld(folder);
			});
		},
	};
}

/** XDG base directory specification: a relative value is ignored. */
function folderOf({cacheHome, home}: Place): string | undefined {
	const base = [cacheHome, home === '' ? undefined : `${home}/.cache`].find(folder => folder !== undefined && folder.charAt(0) === '/');
	return base === undefined ? undefined : path.join(base, 'redis-triage');
}

type Owned = {readonly uid: number; readonly mode: number};

const isOurs = ({uid, mode}: Owned, userId: number): boolean => uid === userId && (mode & 0o022) === 0;

const isPrivate = (status: Owned & {isDirectory: () => boolean}, userId: number): boolean => status.isDirectory() && isOurs(status, userId);

/** The file is judged by what was opened: in the folder of somebody else its name could lead elsewhere a moment later. */
function readTrusted(folder: string, file: string, userId: number): Buffer | undefined {
	if (!isPrivate(fs.lstatSync(folder), userId)) return undefined;
	const descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
	try {
		const status = fs.fstatSync(descriptor);
		if (!status.isFile() || !isOurs(status, userId)) return undefined;
		// What is in use does not go as the oldest.
		if (Date.now() - status.mtimeMs > dayMs) attempt(() => fs.futimesSync(descriptor, new Date(), new Date()));
		return whole(fs.readFileSync(descriptor));
	} finally {
		fs.closeSync(descriptor);
	}
}

/** V8 believes what it is given: with one wrong byte in it, it ends the process (Node 24). */
function whole(bytes: Buffer): Buffer | undefined {
	const end = bytes.length - checksumBytes;
	if (end <= 0) return undefined;
	const data = bytes.subarray(0, end);
	return zlib.crc32(data) === bytes.readUInt32LE(end) ? data : undefined;
}

/**
 * Only within what is ours already: with sudo, HOME may be that of somebody who would find root's folder in it. Not with `recursive`, which goes round
 * for ever where a folder cannot be made for a reason of the system's own (/proc).
 */
function makeFolder(folder: string, userId: number): void {
	const base = path.dirname(folder);
	for (const each of [base, folder]) {
		if (attempt(() => fs.lstatSync(each)) === undefined && fs.statSync(path.dirname(each)).uid === userId) fs.mkdirSync(each, 0o700);
	}
}

/**
 * Whole or not at all, also when the disk is full. When the machine goes down it may be torn all the same, and the checksum tells: to wait for the disk (fsync)
 * could take seconds, in which somebody presses keys. In containers every process has the same id, so a draft's name has a random part.
 */
function replaceFile(file: string, data: Buffer): void {
	const draft = `${file}.${Math.random().toString(36).slice(2)}`;
	const checksum = Buffer.alloc(checksumBytes);
	checksum.writeUInt32LE(zlib.crc32(data), 0);
	const descriptor = fs.openSync(draft, 'wx', 0o600);
	try {
		try {
			for (const part of [data, checksum]) for (let at = 0; at < part.length; ) at += fs.writeSync(descriptor, part, at);
		} finally {
			fs.closeSync(descriptor);
		}
		fs.renameSync(draft, file);
	} catch (error) {
		fs.unlinkSync(draft);
		throw error;
	}
}

/** Also drafts of processes that were killed. */
function removeOld(folder: string): void {
	const files = fs
		.readdirSync(folder)
		.filter(name => name.includes(suffix))
		.map(name => path.join(folder, name))
		.map(file => ({file, isDraft: !file.endsWith(suffix), atMs: fs.statSync(file).mtimeMs}));
	const newest = files.filter(({isDraft}) => !isDraft).sort((a, b) => b.atMs - a.atMs);
	const drafts = files.filter(({isDraft, atMs}) => isDraft && Date.now() - atMs > 60_000);
	for (const {file} of [...newest.slice(mostFiles), ...drafts]) fs.unlinkSync(file);
}

function attempt<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch {
		// Not there, not ours, no space, a read-only disk: all the same to us.
		return undefined;
	}
}
