import type {Socket} from 'node:net';
import {type ConnectFailure, hearFirstWords, noAnswerIn, socketFailure} from './connect-failure.ts';
import {openSocket} from './socket-options.ts';
import type {Target} from './target.ts';

export type Transport = {
	/** Destroy it to give up, also while it is on its way. */
	readonly socket: Socket;
	/** Resolves when TCP (and TLS) stands, with the reason when it cannot be had. Never rejects. */
	readonly standing: Promise<ConnectFailure | undefined>;
};

const tcpTimeoutMs = 2000;
const firstPlainTryMs = 500;
const plainTryEveryMs = 5000;

/**
 * Connect. TCP has two seconds; a TLS handshake has no deadline, for a frozen process takes TCP connections all the same
 * (the kernel does) and owes us the handshake as it would owe a reply. `onTcp` is called when TCP stands.
 */
export function openTransport(target: Target, onTcp: () => void): Transport {
	const socket = openSocket(target);
	const standing = new Promise<ConnectFailure | undefined>(resolve => {
		const finish = (failure: ConnectFailure | undefined) => {
			clearTimeout(patience);
			resolve(failure);
			if (failure) socket.destroy();
		};
		let patience = setTimeout(() => finish(noAnswerIn(tcpTimeoutMs)), tcpTimeoutMs);
		const tryPlain = async () => {
			if (await speaksPlain(target)) finish({kind: 'tls', detail: 'TLS handshake failed: the port does not speak TLS'});
			else if (socket.connecting || !socket.destroyed) patience = setTimeout(tryPlainLater, plainTryEveryMs);
		};
		const tryPlainLater = () => void tryPlain();
		socket.once('connect', () => {
			clearTimeout(patience);
			onTcp();
			if (target.tls) patience = setTimeout(tryPlainLater, firstPlainTryMs);
			else finish(undefined);
		});
		socket.once('secureConnect', () => finish(undefined));
		socket.once('error', error => finish(socketFailure(error)));
		socket.once('close', () => finish({kind: 'lost', detail: 'the server closed the connection'}));
	});
	return {socket, standing};
}
