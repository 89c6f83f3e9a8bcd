import {type FileHandle, open, stat} from 'node:fs/promises';

/** A file that only grows, by whole records. For its owner only. Everything here waits for the disk, and nothing blocks. */
export class OutputFile {
	readonly path: string;
	readonly #handle: FileHandle;
	#size = 0;

	private constructor(path: string, handle: FileHandle) {
		this.path = path;
		this.#handle = handle;
	}

	/** Rejects where there is such a file already. */
	static async create(path: string): Promise<OutputFile> {
		return new OutputFile(path, await open(path, 'wx', 0o600));
	}

	get size(): number {
		return this.#size;
	}

	/** All of it, or a rejection: then some of it may be there, until `cutBack`. */
	async append(bytes: Buffer): Promise<void> {
		for (let done = 0; done < bytes.length; ) {
			const {bytesWritten} = await this.#handle.write(bytes, done, bytes.length - done, this.#size + done);
			done += bytesWritten;
		}
		this.#size += bytes.length;
	}

	/** To the end of what was appended whole. */
	async cutBack(): Promise<void> {
		await this.#handle.truncate(this.#size);
	}

	/** Nobody has deleted it, or put another one in its place. */
	async isInPlace(): Promise<boolean> {
		const own = await this.#handle.stat();
		try {
			const found = await stat(this.path);
			return found.ino === own.ino && found.dev === own.dev;
		} catch {
			return false;
		}
	}

	async close(): Promise<void> {
		await this.#handle.close();
	}
}
