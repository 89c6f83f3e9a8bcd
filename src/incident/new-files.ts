import {type FileHandle, mkdir, open, rm} from 'node:fs/promises';

/**
 * Write files that differ only in their ending, under a name that none of them has yet: `base`, else `base-2`, `base-3` … They are for their owner
 * only, and no file that is there is touched, also when two consoles write at once. Resolves to the name that was free. Rejects with the system's
 * error when one cannot be written; nothing of them is left then.
 */
export async function writeNewFiles(folder: string, base: string, contents: Readonly<Record<string, string>>): Promise<string> {
	await mkdir(folder, {recursive: true, mode: 0o700});
	for (let number = 1; ; number++) {
		const name = number === 1 ? base : `${base}-${number}`;
		if (await writeAll(`${folder}/${name}`, Object.entries(contents))) return name;
	}
}

/** False: one of the names is taken. */
async function writeAll(path: string, contents: readonly (readonly [ending: string, text: string])[]): Promise<boolean> {
	const opened: {readonly file: string; readonly handle: FileHandle; readonly text: string}[] = [];
	try {
		for (const [ending, text] of contents) {
			const file = `${path}${ending}`;
			opened.push({file, handle: await open(file, 'wx', 0o600), text});
		}
		for (const {handle, text} of opened) await handle.writeFile(text);
		for (const {handle} of opened) await handle.close();
		return true;
	} catch (error) {
		await Promise.all(opened.map(({handle}) => handle.close()));
		await Promise.all(opened.map(({file}) => rm(file, {force: true})));
		if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
		throw error;
	}
}
