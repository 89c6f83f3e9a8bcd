#!/usr/bin/env node
// What the console costs a large server: 500,000 keys, 200 queues, 10,000 clients, a minute on the overview from the very start (the search for
// queues is under way then). Server time from INFO commandstats before and after; nobody else sends anything. `npm run bench:cost` prints the table.
import {join} from 'node:path';
import {openTerminal} from './bench/terminal.mjs';
import {openClients, seedQueues, startRedis} from './lib/redis.mjs';
import {root} from './lib/root.mjs';
import {inScratch} from './lib/scratch.mjs';
import {sleep} from './lib/wait.mjs';

const keys = 500_000;
const queues = 200;
const clients = 10_000;
const minuteSeconds = 60;
/** No command of ours may hold the server up for longer; CLIENT LIST, whose length is the server's, is excepted. */
const longestMicros = 5000;
const file = join(root, 'dist/redis-triage.mjs');

async function main(scratch) {
	const redis = await startRedis(scratch, ['--maxclients', clients + 200, '--enable-debug-command', 'local']);
	const {cli} = redis;
	const sockets = [];
	try {
		cli('DEBUG', 'POPULATE', String(keys - queues * 9), 'user', '64');
		await seedQueues(redis, queues);
		sockets.push(...(await openClients(redis.port, clients)));
		cli('CONFIG', 'SET', 'slowlog-log-slower-than', String(longestMicros));
		cli('SLOWLOG', 'RESET');
		cli('CONFIG', 'RESETSTAT');
		report(await runConsole(redis, scratch));
	} finally {
		for (const socket of sockets) socket.destroy();
		redis.stop();
	}
}

async function runConsole({port, cli, commandStats}, {env}) {
	const startedAt = performance.now();
	const terminal = openTerminal([process.execPath, file, '-p', String(port)], {columns: 120, rows: 40, env});
	await sleep(minuteSeconds * 1000);
	const seconds = (performance.now() - startedAt) / 1000;
	// All but our one CONFIG RESETSTAT is the console's own; our INFO costs nothing that shows.
	const stats = commandStats()
		.filter(({name}) => name !== 'config|resetstat')
		.sort((a, b) => b.micros - a.micros);
	const slow = cli('SLOWLOG', 'GET', '128');
	const listed = cli('CLIENT', 'LIST', 'TYPE', 'normal').split('\n').length - 1;
	await terminal.close();
	return {seconds, stats, slow, listed};
}

function report({seconds, stats, slow, listed}) {
	const total = stats.reduce((sum, {micros}) => sum + micros, 0);
	const percent = micros => `${(micros / seconds / 10_000).toFixed(3)} %`;
	const slowOnes = slow.split('\n').filter(line => /^[A-Za-z]+$/.test(line) && !/^(CLIENT|LIST)$/i.test(line));
	console.log(`${keys.toLocaleString('en')} keys, ${queues} queues, ${listed.toLocaleString('en')} clients, ${seconds.toFixed(0)} s\n`);
	console.log('| command | calls | server time | of a core |\n| --- | ---: | ---: | ---: |');
	for (const {name, calls, micros} of stats.slice(0, 12)) console.log(`| ${name} | ${calls} | ${(micros / 1000).toFixed(1)} ms | ${percent(micros)} |`);
	console.log(`| all | ${stats.reduce((sum, {calls}) => sum + calls, 0)} | ${(total / 1000).toFixed(1)} ms | ${percent(total)} |`);
	const kept = total / seconds / 1_000_000 < 0.01;
	console.log(`\nbelow 1 % of a core: ${kept ? 'kept' : 'MISSED'}`);
	console.log(`commands above ${longestMicros / 1000} ms, CLIENT LIST excepted: ${slowOnes.length === 0 ? 'none' : `MISSED ${slowOnes.join(' ')}`}`);
	if (!kept || slowOnes.length > 0) process.exitCode = 1;
}

await inScratch(main);
