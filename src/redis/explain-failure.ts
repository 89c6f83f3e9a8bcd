import {type ConnectFailure, firstLineFailure, hearFirstWords, speaksHttp, whatSpeaksThere} from './connect-failure.ts';
import {classifyError} from './parse/errors.ts';
import type {Target} from './target.ts';

/** A connection that ended without a word may have its reason in the first line that another one hears. */
export async function explainFailure(target: Target, failure: ConnectFailure, wasOpen: boolean): Promise<ConnectFailure> {
	if (failure.kind !== 'lost' && failure.kind !== 'refused') return failure;
	const words = await hearFirstWords(target, {timeoutMs: 1000, listenMs: 150});
	if (words.kind === 'failed' && words.failure.kind !== 'lost') return words.failure;
	const told = words.kind === 'said' ? firstLineFailure(words.line) : undefined;
	if (told) return told;
	return !wasOpen && !target.tls && target.endpoint.kind === 'tcp' ? unlikeRedis(target, failure) : failure;
}

/** What else may listen on a port that was taken for Redis without TLS. */
async function unlikeRedis(target: Target, failure: ConnectFailure): Promise<ConnectFailure> {
	const protocol = await whatSpeaksThere(target);
	if (protocol === 'tls') return {kind: 'tls', detail: 'the port speaks TLS: add --tls, or give a rediss:// URL'};
	const isHttp = protocol === 'http' || (failure.kind === 'refused' && (await speaksHttp(target)));
	return isHttp ? {kind: 'refused', detail: 'something that is not Redis answers there (HTTP)'} : failure;
}

/** What the server's refusal of the login means. */
export function greetingFailure(message: string): ConnectFailure {
	const {kind} = classifyError(message);
	if (kind === 'noauth' || kind === 'wrongpass' || kind === 'maxclients' || kind === 'denied') return {kind, detail: message};
	return {kind: 'refused', detail: message};
}
