/*
 * Key names as bytes, one character each (U+0000 to U+00FF): a name need not be UTF-8, and one that is decoded and encoded again
 * would then be another key.
 */

/** For the screen: UTF-8 where it is that, else with its other bytes as redis-cli writes them (`\xac\xed`). */
export function keyText(key: string, maxBytes = 512): string {
	const bytes = key.length > maxBytes ? `${key.slice(0, maxBytes)}...` : key;
	if (!/[\u0080-\u00ff]/.test(bytes)) return bytes;
	const text = Buffer.from(bytes, 'latin1').toString('utf8');
	return text.includes('\ufffd') ? bytes.replace(/[\u0080-\u00ff]/g, byte => `\\x${byte.charCodeAt(0).toString(16)}`) : text;
}

/** The other way, for what a person has written. */
export const keyBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
