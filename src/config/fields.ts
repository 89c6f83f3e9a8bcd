import {z} from 'zod';
import {parseHost} from '../redis/target.ts';
import {parseHostAndPort} from './host-and-port.ts';
import {readRedisUrl} from './redis-url.ts';

/**
 * Building blocks of the schema. The messages are clauses that go behind the name of a key ("port" "must be …") and say what would be right;
 * zod's own would not, and some quote what is there.
 */
type Range = {readonly from: number; readonly to: number; readonly what?: string};

export function whole({from, to, what = 'a whole number'}: Range) {
	const message = `must be ${what} from ${from} to ${to}`;
	return z.int(message).min(from, message).max(to, message);
}

export function number({from, to, what = 'a number'}: Range) {
	const message = `must be ${what} from ${from} to ${to}`;
	return z.number(message).min(from, message).max(to, message);
}

/** One line of text, by default whatever can be printed. */
export function text(what: string, pattern = /^[^\p{C}]{1,1000}$/u) {
	const error = `must be ${what}`;
	return z.string(error).regex(pattern, {error, abort: true});
}

export const yesNo = () => z.boolean('must be true or false');

export function oneOf<const T extends readonly string[]>(words: T) {
	return z.enum(words, `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`);
}

/** A list with something in it; `what` is in the plural. */
export function listOf<T extends z.ZodType>(item: T, what: string) {
	return z.array(item, `must be a list of ${what}`).min(1, `must be a list of ${what}, with one at least`);
}

/** The message about an unknown key is the keys that are known, separated by blanks. */
export function map<T extends z.ZodRawShape>(shape: T) {
	const keys = Object.keys(shape);
	return z.strictObject(shape, {error: ({code}) => (code === 'unrecognized_keys' ? keys.join(' ') : mapMessage(keys))});
}

const mapMessage = (keys: readonly string[]): string =>
	keys.length === 1 ? `must be a map with the key ${keys[0]}` : `must be a map; its keys are ${keys.join(', ')}`;

/** A map from names, which the user thinks up, to `value`. */
export function named<T extends z.ZodType>(value: T) {
	return z.record(z.string().regex(namePattern, nameMessage), value, {error: 'must be a map from names to servers'});
}

const namePattern = /^[A-Za-z0-9][\w.-]{0,63}$/;
const nameMessage = 'must be a name of letters, digits, dots, dashes and underscores, at most 64';

export const name = () => z.string(nameMessage).regex(namePattern, nameMessage);

/** As it stands; it may hold a password. */
export function redisUrl() {
	return text('a URL, as in redis://10.0.3.7:6379/0').superRefine((url, {addIssue}) => {
		const {fault} = readRedisUrl(url);
		if (fault !== undefined) addIssue({code: 'custom', message: fault});
	});
}

export function host() {
	const message = 'must be a host name or an address alone, without port';
	return z.string(message).refine(typed => parseHost(typed) !== undefined, message);
}

/** `host`, `host:port` or `[::1]:port`. */
export function hostAndPort() {
	const message = 'must be a host with its port, as in 10.0.3.1:26379';
	return z.string(message).refine(typed => parseHostAndPort(typed) !== undefined, message);
}

/** An address for an HTTP request. */
export function httpUrl() {
	const message = 'must be a URL, as in https://shop.example.com/health';
	return z
		.string(message)
		.refine(isHttpUrl, message)
		.refine(url => !isHttpUrl(url) || new URL(url).username + new URL(url).password === '', 'must be a URL without user and password');
}

const isHttpUrl = (url: string): boolean => /^https?:\/\/[^\s\p{C}]+$/u.test(url) && URL.canParse(url);
