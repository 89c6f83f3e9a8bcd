import {toNumber} from './number.ts';

/** An INFO reply as the server wrote it: every field survives, also those this program has never heard of. */
export type Info = {
	/** Value by field name, in the order of the reply. A line such as `slave0:ip=…,port=…` is one field: see `subFields`. */
	readonly fields: ReadonlyMap<string, string>;
	/** Names of the sections (`# Keyspace`) present: tells "nothing there" from "not told". */
	readonly sections: ReadonlySet<string>;
};

/** Parse the reply of INFO, any sections. One pass; lines without a colon are no fields and are skipped. */
export function parseInfo(text: string): Info {
	const fields = new Map<string, string>();
	const sections = new Set<string>();
	let from = 0;
	while (from < text.length) {
		const newline = text.indexOf('\n', from);
		const next = newline === -1 ? text.length : newline;
		const line = text.slice(from, text.charCodeAt(next - 1) === carriageReturn ? next - 1 : next);
		from = next + 1;
		if (line.startsWith('#')) {
			sections.add(line.slice(1).trim());
			continue;
		}
		const colon = line.indexOf(':');
		if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
	}
	return {fields, sections};
}

const carriageReturn = 13;

/** A field as a figure; undefined when the server did not tell it or it is no finite number. */
export const infoNumber = (info: Info, name: string): number | undefined => toNumber(info.fields.get(name));

/** The parts of a composed value: `ip=10.0.0.2,port=6379,state=online` → ip, port, state. */
export function subFields(value: string): ReadonlyMap<string, string> {
	const parts = new Map<string, string>();
	for (const part of value.split(',')) {
		const equals = part.indexOf('=');
		if (equals > 0) parts.set(part.slice(0, equals), part.slice(equals + 1));
	}
	return parts;
}
