import {classifyError} from '../redis/parse/errors.ts';
import type {ScriptText} from '../redis/parse/script-text.ts';
import {selectedItem} from './lists/pane-lists.ts';
import {type ScriptItem, scriptItems} from './lists/script-list.ts';
import type {Snapshot} from './snapshot.ts';
import type {ConsoleState} from './store.ts';

/** By sha1; undefined: the server does not have the script any more. */
export type ScriptTexts = ReadonlyMap<string, ScriptText | undefined>;

const keptTexts = 20;

/** The oldest goes when there are many. A script's text never changes: its name is the sum of it. */
export function withScriptText(texts: ScriptTexts | undefined, sha: string, text: ScriptText | undefined): ScriptTexts {
	return new Map([...(texts ?? []), [sha, text] as const].slice(-keptTexts));
}

/** Words for where the text is missing; undefined where the server has no such command. */
export function scriptTextOf({scriptTexts: {data, refused}}: Snapshot, sha: string): ScriptText | string | undefined {
	if (data?.has(sha)) return data.get(sha) ?? 'the server does not have this script any more (SCRIPT FLUSH, or a restart)';
	if (!refused) return 'being asked for (SCRIPT SHOW)';
	return classifyError(refused.reason).kind === 'unknown-command' ? undefined : `not told: ${refused.reason}`;
}

/** Of the slow EVALSHA that is open in full. */
export function openedScriptSha(state: ConsoleState): string | undefined {
	const {overlay} = state.ui;
	if (overlay?.kind !== 'detail' || overlay.pane !== 'scripts') return undefined;
	const item = selectedItem<ScriptItem>(state, 'scripts', scriptItems(state));
	return item?.kind === 'entry' || item?.kind === 'large' ? item.entry.scriptSha : undefined;
}
