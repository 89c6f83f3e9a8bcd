import {messageOf} from '../../errors.ts';
import {writeNewFiles} from '../../incident/new-files.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {notify} from '../../store/ui-commands.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import {cutMiddle} from '../../text/shorten.ts';
import {raiseLater} from './session.ts';

type PapersOptions = {
	readonly store: ConsoleStore;
	/** Its beginning is `~` in messages. */
	readonly homeFolder: string;
	readonly isAscii: boolean;
	readonly now: () => number;
};

/** What is written, under names made of this one and an ending each. */
export type Paper = {readonly what: string; readonly folder: string; readonly targetName: string; readonly contents: Readonly<Record<string, string>>};

/** New files that a key asks for; the screen says where they are, or why they could not be written. */
export class Papers {
	readonly #options: PapersOptions;
	#writing: Promise<unknown> = Promise.resolve();
	#underWay = 0;

	constructor(options: PapersOptions) {
		this.#options = options;
	}

	/** `make` resolves to what is to be written; undefined: nothing, and it has said why. Its errors other than those of the system are defects. */
	write(make: () => Promise<Paper | undefined>): void {
		this.#underWay++;
		const writing = this.#write(make).finally(() => {
			this.#underWay--;
		});
		writing.catch(raiseLater);
		this.#writing = Promise.allSettled([this.#writing, writing]);
	}

	/** One of them is being made or written. */
	get isWriting(): boolean {
		return this.#underWay > 0;
	}

	/** Resolves when all of them are on the disk. */
	async settle(): Promise<void> {
		await this.#writing;
	}

	async #write(make: () => Promise<Paper | undefined>): Promise<void> {
		const paper = await make();
		if (!paper) return;
		const {what, folder, targetName, contents} = paper;
		const [first = '', ...others] = Object.keys(contents);
		try {
			const name = await writeNewFiles(folder, baseName(targetName, this.#options.now()), contents);
			this.#say('Written: ', `${folder}/${name}${first}`, others.map(ending => ` and ${ending}`).join(''), 'good');
		} catch (error) {
			if (!(error instanceof Error && 'syscall' in error)) throw error;
			this.#say(`${what} not written: ${reasonOf(error)}: `, folder, '', 'bad');
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
