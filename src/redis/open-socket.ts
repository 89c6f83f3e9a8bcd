import {connect as connectTcp, isIP, type Socket} from 'node:net';
import {type ConnectionOptions, connect as connectTls} from 'node:tls';
import type {Endpoint, Target, TlsSettings} from './target.ts';

/** A socket on its way to the server. It emits `connect` when TCP stands and, with TLS, `secureConnect` when that stands too. */
export function openSocket({endpoint, tls}: Pick<Target, 'endpoint' | 'tls'>): Socket {
	const where = endpoint.kind === 'unix' ? {path: endpoint.path} : {host: endpoint.host, port: endpoint.port};
	return tls ? connectTls({...where, ...tlsOptions(tls, endpoint)}) : connectTcp(where);
}

/** TLS settings in Node's words. SNI must be a name, never an address (RFC 6066). */
function tlsOptions(tls: TlsSettings, endpoint: Endpoint): ConnectionOptions {
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
