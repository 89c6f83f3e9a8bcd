#!/usr/bin/env node
// Batches on 300,000 things beside a client that pings every millisecond: how long it waits, with our rounds and with the runbook's EVAL instead; and how
// soon Esc stops a batch. Everything on a server of its own. `npm run bench:batches` prints the table.
import {spawn} from 'node:child_process';
import {connect} from 'node:net';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {bundled} from './lib/bundle.mjs';
import {startRedis, toResp} from './lib/redis.mjs';
import {inScratch} from './lib/scratch.mjs';
import {quantile} from './lib/stats.mjs';
import {sleep} from './lib/wait.mjs';

const things = 300_000;
const others = 100_000;
const promisedP99Ms = 10;

const unlinkScript = "local keys = redis.call('KEYS', ARGV[1]) for i = 1, #keys do redis.call('DEL', keys[i]) end return #keys";
const cleanScript =
	"local ids = redis.call('ZRANGE', KEYS[1], 0, -1) for i = 1, #ids do redis.call('DEL', ARGV[1] .. ids[i]) end redis.call('DEL', KEYS[1]) return #ids";

const jobs = [
	{
		id: 'keys.unlink',
		choice: {on: ['rl:*']},
		seed: async ({cli}) => {
			cli('DEBUG', 'POPULATE', String(things), 'rl', '40');
			cli('DEBUG', 'POPULATE', String(others), 'cache', '40');
		},
		left: ({cli}) => Number(cli('DBSIZE')) - others,
		runbook: ['EVAL', unlinkScript, '0', 'rl:*'],
	},
	{
		id: 'queue.clean',
		choice: {on: ['bull:orders'], set: {state: 'completed', 'older-than': '1h', keep: '0'}},
		seed: seedJobs,
		left: ({cli}) => Number(cli('ZCARD', 'bull:orders:completed')),
		runbook: ['EVAL', cleanScript, '1', 'bull:orders:completed', 'bull:orders:'],
	},
];

async function main(scratch) {
	const redis = await startRedis(scratch, ['--enable-debug-command', 'local']);
	try {
		const pinger = await openPinger(redis.port);
		const bench = {...scratch, redis, pinger, program: await bundled('test/fixtures/batch-entry.ts', scratch.folder)};
		const rows = [];
		pinger.start();
		await sleep(3000);
		rows.push({name: 'nobody else', ...pinger.end()});
		for (const job of jobs) rows.push(...(await benched(job, bench)));
		report(rows);
		pinger.close();
	} finally {
		redis.stop();
	}
}

async function benched(job, bench) {
	const {redis, pinger} = bench;
	const whole = await run(job, bench, undefined);
	if (whole.outcome === 'not there') return [{name: job.id, note: 'not there'}];
	const stopped = await run(job, bench, 1000);
	await seeded(job, redis);
	redis.cli('CONFIG', 'RESETSTAT');
	pinger.start();
	const client = await openClient(redis.port);
	const startedAt = performance.now();
	await client.call(...job.runbook);
	const ms = performance.now() - startedAt;
	client.close();
	await sleep(50);
	const runbook = {name: "the runbook's EVAL", ...pinger.end(), ms, serverMs: serverMs(redis), rounds: 1, slowestMs: ms};
	return [{name: `${job.id}, reading before the dialog`, ...whole.reading}, {name: job.id, ...whole}, {name: `${job.id}, Esc after 1 s`, ...stopped}, runbook];
}

