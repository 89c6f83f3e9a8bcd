import {subjectParts, worseSign} from '../../store/timeline.ts';
import {ownWords} from './own-words.ts';
import type {TextRule} from './text-rules.ts';

/** The same for the same text; nobody can tell the text from it. */
export type Hash = (text: string) => string;

/** What stands for a text in a redacted recording. What the screen takes apart (colons, ports, numbers behind names) stays in its place. */
export function redactText(rule: TextRule, text: string, hash: Hash): string {
	if (text === '' || text === '***') return text;
	switch (rule) {
		case 'keep':
			return text;
		case 'name':
			return nameOf(text, hash);
		case 'address':
			return addressOf(text, hash);
		case 'key':
			return keyOf(text, hash);
		case 'shape':
			return shapeOf(text, hash);
		case 'id':
			return idOf(text, hash);
		case 'words':
			return wordsOf(text, hash);
		case 'host':
		case 'whole':
			return hash(text);
	}
}

/** `memory.no-limit@10.0.0.7:6379!P0`: the server's address is hashed as it is everywhere, and what the timeline has behind it stays. */
function idOf(text: string, hash: Hash): string {
	const [id, worse] = subjectParts(text);
	const [name = '', ...rest] = id.split('@');
	const parts = [wordsOf(name, hash), ...rest.map(part => (ofSeveral.has(part) ? part : addressOf(part, hash)))];
	return `${parts.join('@')}${worse === undefined ? '' : `${worseSign}${worse}`}`;
}

/** In the place of an address: it is about several servers. */
const ofSeveral: ReadonlySet<string> = new Set(['group', 'nodes']);

/** A command: its own name stays, if it looks like one. */
export function redactArguments([command = '', ...args]: readonly string[], hash: Hash): readonly string[] {
	const shown = /^[a-z][a-z0-9_.|-]{0,30}$/i.test(command) ? command : redactText('whole', command, hash);
	return [shown, ...args.map(arg => redactText('key', arg, hash))];
}

/** `worker-7` keeps its number, for the groups of clients that are told by it; a console's name keeps what tells that it is one. */
function nameOf(text: string, hash: Hash): string {
	if (text === 'default') return text;
	const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
	if (host !== undefined) return `${hash(host)}:${port}`;
	const [, prefix = '', rest = '', role = ''] = /^(redis-triage:)?(.*?)(:(?:observe|act))?$/s.exec(text) ?? [];
	return prefix + rest.replace(/[^:@]+/g, part => numbered(part, hash)) + role;
}

function numbered(part: string, hash: Hash): string {
	const [, stem = '', digits = ''] = /^(.*?)(\d{0,9})$/s.exec(part) ?? [];
	return stem === '' ? digits : `${hash(stem)}${digits === '' ? '' : `-${digits}`}`;
}

function addressOf(text: string, hash: Hash): string {
	const [, host = text, port] = /^(.*):(\d{1,5})$/s.exec(text) ?? [];
	return `${host === '?' || host === '' ? host : hash(host)}${port === undefined ? '' : `:${port}`}`;
}

const keyOf = (text: string, hash: Hash): string => text.replace(/[^:*{}]+/g, hash);

function shapeOf(text: string, hash: Hash): string {
	const [command = '', ...rest] = text.split(' ');
	return redactArguments([command, ...rest], hash).join(' ');
}

/** A word, with what may stand in one: everything but blanks, quotes, brackets and the like. */
const token = /[^\s,;()'"`=!?<>[\]]+/g;

const wordsOf = (text: string, hash: Hash): string => text.replace(token, word => wordOf(word, hash));

function wordOf(whole: string, hash: Hash): string {
	const [, word = '', end = ''] = /^(.*?)([.:…]*)$/s.exec(whole) ?? [];
	// Before it is taken for a word of the program: an address after the sign has no letters in it.
	const [left = '', ...right] = word.split('@');
	if (right.length > 0) return [left, ...right].map(part => (isHostAndPort.test(part) ? addressOf(part, hash) : wordOf(part, hash))).join('@') + end;
	if (word === '' || (isOwn(word) && !isKey(word))) return whole;
	return (isKey(word) ? keyOf(word, hash) : word.includes(':') ? addressOf(word, hash) : looseName(word, hash)) + end;
}

/** Parts with colons between them that are no time of day: a key, whatever words it is made of; or a host, with its port. */
const isKey = (word: string): boolean => isIp6.test(word) || (word.includes(':') && !/^\d{1,2}(?::\d{2}){1,2}Z?$/.test(word) && !isIp.test(word));

const isHostAndPort = /^[^:]+:\d{1,5}$/;
const isIp = /^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?$/;
/** Not a time of day. */
const isIp6 = /::|^(?:[\da-f]{1,4}:){4}/i;

/** Numbers with their units and the program's own words. */
const isOwn = (word: string): boolean =>
	!isIp.test(word) && !isIp6.test(word) && !/[^\x20-\x7e·±×→µ–—]/.test(word) && (word.match(/[A-Za-z]+/g) ?? []).every(run => ownWords.has(run.toLowerCase()));

const looseName = (word: string, hash: Hash): string => (isIp.test(word) ? addressOf(word, hash) : nameOf(word, hash));
