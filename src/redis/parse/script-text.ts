import {toText} from './reply.ts';

/** The text of a script, cut where it is very long. */
export type ScriptText = {readonly text: string; readonly omittedCharacters: number};

/** Some libraries send 50 KB of Lua: more than anybody reads on a terminal, and to be kept for several scripts. */
const longestText = 16_000;

/** Parse the reply of SCRIPT SHOW (Valkey 8 and newer); undefined for what is no text. */
export function parseScriptText(reply: unknown): ScriptText | undefined {
	const text = toText(reply);
	return text === undefined ? undefined : {text: text.slice(0, longestText), omittedCharacters: Math.max(0, text.length - longestText)};
}
