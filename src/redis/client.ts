import type {Socket} from 'node:net';
import {AbstractConnector, Command, Redis, type RedisOptions, ReplyError} from 'ioredis';
import type {MakeCommand} from './reply.ts';

/** Ours is what comes before and after: a socket that stands goes in, an ioredis comes out that has still to be told to connect. */
export const clientOn = (socket: Socket): Redis => new Redis(optionsFor(socket));

/** A command that is sent by itself, with texts as its replies. */
export const makeCommand: MakeCommand = (name, args) => new Command(name, args, {replyEncoding: 'utf8'});

/** The server answered, with an error. */
export const isRefusal = (error: unknown): boolean => error instanceof ReplyError;

/**
 * ioredis as a bare transport: it is handed a socket that stands, and does no handshake of its own, no queue, no repeat, no
 * reconnection. In BUSY its INFO, SELECT and SETNAME are refused and it never becomes ready (facts A4), so all of that is ours.
 */
function optionsFor(socket: Socket): RedisOptions & {readonly replyMapping: 'legacy'} {
	return {
		Connector: connectorOf(socket),
		protocol: 2,
		replyMapping: 'legacy',
		lazyConnect: true,
		enableReadyCheck: false,
		disableClientInfo: true,
		enableOfflineQueue: false,
		autoResendUnfulfilledCommands: false,
		autoResubscribe: false,
		maxRetriesPerRequest: 0,
		retryStrategy: () => null,
		keepAlive: 5000,
	};
}

const disconnectTimeoutMs = 200;

const connectorOf = (socket: Socket) =>
	class extends AbstractConnector {
		constructor() {
			super(disconnectTimeoutMs);
		}

		connect(): Promise<Socket> {
			this.stream = socket;
			return Promise.resolve(socket);
		}
	};
