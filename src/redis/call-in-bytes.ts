import type {Redis} from 'ioredis';

/** Names in Redis are bytes, not always text. Here every character of arguments and replies is one byte (U+0000 to U+00FF), both ways. */
export async function callInBytes(redis: Redis, command: string, args: readonly string[]): Promise<unknown> {
	return toByteText(await redis.callBuffer(command, ...args.map(arg => Buffer.from(arg, 'latin1'))));
}

function toByteText(reply: unknown): unknown {
	if (Buffer.isBuffer(reply)) return reply.toString('latin1');
	return Array.isArray(reply) ? reply.map(toByteText) : reply;
}
