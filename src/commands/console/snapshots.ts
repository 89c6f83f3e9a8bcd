import {messageOf} from '../../errors.ts';
import {writeNewFiles} from '../../incident/new-files.ts';
import type {ConsoleState, ConsoleStore} from '../../store/store.ts';
import {notify} from '../../store/ui-commands.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import {cutMiddle} from '../../text/shorten.ts';
import {raiseLater} from './session.ts';
import {snapshotJson} from './snapshot-content.ts';

type SnapshotsOptions = {
	readonly store: ConsoleStore;
	/** The state that is on the screen, which may be a moment behind. */
	readonly shown: () => ConsoleState;
	/** The screen as plain text. */
	readonly screenText: () => string;
	/** Name and address of the server, as in the audit log. */
	readonly auditTarget: () => string;
	readonly folder: string;
	/** Its beginning is `~` in messages. */
	readonly homeFolder: string;
	readonly isAscii: boolean;
	readonly now: () => number;
};

/** `w`: what the screen shows, as two files. Nothing is asked of the server for it, so that it works in every state. */
export class Snapshots {
	readonly #options: SnapshotsOptions;
	#writing: Promise<unknown> = Promise.resolve();

	constructor(options: SnapshotsOptions) {
		this.#options = options;
	}

	/** Write one, and say where it is, or why it could not be. */
	take(): void {
		const writing = this.#write();
		writing.catch(raiseLater);
		this.#writing = Promise.allSettled([this.#writing, writing]);
	}

	/** Resolves when all of them are on the disk. */
	async settle(): Promise<void> {
		await this.#writing;
	}

	async #write(): Promise<void> {
		const {shown, screenText, auditTarget, folder, now} = this.#options;
		// What the key itself has changed on the screen, as out of the palette, is drawn by then.
		await new Promise(resolve => setImmediate(resolve));
		const state = shown();
		const nowMs = now();
		const contents = {'.json': snapshotJson(state, auditTarget(), nowMs), '.txt': screenText()};
		try {
			const name = await writeNewFiles(folder, baseName(state.session.target.name, nowMs), contents);
			this.#say('Written: ', `${folder}/${name}.json`, ' and .txt', 'good');
		} catch (error) {
			if (!(error instanceof Error && 'syscall' in error)) throw error;
			this.#say(`Snapshot not written: ${reasonOf(error)}: `, folder, '', 'bad');
		}
	}

	/** In one row, the path shortened in its middle where it is too long. */
	#say(before: string, path: string, after: string, tone: 'good' | 'bad'): void {
		const {store, homeFolder, isAscii} = this.#options;
		const shortPath = path.startsWith(`${homeFolder}/`) ? `~${path.slice(homeFolder.length)}` : path;
		const room = store.getState().ui.size.columns - before.length - after.length - 2;
		notify(store, `${before}${cutMiddle(shortPath, room, glyphsFor(isAscii).ellipsis)}${after}`, tone);
	}
}

/** `2026-11-29T03-14-15Z-prod-cache`: sorts by time, and no sign in it is special to a shell or a file system. */
export function baseName(targetName: string, atMs: number): string {
	const at = new Date(atMs).toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
	const name = targetName.replace(/[^\w.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '');
	return `${at}-${name.slice(0, 60) || 'redis'}`;
}

/** `ENOSPC: no space left on device`, without the system call and its path. */
const reasonOf = (error: Error): string => messageOf(error).split(',', 1)[0] ?? '';
