import {mkdir, readdir, stat, unlink} from 'node:fs/promises';
import {join, parse} from 'node:path';
import {isMissing} from './file-failure.ts';
import type {Limits} from './limits.ts';

/** Where recordings go: into a folder under names of their own, or into a file that somebody has named. */
export type Place = {readonly folder: string} | {readonly file: string};

/** Who writes: its process number stands in the names of its files, and tells others that they are in use. */
export type Owner = {readonly pid: number; readonly isAlive: (pid: number) => boolean};

/** `20261129T194847Z-cache-1-4711.rec`; from the second file of a run on `….2.rec`. */
const ownName = /^\d{8}T\d{6}Z-(?:[\w.-]*-)?(\d+)(?:\.\d+)?\.rec$/;

type Name = {readonly startedAtMs: number; readonly label: string; readonly pid: number};

/** Where the file with this number (from 1) of a run goes. */
export function filePath(place: Place, {startedAtMs, label, pid}: Name, number: number): string {
	const part = number === 1 ? '' : `.${number}`;
	if ('file' in place) {
		const {dir, name, ext} = parse(place.file);
		return join(dir, `${name}${part}${ext}`);
	}
	const moment = new Date(startedAtMs).toISOString().replace(/[-:]|\.\d+/g, '');
	const safe = label
		.replace(/[^\w.-]+/g, '-')
		.replace(/^[-.]+/, '')
		.slice(0, 60);
	return join(place.folder, `${[moment, safe, String(pid)].filter(text => text !== '').join('-')}${part}.rec`);
}

export async function makePlace(place: Place): Promise<void> {
	if (!('folder' in place)) return;
	try {
		await mkdir(place.folder, {recursive: true, mode: 0o700});
	} catch (error) {
		// Node says ENOENT also where the file system is read-only; without `recursive` the system is heard itself.
		if (isMissing(error)) await mkdir(place.folder, {mode: 0o700});
		throw error;
	}
}

/** So long after it was last written a file of a process that still runs is not deleted by another console; by its number the process may be anybody's. */
const inUseMs = 120_000;
/** A console writes every second; a number that is in use so long after is somebody else's. */
const forgottenMs = 2 * 86_400_000;

type Found = {readonly path: string; readonly bytes: number; readonly writtenAtMs: number};

/**
 * Delete whole recordings, the oldest first, until the rest is young and small enough; room for a whole file more is left.
 * Never `current`, nor what a living console writes. Of a named file nothing is deleted but what this run has written itself (`own`).
 */
export async function makeRoom(
	place: Place,
	{folderBytes, fileBytes, ageMs}: Limits,
	{current, own, nowMs, owner}: {readonly current: string | undefined; readonly own: readonly string[]; readonly nowMs: number; readonly owner: Owner},
): Promise<void> {
	const isFree = (path: string, writtenAtMs: number) => own.includes(path) || !isInUse(path, nowMs - writtenAtMs, owner);
	const found = await sizes('folder' in place ? await recordingsIn(place.folder) : own);
	const others = found.filter(({path}) => path !== current);
	let bytes = others.reduce((sum, file) => sum + file.bytes, 0) + fileBytes;
	for (const file of others.toSorted((a, b) => a.writtenAtMs - b.writtenAtMs)) {
		const isTooOld = nowMs - file.writtenAtMs > ageMs;
		if ((!isTooOld && bytes <= folderBytes) || !isFree(file.path, file.writtenAtMs)) continue;
		if (await isRemoved(file.path)) bytes -= file.bytes;
	}
}

function isInUse(path: string, unwrittenMs: number, {pid, isAlive}: Owner): boolean {
	const writer = Number(ownName.exec(parse(path).base)?.[1]);
	return unwrittenMs < inUseMs || (writer !== pid && unwrittenMs < forgottenMs && isAlive(writer));
}

async function recordingsIn(folder: string): Promise<readonly string[]> {
	try {
		const names = await readdir(folder);
		return names.filter(name => ownName.test(name)).map(name => join(folder, name));
	} catch {
		// One may write into a folder that one may not list: then nothing can be deleted, and the recording goes on.
		return [];
	}
}

async function sizes(paths: readonly string[]): Promise<readonly Found[]> {
	const found = await Promise.all(
		paths.map(async path => {
			try {
				const {size, mtimeMs} = await stat(path);
				return [{path, bytes: size, writtenAtMs: mtimeMs}];
			} catch {
				// Another console has deleted it meanwhile.
				return [];
			}
		}),
	);
	return found.flat();
}

export async function isRemoved(path: string): Promise<boolean> {
	try {
		await unlink(path);
		return true;
	} catch {
		// Gone, or not ours to delete: the next one is tried.
		return false;
	}
}
