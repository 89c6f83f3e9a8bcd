#!/usr/bin/env node
// Twelve hours of a console at a server that goes from one fault to the next, its clock 60 times as fast: what it holds at the end of every hour.
// `npm run bench:soak` prints the table; `npm run bench:soak -- HOURS TIMES SEED` for another length, another speed, other chances.
import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {bundled} from './lib/bundle.mjs';
import {inScratch} from './lib/scratch.mjs';

const [hours = 12, times = 60, seed = 1] = process.argv.slice(2).map(Number);
/** More than that, and more from hour to hour, would be a leak. */
const allowedGrowthMiB = 5;
const mib = bytes => (bytes / 1024 ** 2).toFixed(1);

async function main({folder, env}) {
	const program = await bundled('test/fixtures/soak-entry.ts', folder);
	const child = spawn('node', [program, String(hours), String(times), String(seed)], {
		env,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	console.log(`Node ${process.version}, clock × ${times}, seed ${seed}, ${new Date().toISOString().slice(0, 10)}\n`);
	console.log(
		'| hour | polls | frames | faults so far | heap | resident | sockets | timers | events |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
	);
	const rows = [];
	for await (const line of createInterface({input: child.stdout})) {
		const said = JSON.parse(line);
		if (said.hour === undefined) console.log(`\nfaults: ${listed(said.faults)}\nstates: ${listed(said.states)}`);
		else rows.push(printed(said));
	}
	const code = await new Promise(resolve => (child.exitCode === null ? child.once('exit', resolve) : resolve(child.exitCode)));
	verdict(rows, code);
}

function printed(said) {
	const {hour, ticks, frames, faults, heapBytes, rssBytes, handles, timeline} = said;
	const [sockets, timers] = [handles.TCPSocketWrap ?? 0, handles.Timeout ?? 0];
	console.log(`| ${[hour, ticks, frames, faults, `${mib(heapBytes)} MiB`, `${mib(rssBytes)} MiB`, sockets, timers, timeline].join(' | ')} |`);
	return {heapBytes, sockets, timers};
}

/** The first hour fills the history; from then on nothing may grow. */
function verdict(rows, code) {
	if (rows.length === 0) throw new Error(`it ended with ${code} before it had begun`);
	const [first, last] = [rows[1] ?? rows[0], rows.at(-1)];
	const grown = (last.heapBytes - first.heapBytes) / 1024 ** 2;
	const isFlat = code === 0 && rows.length === hours + 1 && grown < allowedGrowthMiB && last.sockets <= first.sockets + 2 && last.timers <= first.timers + 6;
	console.log(
		`\nfrom hour 1 to hour ${rows.length - 1}: heap ${grown >= 0 ? '+' : ''}${grown.toFixed(1)} MiB, sockets ${last.sockets - first.sockets}, timers ${last.timers - first.timers}: ${isFlat ? 'flat' : 'GROWING'}`,
	);
	if (!isFlat) process.exitCode = 1;
}

const listed = counts =>
	Object.entries(counts)
		.map(([name, count]) => `${name} ${count}`)
		.join(', ');

await inScratch(main);
