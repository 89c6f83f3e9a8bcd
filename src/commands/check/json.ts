import type {Report} from './report.ts';

/** What JSON allows in a string and a terminal may take for an order, or for nothing: C1 controls, bidi and zero-width characters. */
const unsafe = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** The report as one line of JSON. */
export function toJson({unavailable, ...report}: Report): string {
	const whole = {...report, unavailable: unavailable.map(({command, reason}) => ({command, reason}))};
	return `${JSON.stringify(whole).replace(unsafe, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
