import {isIP, type Socket} from 'node:net';
import {type ConnectFailure, noAnswerIn, socketFailure, speaksPlain, unresolvedIn} from './connect-failure.ts';
import {openSocket} from './open-socket.ts';
import type {Target} from './target.ts';

export type Transport = {
	/** Destroy it to give up, also while it is on its way. */
	readonly socket: Socket;
	/** Resolves when TCP (and TLS) stands, with the reason when it cannot be had. Never rejects. */
	readonly standing: Promise<ConnectFailure | undefined>;
};

const tcpTimeoutMs = 2000;
/** Well below the patience with a reply, so that a plain port is told before it looks like silence. */
const firstPlainTryMs = 400;
const plainTryEveryMs = 5000;

/** Over TLS a full server has no way to say that it is: it can only hang up. */
const lostInHandshake: ConnectFailure = {kind: 'lost', detail: 'the server closed the connection in the TLS handshake, as a full one does (maxclients)'};

/**
 * Connect. TCP has two seconds; a TLS handshake has no deadline, for a frozen process takes TCP connections all the same
 * (the kernel does) and owes us the handshake as it would owe a reply. `onTcp` is called when TCP stands.
 */
export function openTransport(target: Target, onTcp: () => void): Transport {
	const socket = openSocket(target);
	const standing = new Promise<ConnectFailure | undefined>(resolve => {
		const finish = (failure: ConnectFailure | undefined) => {
			clearTimeout(timer);
			resolve(failure);
			if (failure) socket.destroy();
		};
		const tryPlain = async () => {
			const isPlain = await speaksPlain(target);
			if (isPlain) finish({kind: 'tls', detail: 'TLS handshake failed: the port does not speak TLS'});
			else if (!isStanding && !socket.destroyed) timer = setTimeout(startPlain, plainTryEveryMs);
		};
		const startPlain = () => void tryPlain();
		let hasTcp = false;
		let isStanding = false;
		let isResolved = target.endpoint.kind === 'unix' || isIP(target.endpoint.host) !== 0;
		let timer = setTimeout(() => finish(isResolved ? noAnswerIn(tcpTimeoutMs) : unresolvedIn(tcpTimeoutMs)), tcpTimeoutMs);
		socket.once('lookup', () => {
			isResolved = true;
		});
		socket.once('connect', () => {
			clearTimeout(timer);
			hasTcp = true;
			onTcp();
			if (target.tls) timer = setTimeout(startPlain, firstPlainTryMs);
		});
		socket.once(target.tls ? 'secureConnect' : 'connect', () => {
			isStanding = true;
			finish(undefined);
		});
		const onLost = (failure: ConnectFailure) => finish(failure.kind === 'lost' && hasTcp && target.tls ? lostInHandshake : failure);
		socket.on('error', error => onLost(socketFailure(error)));
		socket.once('close', () => onLost({kind: 'lost', detail: 'the server closed the connection'}));
	});
	return {socket, standing};
}
