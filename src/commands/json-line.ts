/** What JSON allows in a string and a terminal may take for an order, or for nothing: C1 controls, bidi and zero-width characters. */
const unsafe = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Sets as lists, maps as objects. */
const plain = (_key: string, value: unknown): unknown => (value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value);

/** The value as one line of JSON, with its line break; printing it to a terminal does no harm. */
export const jsonLine = (value: unknown): string =>
	`${JSON.stringify(value, plain).replace(unsafe, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
