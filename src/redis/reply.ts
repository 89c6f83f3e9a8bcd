import type {Socket} from 'node:net';
import type {Command, Redis} from 'ioredis';
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
		throw failureOf(error, command, {heard, isRefusal});
	}
}

function failureOf(error: unknown, command: string, {heard, isRefusal}: Ears): Error {
	const message = messageOf(error);
	// ioredis' own errors carry the arguments, passwords included: only the text goes on.
	if (isRefusal(error)) {
		heard();
		return new ServerRefusedError(message);
	}
	if (message.startsWith("Stream isn't writeable")) return new NotSentError('the connection has just closed');
	return new ReplyLostError(`the connection ended before the reply to ${command}`);
}

/** ioredis' own command: its class comes with ioredis, which is loaded late. */
export type MakeCommand = (name: string, args: string[]) => Command;

/**
 * Send plain commands in one piece, each once, and wait for all replies: texts, and error replies as a ServerRefusedError in their place. Rejects as `replyTo` does
 * with the first that has no answer. A look at many queues is thousands of commands, so nothing is made here for each that could be made once.
 */
export function repliesTo(redis: Redis, argvs: readonly (readonly string[])[], makeCommand: MakeCommand, ears: Ears): Promise<readonly unknown[]> {
	return new Promise((resolve, reject) => {
		const replies = new Array<unknown>(argvs.length);
		const pieces: string[] = [];
		const writer = {write: (piece: string) => pieces.push(piece)} as unknown as Socket;
		let owed = argvs.length;
		const take = (index: number, reply: unknown) => {
			replies[index] = reply;
			owed -= 1;
			if (owed === 0) resolve(replies);
		};
		for (const [index, [name = '', ...args]] of argvs.entries()) {
			const onReply = (reply: unknown) => {
				ears.heard();
				take(index, reply);
			};
			const onFailure = (error: unknown) => {
				const failure = failureOf(error, name, ears);
				if (failure instanceof ServerRefusedError) take(index, failure);
				else reject(failure);
			};
			const command = makeCommand(name, args);
			command.promise.then(onReply, onFailure);
			void redis.sendCommand(command, writer);
		}
		if (owed === 0) resolve(replies);
		else if (pieces.length > 0) redis.stream.write(pieces.join(''));
	});
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
