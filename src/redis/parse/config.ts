import {toPairs, toText} from './reply.ts';

/** Settings by name from `CONFIG GET`: a flat array in RESP2, a map in RESP3. Settings the server does not know are simply not there. */
export function parseConfigGet(reply: unknown): ReadonlyMap<string, string> {
	const settings = new Map<string, string>();
	for (const [name, value] of toPairs(reply)) {
		const text = toText(value);
		if (text !== undefined) settings.set(name, text);
	}
	return settings;
}
