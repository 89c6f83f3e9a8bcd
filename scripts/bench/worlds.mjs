import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {bundled} from '../lib/bundle.mjs';
import {openClients, seedQueues, startRedis} from '../lib/redis.mjs';
import {sleep, until} from '../lib/wait.mjs';

/** Of the application, when all are there. */
const leastClients = 10;
/** The bench itself asks for these, and a console too, but no application. */
const notOfApplications = /^(info|config\||client\||hello|ping|acl\||command)/;

/**
 * A server with the clients of the demo's ordinary application at work: before anything goes wrong. `cost()`: microseconds so far
 * of commands that the application had not sent before the console came.
 */
export async function demoWorld(scratch) {
	// Its clients come from other addresses of the loopback.
	const redis = await startRedis(scratch, ['--protected-mode', 'no']);
	const traffic = spawn('node', [await bundled('scripts/bench/traffic-entry.mjs', scratch.folder), String(redis.port)], {
		env: scratch.env,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	await once(createInterface({input: traffic.stdout}), 'line');
	const connected = () => redis.cli('CLIENT', 'LIST').trim().split('\n').length - 1;
	await until(() => connected() >= leastClients);
	// Every command of theirs comes within seconds.
	await sleep(3000);
	const theirs = new Set(
		redis
			.commandStats()
			.map(({name}) => name)
			.filter(name => !notOfApplications.test(name)),
	);
	return {
		port: redis.port,
		clients: connected(),
		cost: () => micros(redis.commandStats().filter(({name}) => !theirs.has(name))),
		stop() {
			traffic.kill('SIGKILL');
			redis.stop();
		},
	};
}

/** A server with queues and so many idle clients, to which more can be added. `cost()`: microseconds of all commands so far: nobody sends any but the console. */
export async function crowdWorld(scratch, {queues, mostClients}) {
	const redis = await startRedis(scratch, ['--maxclients', mostClients + 100]);
	await seedQueues(redis, queues);
	const sockets = [];
	return {
		port: redis.port,
		info: () => redis.cli('INFO'),
		cost: () => micros(redis.commandStats()),
		async fillUpTo(count) {
			sockets.push(...(await openClients(redis.port, count - sockets.length, sockets.length)));
		},
		stop() {
			for (const socket of sockets) socket.destroy();
			redis.stop();
		},
	};
}

const micros = stats => stats.reduce((sum, {micros}) => sum + micros, 0);
