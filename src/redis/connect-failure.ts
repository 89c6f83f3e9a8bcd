import {openSocket} from './open-socket.ts';
import type {Target} from './target.ts';

/** Why no usable connection could be had. `kind` decides the state badge, `detail` is shown to the operator. */
export type ConnectFailure = {
	readonly kind: 'down' | 'unresolved' | 'unreachable' | 'tls' | 'maxclients' | 'denied' | 'noauth' | 'wrongpass' | 'refused' | 'lost';
	readonly detail: string;
};

const downDetails: Record<string, string> = {
	ECONNREFUSED: 'connection refused: nothing listens there',
	ENOENT: 'there is no such socket',
};

const unresolved = 'the host name does not resolve';

const networkDetails: Record<string, string> = {
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
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return {kind: 'unresolved', detail: `${unresolved} (${code})`};
	if (network !== undefined) return {kind: 'unreachable', detail: `${network} (${code})`};
	if (/^(EPROTO|ERR_TLS|ERR_SSL)|CERT|certificate|self.signed/i.test(`${code} ${message}`)) {
		return {kind: 'tls', detail: `TLS handshake failed: ${tlsDetail(code, message)}`};
	}
	// ioredis' parser gives up with these words.
	if (/Unknown RESP type|Protocol error/i.test(message)) return {kind: 'refused', detail: 'what answers there does not speak the Redis protocol'};
	return {kind: 'lost', detail: message === '' ? code : message};
}

export const noAnswerIn = (ms: number): ConnectFailure => ({kind: 'unreachable', detail: `${networkDetails.ETIMEDOUT} in ${ms} ms`});

/** The name server is slow, or not there. */
export const unresolvedIn = (ms: number): ConnectFailure => ({kind: 'unresolved', detail: `${unresolved} in ${ms} ms`});

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

/** `accepts`: TCP came up and the server said nothing within the time: as a healthy one does until it is asked, or as a frozen one owes the TLS handshake. */
export type FirstWords =
	| {readonly kind: 'said'; readonly line: string}
	| {readonly kind: 'accepts'}
	| {readonly kind: 'closed'}
	| {readonly kind: 'failed'; readonly failure: ConnectFailure};

type Hearing = {readonly timeoutMs: number; readonly listenMs: number /** Sent as soon as the connection stands. */; readonly say?: string};

/**
 * Connect without speaking, listen briefly, close. A full server writes its one line and closes before it has read
 * anything, and a client library then often reports only EPIPE (facts B); a frozen process still accepts TCP.
 */
export function hearFirstWords(target: Pick<Target, 'endpoint' | 'tls'>, {timeoutMs, listenMs, say}: Hearing): Promise<FirstWords> {
	return new Promise(resolve => {
		const socket = openSocket(target);
		let heard = '';
		let hasTcp = false;
		const finish = (words: FirstWords) => {
			clearTimeout(patience);
			socket.destroy();
			resolve(words);
		};
		let patience = setTimeout(() => finish(hasTcp ? {kind: 'accepts'} : {kind: 'failed', failure: noAnswerIn(timeoutMs)}), timeoutMs);
		socket.once('connect', () => {
			hasTcp = true;
		});
		socket.once(target.tls ? 'secureConnect' : 'connect', () => {
			clearTimeout(patience);
			patience = setTimeout(() => finish({kind: 'accepts'}), listenMs);
			if (say !== undefined) socket.write(say);
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

/** Does Redis answer there without TLS? Asked with a PING, for a server that waits for a line keeps a TLS greeting waiting too. */
export async function speaksPlain({endpoint}: Target): Promise<boolean> {
	const words = await hearFirstWords({endpoint, tls: undefined}, {timeoutMs: 1000, listenMs: 500, say: 'PING\r\n'});
	return words.kind === 'said' && /^[+-]/.test(words.line);
}

/**
 * The shortest ClientHello (TLS 1.2, six ciphers, no extensions): whoever speaks TLS answers with a record, be it a refusal. The 32 bytes of
 * chance are zeros, as no handshake is ever finished.
 */
const clientHello = Buffer.from(`1603010037010000330303${'00'.repeat(32)}00000cc02bc02fc02cc030009c002f0100`, 'hex');

/** More than `<!doctype html`. */
const pageStartBytes = 20;

/** What answers a TLS greeting there: TLS itself, an HTTP server that complains, or nothing that we know. */
export function whatSpeaksThere({endpoint}: Target): Promise<'tls' | 'http' | undefined> {
	return new Promise(resolve => {
		const socket = openSocket({endpoint, tls: undefined});
		let heard = Buffer.alloc(0);
		const finish = () => {
			clearTimeout(patience);
			socket.destroy();
			resolve(protocolOf(heard));
		};
		const patience = setTimeout(finish, 1000);
		socket.once('connect', () => socket.write(clientHello));
		socket.on('data', (chunk: Buffer) => {
			heard = Buffer.concat([heard, chunk]);
			if (heard.length >= pageStartBytes || protocolOf(heard) !== undefined) finish();
		});
		socket.on('error', finish);
		socket.once('close', finish);
	});
}

/** A TLS record begins with its type, an alert (0x15) or a handshake (0x16), and the major version 3. */
function protocolOf(heard: Buffer): 'tls' | 'http' | undefined {
	if ((heard[0] === 0x15 || heard[0] === 0x16) && heard[1] === 0x03) return 'tls';
	return isHttp(heard.toString('latin1')) ? 'http' : undefined;
}

/** To what is no request some answer with the page alone, without the line of the status. */
const isHttp = (heard: string): boolean => /^(HTTP\/|<!doctype html|<html)/i.test(heard);

/** Some HTTP servers answer nothing before a line has ended. */
export async function speaksHttp({endpoint}: Target): Promise<boolean> {
	const words = await hearFirstWords({endpoint, tls: undefined}, {timeoutMs: 1000, listenMs: 500, say: 'PING\r\n'});
	return words.kind === 'said' && isHttp(words.line);
}
