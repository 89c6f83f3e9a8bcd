import {connect as connectTcp, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import {tlsOptions} from './socket-options.ts';
import type {Target} from './target.ts';

/** Why no usable connection could be had. `kind` decides the state badge, `detail` is shown to the operator. */
export type ConnectFailure = {
	readonly kind: 'down' | 'unreachable' | 'tls' | 'maxclients' | 'denied' | 'noauth' | 'wrongpass' | 'refused' | 'lost';
	readonly detail: string;
};

const downDetails: Record<string, string> = {
	ECONNREFUSED: 'connection refused: nothing listens there',
	ENOENT: 'there is no such socket',
};

const networkDetails: Record<string, string> = {
	ENOTFOUND: 'the host name does not resolve',
	EAI_AGAIN: 'the host name does not resolve',
	EACCES: 'no permission to open the socket',
	ETIMEDOUT: 'no TCP connection: no answer',
	EHOSTUNREACH: 'no TCP connection: no route to the host',
	ENETUNREACH: 'no TCP connection: no route to the network',
	EHOSTDOWN: 'no TCP connection: the host is down',
	ENETDOWN: 'no TCP connection: the network is down',
	EADDRNOTAVAIL: 'no TCP connection: no local address is free',
};

/** The words of a socket's own error, before Redis has said anything. */
export function socketFailure(error: unknown): ConnectFailure {
	const {code = '', message} = error instanceof Error ? (error as NodeJS.ErrnoException) : {message: String(error)};
	const down = downDetails[code];
	if (down !== undefined) return {kind: 'down', detail: down};
	const network = networkDetails[code];
	if (network !== undefined) return {kind: 'unreachable', detail: `${network} (${code})`};
	if (/^(EPROTO|ERR_TLS|ERR_SSL)|CERT|certificate|self.signed/i.test(`${code} ${message}`)) {
		return {kind: 'tls', detail: `TLS handshake failed: ${tlsDetail(code, message)}`};
	}
	return {kind: 'lost', detail: message === '' ? code : message};
}

function tlsDetail(code: string, message: string): string {
	if (/wrong version number|packet length too long/i.test(message)) return 'the port does not speak TLS';
	const alert = /alert ([a-z ]+):/i.exec(message)?.[1];
	if (alert !== undefined) return `the server refused it (${alert.trim()})`;
	return code === '' || code === 'EPROTO' ? message : `${message} (${code})`;
}

/** What a Redis that closes at once has to say for itself; undefined when the line is no error. */
export function firstLineFailure(line: string): ConnectFailure | undefined {
	if (!line.startsWith('-')) return undefined;
	const detail = line.slice(1);
	if (detail.startsWith('ERR max number of clients')) return {kind: 'maxclients', detail};
	return {kind: detail.startsWith('DENIED') ? 'denied' : 'refused', detail};
}

/** `accepts`: TCP (and TLS) came up and the server said nothing within the time, as a healthy one does until it is asked. */
export type FirstWords =
	| {readonly kind: 'said'; readonly line: string}
	| {readonly kind: 'accepts'}
	| {readonly kind: 'closed'}
	| {readonly kind: 'failed'; readonly failure: ConnectFailure};

/**
 * Connect without speaking, listen briefly, close. A full server writes its one line and closes before it has read
 * anything, and a client library then often reports only EPIPE (facts B); a frozen process still accepts TCP.
 */
export function hearFirstWords(target: Target, {timeoutMs, listenMs}: {readonly timeoutMs: number; readonly listenMs: number}): Promise<FirstWords> {
	return new Promise(resolve => {
		const socket = openSocket(target);
		let heard = '';
		const finish = (words: FirstWords) => {
			clearTimeout(patience);
			socket.destroy();
			resolve(words);
		};
		const timedOut = {kind: 'failed', failure: {kind: 'unreachable', detail: `${networkDetails.ETIMEDOUT} in ${timeoutMs} ms`}} as const;
		let patience = setTimeout(() => finish(timedOut), timeoutMs);
		socket.once(target.tls ? 'secureConnect' : 'connect', () => {
			clearTimeout(patience);
			patience = setTimeout(() => finish({kind: 'accepts'}), listenMs);
		});
		socket.on('data', (chunk: Buffer) => {
			heard += chunk.toString('latin1');
			const end = heard.indexOf('\r\n');
			if (end >= 0) finish({kind: 'said', line: heard.slice(0, end)});
		});
		socket.on('error', error => finish({kind: 'failed', failure: socketFailure(error)}));
		socket.once('close', () => finish({kind: 'closed'}));
	});
}

function openSocket(target: Target): Socket {
	const {endpoint} = target;
	const where = endpoint.kind === 'unix' ? {path: endpoint.path} : {host: endpoint.host, port: endpoint.port};
	return target.tls ? connectTls({...where, ...tlsOptions(target.tls, endpoint)}) : connectTcp(where);
}
