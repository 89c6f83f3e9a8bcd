import {UsageError} from '../errors.ts';
import {parseRedisUrl, type UrlParts} from '../redis/target.ts';

/** What a URL says, or what is wrong with it in the words of the flags' parser, which quotes nothing of it. */
export function readRedisUrl(url: string): {readonly parts: UrlParts; readonly fault?: never} | {readonly parts?: never; readonly fault: string} {
	try {
		return {parts: parseRedisUrl(url, '')};
	} catch (error) {
		if (error instanceof UsageError) return {fault: error.message.replace(/^: /, '')};
		throw error;
	}
}
