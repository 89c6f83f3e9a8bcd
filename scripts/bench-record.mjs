#!/usr/bin/env node
// What a recording costs: a day of a server with 200 clients and 50 queues, an hour of one with 10,000 clients, made up and sent through the real recorder.
// `npm run bench:record` prints the table; `npm run bench:record -- SECONDS` for another length than a day.
import {mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {bundled} from './lib/bundle.mjs';
import {run} from './lib/run.mjs';
import {inScratch} from './lib/scratch.mjs';

const [day = 86_400] = process.argv.slice(2).map(Number);
const hour = Math.min(3600, day);
/** What was promised. */
const limits = {dayMiB: 50, openMs: 1000, seekMs: 100};
const mib = bytes => bytes / 1024 ** 2;

const cases = [
	{name: '200 clients, 50 queues', args: [200, 50, day, 'usual'], isPromised: true},
	{name: 'the same, redacted', args: [200, 50, hour, 'usual', 'yes'], isPromised: true},
	{name: 'the same, as the newest servers tell (traffic of each client)', args: [200, 50, hour, 'all'], isPromised: false},
	{name: '10,000 clients, 50 queues', args: [10_000, 50, hour, 'usual'], isPromised: false},
];

async function main({folder: state}) {
	const program = await bundled('test/fixtures/record-entry.ts', state);
	console.log(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`);
	console.log('| server | seconds | file | bytes a tick | a day | CPU a tick | longest tick | open | seek, p95 | seek, longest | step |');
	console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
	for (const [index, each] of cases.entries()) {
		const folder = join(state, String(index));
		mkdirSync(folder);
		const {stdout, stderr, status} = run([process.execPath, program, folder, ...each.args.map(String)], 'pipe');
		if (status !== 0) throw new Error(stderr);
		printed(each, JSON.parse(stdout));
		rmSync(folder, {recursive: true});
	}
}

function printed({name, args, isPromised}, said) {
	const [, , seconds] = args;
	const aDay = mib(said.bytes / seconds) * 86_400;
	const times = [said.tickMs, said.longestMs, said.openMs, said.seekP95Ms, said.seekMaxMs, said.stepMs].map(ms => `${ms.toFixed(ms < 10 ? 2 : 0)} ms`);
	const sizes = [`${mib(said.bytes).toFixed(1)} MiB`, (said.bytes / seconds).toFixed(0), `${aDay.toFixed(1)} MiB`];
	console.log(`| ${[name, seconds, ...sizes, ...times].join(' | ')} |`);
	const isKept = aDay <= limits.dayMiB && said.openMs <= limits.openMs && said.seekP95Ms <= limits.seekMs;
	if (isPromised && !isKept) process.exitCode = 1;
}

await inScratch(main);
