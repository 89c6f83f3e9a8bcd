import {isIP} from 'node:net';
import type {ConnectionOptions} from 'node:tls';
import type {RedisOptions} from 'ioredis';
import type {Endpoint, Target, TlsSettings} from './target.ts';

/** TLS settings in Node's words. SNI must be a name, never an address (RFC 6066). */
export function tlsOptions(tls: TlsSettings, endpoint: Endpoint): ConnectionOptions {
	const hostName = endpoint.kind === 'tcp' && isIP(endpoint.host) === 0 ? endpoint.host : undefined;
	const servername = tls.servername ?? hostName;
	return {
		rejectUnauthorized: tls.rejectUnauthorized,
		...(servername === undefined ? {} : {servername}),
		...(tls.ca === undefined ? {} : {ca: [...tls.ca]}),
		...(tls.cert === undefined ? {} : {cert: tls.cert}),
		...(tls.key === undefined ? {} : {key: tls.key}),
	};
}

/**
 * ioredis as a bare transport: one socket, no handshake of its own, no queue, no repeat, no reconnection. In BUSY its
 * INFO, SELECT and SETNAME are refused and it never becomes ready (facts A4), so all of that is ours.
 */
export function socketOptions(target: Target): RedisOptions & {readonly replyMapping: 'legacy'} {
	const {endpoint} = target;
	return {
		...(endpoint.kind === 'unix' ? {path: endpoint.path} : {host: endpoint.host, port: endpoint.port, family: 0}),
		...(target.tls ? {tls: tlsOptions(target.tls, endpoint)} : {}),
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
		connectTimeout: 2000,
		disconnectTimeout: 200,
		keepAlive: 5000,
	};
}
