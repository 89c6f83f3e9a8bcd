import {knownScriptShas, shaPrefixLength} from './known-script-shas.ts';

const nameByPrefix = new Map<string, string>();
for (const [library, scripts] of Object.entries(knownScriptShas)) {
	for (const [name, prefixes] of Object.entries(scripts)) {
		for (const prefix of prefixes.trim().split(/\s+/)) nameByPrefix.set(prefix, `${library} ${name}`);
	}
}

/**
 * Whose script a SHA-1 (40 hex digits, of either case, as EVALSHA takes it) is: `BullMQ moveToFinished`, `BullMQ/Bull extendLock` where
 * both send the same text. Undefined for any other, so also for scripts of library versions that were not looked at.
 *
 * Twelve digits are compared: 48 bits make it one in 400,000 million that a foreign script bears a wrong name, and no two known ones
 * begin alike. A script made to bear one would mislead only the label, on which no action rests.
 */
export function knownScriptName(sha: string): string | undefined {
	return /^[0-9a-f]{40}$/i.test(sha) ? nameByPrefix.get(sha.slice(0, shaPrefixLength).toLowerCase()) : undefined;
}
