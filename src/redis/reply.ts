import type {Redis} from 'ioredis';
import {messageOf, NotSentError, ReplyLostError, ServerRefusedError} from '../errors.ts';
import {callInBytes} from './call-in-bytes.ts';

/** How texts of a reply are told: decoded, one character for each byte (U+0000 to U+00FF), or as they came, which for megabytes is a third of the time. */
export type Encoding = 'utf8' | 'bytes' | 'buffer';

type Ears = {
	/** Called with every answer, refusals included. */
	readonly heard: () => void;
	/** Of client.ts, which is loaded late. */
	readonly isRefusal: (error: unknown) => boolean;
};

/**
 * Send one command, once. Rejects with ServerRefusedError, with NotSentError, or with
 * ReplyLostError where the connection ended first.
 */
export async function replyTo(redis: Redis, [command = '', ...args]: readonly string[], encoding: Encoding, {heard, isRefusal}: Ears): Promise<unknown> {
	try {
		const reply = await call(redis, command, args, encoding);
		heard();
		return reply;
	} catch (error) {
		const message = messageOf(error);
		// ioredis' own errors carry the arguments, passwords included: only the text goes on.
		if (isRefusal(error)) {
			heard();
			throw new ServerRefusedError(message);
		}
		if (message.startsWith("Stream isn't writeable")) throw new NotSentError('the connection has just closed');
		throw new ReplyLostError(`the connection ended before the reply to ${command}`);
	}
}

function call(redis: Redis, command: string, args: readonly string[], encoding: Encoding): Promise<unknown> {
	if (encoding === 'bytes') return callInBytes(redis, command, args);
	return encoding === 'buffer' ? redis.callBuffer(command, ...args) : redis.call(command, ...args);
}

/** Error replies are answers; only what was not answered goes on as an error. */
export function toRefusal(error: unknown): ServerRefusedError {
	if (error instanceof ServerRefusedError) return error;
	throw error;
}
