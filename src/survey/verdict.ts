import {classifyError} from '../redis/parse/errors.ts';

/**
 * What an error reply means for a survey. `refused`: not as this user, or not on this server; `hidden`: this key is not for this user;
 * `unwell`: the server is in a state in which nothing should be asked of it; `other`: this one command failed.
 */
export type Verdict = {readonly kind: 'refused' | 'hidden' | 'unwell' | 'other'; readonly reason: string};

/** Undefined for a reply that is no error. */
export function verdictOf(reply: unknown): Verdict | undefined {
	if (!(reply instanceof Error)) return undefined;
	const error = classifyError(reply.message);
	switch (error.kind) {
		case 'noperm':
			return {kind: error.what === 'key' ? 'hidden' : 'refused', reason: reply.message};
		case 'unknown-command':
			return {kind: 'refused', reason: reply.message};
		case 'busy':
		case 'loading':
		case 'masterdown':
		case 'noauth':
		case 'clusterdown':
			return {kind: 'unwell', reason: reply.message};
		default:
			return {kind: 'other', reason: reply.message};
	}
}
