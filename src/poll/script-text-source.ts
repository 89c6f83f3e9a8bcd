import {ServerRefusedError} from '../errors.ts';
import {classifyError} from '../redis/parse/errors.ts';
import {parseScriptText, type ScriptText} from '../redis/parse/script-text.ts';
import {received} from '../store/resource.ts';
import {openedScriptSha, withScriptText} from '../store/script-texts.ts';
import {isAnswering} from './is-answering.ts';
import type {Source} from './sources.ts';

/** Valkey tells the text of a script by its sha1. Redis has no such command: it says so once, and is not asked again on this connection. */
export const scriptTexts: Source = {
	name: 'scriptTexts',
	everyMs: () => 500,
	isWanted(state) {
		const sha = openedScriptSha(state);
		return sha !== undefined && state.snapshot.scriptTexts.data?.has(sha) !== true && isAnswering(state);
	},
	async read(ask, state) {
		const sha = openedScriptSha(state) ?? '';
		const text = await ask(['SCRIPT', 'SHOW', sha]).then(parseScriptText, noScript);
		return (snapshot, atMs) => ({...snapshot, scriptTexts: received(withScriptText(snapshot.scriptTexts.data, sha, text), atMs)});
	},
};

/** SCRIPT FLUSH and a restart throw scripts away; that is an answer. */
function noScript(error: unknown): ScriptText | undefined {
	if (error instanceof ServerRefusedError && classifyError(error.message).kind === 'noscript') return undefined;
	throw error;
}