/** One run in a process of its own, as a console is; with a pinging client from its confirmation to its end. */
async function run(job, {redis, pinger, program, folder, env}, stopAfterMs) {
	await seeded(job, redis);
	const child = spawn('node', [program, `redis://127.0.0.1:${redis.port}`, join(folder, 'audit.jsonl'), job.id, JSON.stringify(job.choice)], {
		env,
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	let reading;
	let row;
	const measured = () => ({...pinger.end(), serverMs: serverMs(redis)});
	const heard = {
		reading: () => fresh(redis, pinger),
		ready(said) {
			reading = {...measured(), ms: said.readMs};
			fresh(redis, pinger);
			child.stdin.write('yes\n');
			if (stopAfterMs !== undefined) setTimeout(() => child.stdin.write('Esc\n'), stopAfterMs);
		},
		end(said) {
			row = said.outcome === 'not there' ? said : {...said, ...measured(), reading, rounds: said.batch?.rounds, slowestMs: said.batch?.slowestRoundMs};
		},
	};
	for await (const line of createInterface({input: child.stdout})) {
		const said = JSON.parse(line);
		heard[said.at](said);
	}
	return row.outcome === 'not there' ? row : {...row, note: `${row.outcome}: ${row.detail}`, count: checkedCount(row.detail, things - job.left(redis))};
}

function fresh({cli}, pinger) {
	cli('CONFIG', 'RESETSTAT');
	pinger.start();
}

/** What the account says has been done, against what is really gone. */
function checkedCount(detail, gone) {
	const told = Number(/([\d,]+) (?:done|keys deleted|jobs)/.exec(detail)?.[1]?.replaceAll(',', ''));
	return told === gone ? `exact (${gone})` : `told ${told}, gone ${gone}`;
}

async function seeded(job, redis) {
	redis.cli('FLUSHALL');
	await job.seed(redis);
}

const ms = (value, digits = 1) => (value === undefined ? '' : value.toFixed(digits));

function tableRow({name, note, p50, p99, max, ms: took, rounds, slowestMs, serverMs: server, stopMs, count}) {
	if (p50 === undefined) return `| ${name} | ${note} | | | | | | | | |`;
	return `| ${name} | ${ms(p50, 2)} | ${ms(p99, 2)} | ${ms(max)} | ${ms(took && took / 1000, 2)} | ${rounds ?? ''} | ${ms(slowestMs)} | ${ms(server)} | ${ms(stopMs)} | ${count ?? ''} |`;
}

function report(rows) {
	console.log(`${things.toLocaleString('en')} keys or jobs among ${others.toLocaleString('en')} others; a client pings every millisecond beside it\n`);
	console.log('| | PING p50 ms | p99 ms | max ms | takes s | rounds | slowest round ms | of the server ms | stops in ms | count |');
	console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |');
	for (const row of rows) console.log(tableRow(row));
	console.log('');
	for (const {name, note} of rows) if (note) console.log(`${name}: ${note}`);
	judge(rows);
}

function judge(rows) {
	const [nobody] = rows;
	const ours = rows.filter(({name}) => /^(keys|queue)\./.test(name));
	const missed = ours.filter(({p99 = 0, count = 'exact'}) => p99 >= promisedP99Ms || !count.startsWith('exact'));
	console.log(`\np99 below ${promisedP99Ms} ms and exact counts: ${missed.length === 0 ? 'kept' : `MISSED by ${missed.map(({name}) => name).join(', ')}`}`);
	if (nobody.p99 >= promisedP99Ms / 2) console.log(`This machine is too busy to tell: with nobody else the p99 is ${nobody.p99.toFixed(1)} ms.`);
	if (missed.length > 0) process.exitCode = 1;
}

/** Everything that the server has executed since CONFIG RESETSTAT, PINGs left out. */
function serverMs({commandStats}) {
	return commandStats().reduce((sum, {name, micros}) => sum + (name === 'ping' ? 0 : micros), 0) / 1000;
}

/** 300,000 completed jobs of BullMQ 5, a day old, among other keys. */
async function seedJobs({cli, port}) {
	cli('DEBUG', 'POPULATE', String(others), 'cache', '40');
	const client = await openClient(port);
	await client.call('HSET', 'bull:orders:meta', 'version', 'bullmq:5.81.5', 'opts.maxLenEvents', '10000');
	await client.call('SET', 'bull:orders:id', String(things));
	const dayAgo = Date.now() - 86_400_000;
	for (let from = 1; from <= things; from += 1000) {
		const ids = Array.from({length: 1000}, (_, offset) => String(from + offset));
		const calls = ids.map(id =>
			client.call(
				'HSET',
				`bull:orders:${id}`,
				'name',
				'work',
				'data',
				'{"order":4711}',
				'opts',
				'{"attempts":3}',
				'timestamp',
				String(dayAgo),
				'finishedOn',
				String(dayAgo + Number(id)),
				'returnvalue',
				'{"ok":true}',
			),
		);
		await Promise.all([...calls, client.call('ZADD', 'bull:orders:completed', ...ids.flatMap(id => [String(dayAgo + Number(id)), id]))]);
	}
	client.close();
}

/** For replies of one line each. */
async function openClient(port) {
	const socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
	await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
	const waiting = [];
	let unread = '';
	socket.on('data', chunk => {
		const lines = (unread + chunk).split('\r\n');
		unread = lines.pop();
		for (const line of lines) waiting.shift()?.(line);
	});
	return {
		call: (...argv) =>
			new Promise(resolve => {
				waiting.push(resolve);
				socket.write(toResp(argv));
			}),
		close: () => socket.destroy(),
	};
}

/** A PING every millisecond, sent on time whether the one before has been answered or not: what waits behind a stall is counted, every one of it. */
async function openPinger(port) {
	const client = await openClient(port);
	let tookMs = [];
	const timer = setInterval(() => {
		const into = tookMs;
		const sentAt = performance.now();
		void client.call('PING').then(() => into.push(performance.now() - sentAt));
	}, 1);
	return {
		start() {
			tookMs = [];
		},
		end() {
			return {p50: quantile(tookMs, 0.5), p99: quantile(tookMs, 0.99), max: quantile(tookMs, 1)};
		},
		close() {
			clearInterval(timer);
			client.close();
		},
	};
}

await inScratch(main);
