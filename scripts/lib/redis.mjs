import {execFileSync, spawn} from 'node:child_process';
import {connect} from 'node:net';
import {canConnect, freePorts} from './ports.mjs';
import {until} from './wait.mjs';

/** A server of one's own on a free port of the loopback, that saves nothing; `conf` are further options of its command line. */
export async function startRedis({folder, env}, conf = []) {
	const port = await freePorts(1);
	const argv = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', folder, ...conf].map(String);
	const child = spawn('redis-server', argv, {env, stdio: 'ignore'});
	await until(() => canConnect(port));
	const cli = redisCli(port, env);
	return {
		port,
		cli,
		commandStats: () => commandStats(cli),
		stop: () => child.kill('SIGKILL'),
	};
}

export const redisCli =
	(port, env) =>
	(...argv) =>
		execFileSync('redis-cli', ['-p', String(port), ...argv], {env, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2});

/** What each command has taken a server so far. */
export function commandStats(cli) {
	const lines = cli('INFO', 'commandstats').split('\n');
	const hits = lines.map(line => /^cmdstat_([^:]+):calls=(\d+),usec=(\d+)/.exec(line)).filter(hit => hit !== null);
	return hits.map(([, name, calls, micros]) => ({name, calls: Number(calls), micros: Number(micros)}));
}

export const toResp = argv => `*${argv.length}\r\n${argv.map(arg => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('')}`;

/** More than the server's listen backlog of 511 at a time would be dropped and come again a second later. */
const waveSize = 250;

/** So many named connections that ask nothing more; the names count on from `from`. */
export async function openClients(port, count, from = 0) {
	const sockets = [];
	while (sockets.length < count) {
		const length = Math.min(waveSize, count - sockets.length);
		sockets.push(
			...(await Promise.all(Array.from({length}, (_, index) => openClient(port, `client-${String(from + sockets.length + index).padStart(5, '0')}`)))),
		);
	}
	return sockets;
}

function openClient(port, name) {
	return new Promise((resolve, reject) => {
		const socket = connect(port, '127.0.0.1', () => socket.write(toResp(['CLIENT', 'SETNAME', name])));
		socket.once('data', () => resolve(socket)).once('error', reject);
	});
}

/** BullMQ 5 queues with jobs waiting, active with locks, finished ones: nine keys and more each. */
export async function seedQueues({port, cli}, count) {
	const socket = connect(port, '127.0.0.1');
	socket.resume();
	for (let index = 0; index < count; index++) socket.write(queueKeys(`bull:queue${index}`).map(toResp).join(''));
	await until(() => Number(cli('EXISTS', `bull:queue${count - 1}:events`)) === 1);
	socket.destroy();
}

function queueKeys(base) {
	const ids = (from, length) => Array.from({length}, (_, job) => String(from + job));
	return [
		['HSET', `${base}:meta`, 'version', 'bullmq:5.81.5', 'opts.maxLenEvents', '10000'],
		['SET', `${base}:id`, '2000'],
		['LPUSH', `${base}:wait`, ...ids(100, 500)],
		['LPUSH', `${base}:active`, '1', '2', '3'],
		...['1', '2', '3'].map(id => ['SET', `${base}:${id}:lock`, 'token', 'PX', '600000']),
		['ZADD', `${base}:completed`, ...ids(1200, 300).flatMap(id => [id, id])],
		['ZADD', `${base}:failed`, ...ids(1600, 100).flatMap(id => [id, id])],
		['HSET', `${base}:100`, 'name', 'work', 'timestamp', '1', 'opts', '{}'],
		['XADD', `${base}:events`, '*', 'event', 'added', 'jobId', '1'],
	];
}
