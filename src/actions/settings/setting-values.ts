import {bytes, wholeNumber} from '../params.ts';
import {isRefusal, type Refusal} from '../types.ts';

type Parse = (text: string) => string | Refusal;

/** A whole number within bounds, as the server writes it. */
export const whole =
	(name: string, bounds: {readonly from: number; readonly to?: number}): Parse =>
	text => {
		const value = wholeNumber(name, text, bounds);
		return isRefusal(value) ? value : String(value);
	};

/** A memory size, in bytes. */
export const size =
	(name: string): Parse =>
	text => {
		const value = bytes(name, text);
		if (isRefusal(value)) return value;
		return Number.isSafeInteger(value) ? String(value) : {refused: `${name} must be below 8 PiB`};
	};

export const yesNo =
	(name: string): Parse =>
	text => {
		const word = text.trim().toLowerCase();
		return word === 'yes' || word === 'no' ? word : {refused: `${name} must be yes or no`};
	};

export const otherOf = (now: string): string => (now === 'yes' ? 'no' : 'yes');

const policies = ['noeviction', 'allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-lru', 'volatile-lfu', 'volatile-random', 'volatile-ttl'];
/** Newer servers have more of them; those refuse what they do not have in words of their own. */
const policy = /^(?:noeviction|volatile-ttl|(?:allkeys|volatile)-(?:lru|lfu|lrm|random))$/;

export const evictionPolicy: Parse = text => {
	const word = text.trim().toLowerCase();
	return policy.test(word) ? word : {refused: `maxmemory-policy must be one of ${policies.join(', ')}`};
};

/** `900 1 300 10`: seconds and changes in pairs; empty, or `""`: no snapshots by themselves. */
export const savePoints: Parse = text => {
	const trimmed = text.trim();
	if (trimmed === '' || trimmed === '""') return '';
	const words = trimmed
		.replace(/^"(.*)"$/, '$1')
		.trim()
		.split(/\s+/);
	const isRight = words.length % 2 === 0 && words.every((word, index) => /^\d{1,9}$/.test(word) && Number(word) >= (index % 2 === 0 ? 1 : 0));
	return isRight ? words.map(Number).join(' ') : {refused: 'save must be seconds and changes in pairs, as in 900 1 300 10, or empty for no snapshots'};
};
