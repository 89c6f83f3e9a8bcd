// A server with 100,000 clients that nobody has to open: it answers as a Redis 7.0 does, with a CLIENT LIST of 32 MB that is made up while it is sent.
// What INFO says is a real server's, on stdin. The list waits for a line on stdin, and its beginning and its end are told on stdout.
import {once} from 'node:events';
import {createServer} from 'node:net';
import {createInterface} from 'node:readline';

const count = Number(process.argv[2]);
const chunkLines = 500;
const lines = createInterface({input: process.stdin});
const [infoText] = await once(lines, 'line');
const info = JSON.parse(infoText)
	.replace(/connected_clients:\d+/, `connected_clients:${count}`)
	.replace(/maxclients:\d+/, `maxclients:${2 * count}`);
const digits = (value, length) => String(value).padStart(length, '0');

/** As long for every client, so that the length of the reply is known before it is made. */
function lineOf(index) {
	const address = `10.${100 + (index % 90)}.${100 + (index % 143)}.${100 + (index % 151)}:${30_000 + (index % 30_000)}`;
	const ages = `age=${digits(index % 86_400, 5)} idle=${digits((index * 7) % 9000, 4)}`;
	const buffers = 'qbuf=0 qbuf-free=0 argv-mem=10 multi-mem=0 rbs=1024 rbp=0 obl=0 oll=0 omem=0 tot-mem=1928';
	const command = ['hgetall', 'evalsha', 'publish'][index % 3];
	return `id=${100_000 + index} addr=${address} laddr=10.0.0.9:6379 fd=8 name=orders-service-${digits(index % 400, 3)} ${ages} flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 ${buffers} events=r cmd=${command} user=orders-application redir=-1 resp=2\n`;
}

let connections = 0;
const bulk = text => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;

/** What the console asks of a server at its start; anything else this one has never heard of. */
const answers = {
	PING: () => '+PONG\r\n',
	SELECT: () => '+OK\r\n',
	HELLO: () =>
		`*12\r\n${['server', 'redis', 'version', '7.0.15', 'proto'].map(bulk).join('')}:2\r\n${bulk('id')}:${++connections}\r\n${['mode', 'standalone', 'role', 'master'].map(bulk).join('')}`,
	CLIENT: () => '+OK\r\n',
	INFO: (section = '') => bulk(section.toLowerCase() === 'commandstats' ? '# Commandstats\r\n' : info),
	SLOWLOG: () => '*0\r\n',
	CONFIG: (_get, name) => `*2\r\n${bulk(name)}${bulk(name === 'maxclients' ? String(2 * count) : '0')}`,
	ACL: word => (word.toUpperCase() === 'WHOAMI' ? bulk('default') : '+OK\r\n'),
	SCAN: () => `*2\r\n${bulk('0')}*0\r\n`,
	DBSIZE: () => ':0\r\n',
};

async function sendList(socket) {
	tell('asked');
	await once(lines, 'line');
	tell('begins');
	socket.write(`$${lineOf(0).length * count}\r\n`);
	for (let from = 0; from < count && !socket.destroyed; from += chunkLines) {
		const chunk = Array.from({length: Math.min(chunkLines, count - from)}, (_, index) => lineOf(from + index)).join('');
		// A server does not keep for its client what that client does not take.
		if (!socket.write(chunk)) await once(socket, 'drain');
	}
	socket.write('\r\n', () => tell('ends'));
}

const tell = at => process.stdout.write(`${JSON.stringify({at, bytes: lineOf(0).length * count})}\n`);

async function serve(socket) {
	let unread = '';
	for await (const chunk of socket.setEncoding('latin1')) {
		unread += chunk;
		for (let command = takeCommand(); command; command = takeCommand()) {
			const [name, ...args] = command;
			const isList = name.toUpperCase() === 'CLIENT' && args[0].toUpperCase() === 'LIST';
			if (isList) await sendList(socket);
			else socket.write(answers[name.toUpperCase()]?.(...args) ?? `-ERR unknown command '${name}'\r\n`);
		}
	}

	/** The first whole command of what has come in, which is taken off. */
	function takeCommand() {
		const head = /^\*(\d+)\r\n/.exec(unread);
		if (!head) return undefined;
		let at = head[0].length;
		const argv = [];
		for (let index = 0; index < Number(head[1]); index++) {
			const length = /^\$(\d+)\r\n/.exec(unread.slice(at, at + 16));
			if (!length) return undefined;
			const start = at + length[0].length;
			at = start + Number(length[1]) + 2;
			if (unread.length < at) return undefined;
			argv.push(unread.slice(start, at - 2));
		}
		unread = unread.slice(at);
		return argv;
	}
}

// A console that goes in the middle of it is no error of ours.
const server = createServer(socket => void serve(socket.on('error', () => {})).catch(() => {}));
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({port: server.address().port})}\n`));
lines.on('close', () => process.exit(0));
