import {type ConsoleState, targetText} from '../../store/store.ts';
import type {Papers} from './papers.ts';
import {snapshotJson} from './snapshot-content.ts';

type SnapshotOptions = {
	readonly papers: Papers;
	/** The state that is on the screen, which may be a moment behind. */
	readonly shown: () => ConsoleState;
	/** The screen as plain text. */
	readonly screenText: () => string;
	readonly folder: string;
	readonly now: () => number;
};

/** `w`: what the screen shows, as two files. Nothing is asked of the server for it, so that it works in every state. */
export function takeSnapshot({papers, shown, screenText, folder, now}: SnapshotOptions): void {
	papers.write(async () => {
		// What the key itself has changed on the screen, as out of the palette, is drawn by then.
		await new Promise(resolve => setImmediate(resolve));
		const state = shown();
		const contents = {'.json': snapshotJson(state, targetText(state.session.target), now()), '.txt': screenText()};
		return {what: 'Snapshot', folder, targetName: state.session.target.name, contents};
	});
}
