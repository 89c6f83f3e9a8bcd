import {randomInt} from 'node:crypto';
import {connect, createServer} from 'node:net';

/** The first of so many in a row that nobody listens on, below those that the system gives to outgoing connections. */
export async function freePorts(length) {
	for (;;) {
		const first = randomInt(20_000, 32_000 - length);
		const isFree = await Promise.all(Array.from({length}, (_, index) => canListen(first + index)));
		if (isFree.every(Boolean)) return first;
	}
}

function canListen(port) {
	return new Promise(resolve => {
		const server = createServer().once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}

export function canConnect(port) {
	return new Promise(resolve => {
		const socket = connect(port, '127.0.0.1').once('error', () => resolve(false));
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
	});
}
