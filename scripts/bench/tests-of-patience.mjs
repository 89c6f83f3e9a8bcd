import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import xterm from '@xterm/headless';
import {root} from '../lib/root.mjs';
import {sleep, until} from '../lib/wait.mjs';
import {keyLatencies, presses, replay, spread} from './figures.mjs';
import {clientsByName, console_, stageScene} from './programs.mjs';
import {key, openTerminal, textOf} from './terminal.mjs';

const size = {columns: 120, rows: 40};
/** As a keyboard repeats. */
const heldGapSeconds = 1 / 30;

async function onTerminal(program, env, use) {
	const terminal = openTerminal(program.argv(size), {...size, env});
	try {
		await terminal.waitFor(program.ready(size));
		return await use(terminal);
	} finally {
		await terminal.close();
	}
}

/** The same frame again and again through our stage: how many frames, and the bytes written for all but the first. */
export function stillFrames(bundle, env, seconds) {
	return onTerminal(stageScene(bundle, 'still'), env, async terminal => {
		await sleep(500);
		const from = terminal.records.length;
		await sleep(seconds * 1000);
		const outputs = terminal.records.slice(from).filter(({output}) => output !== undefined);
		const bytes = outputs.reduce((sum, output) => sum + Buffer.from(output.bytes, 'base64').length, 0);
		await terminal.type([['q', 0]]);
		await terminal.waitFor(/\d+ frames/);
		return {frames: Number(/(\d+) frames/.exec(terminal.text())[1]), bytes};
	});
}

/** `j` held down in the list of clients, which is in the order of their numbers: where the cursor is one gap after the last press, and in the end. */
export function heldKey(port, env, seconds) {
	return onTerminal(console_(port), env, async terminal => {
		await clientsByName(terminal);
		const count = Math.round(seconds / heldGapSeconds);
		await terminal.type(Array.from({length: count}, () => ['j', heldGapSeconds]));
		// What has not been drawn a while later has been lost.
		await until(() => selected(terminal.text()) === count, {timeoutMs: 5000}).catch(() => undefined);
		const presses = terminal.records.filter(({key}) => key !== undefined);
		const lastAt = presses.at(-1).key;
		const reads = await replay(terminal);
		return {
			count,
			behind: count - selected(await textAt(terminal, lastAt + heldGapSeconds * 1000)),
			lost: count - selected(terminal.text()),
			key: spread(keyLatencies(terminal, reads, {fromMs: presses.at(-count).key})),
		};
	});
}

const selected = text => Number(/▸.*client-(\d+)/.exec(text)?.[1] ?? Number.NaN);

/** What was on the screen at that moment. */
async function textAt({records, columns, rows}, atMs) {
	const screen = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	for (const {output, bytes} of records) if (output <= atMs) await new Promise(resolve => screen.write(Buffer.from(bytes, 'base64'), resolve));
	const text = textOf(screen);
	screen.dispose();
	return text;
}

/** Scrolling and filtering in the list of clients of a crowded server. */
export function crowdKeys(port, env, count) {
	return onTerminal(console_(port), env, async terminal => {
		await terminal.type([['2', 0]]);
		await terminal.waitFor(/2 Clients +by /);
		// The cursor is to stand on the first row: else the last of the keys up would change nothing, and its answer would be the next tick.
		await terminal.type([['g', 0.5]]);
		await sleep(3000);
		const from = await now(terminal);
		await terminal.type(presses(['j', 'k'], count / 2, 0.13));
		await terminal.type(presses([pageDown, pageUp], count / 2, 0.13, 2));
		const between = await now(terminal);
		await terminal.type([['/', 0.3]]);
		const filtering = await now(terminal);
		for (let turn = 0; turn < count / 12; turn++) await terminal.type([...typed(`client-0${turn}${turn}`, turn), [key.eraseLine, 0.2]]);
		await sleep(300);
		const reads = await replay(terminal);
		return {scroll: spread(keyLatencies(terminal, reads, {fromMs: from, toMs: between})), filter: spread(keyLatencies(terminal, reads, {fromMs: filtering}))};
	});
}

const pageDown = '\u001B[6~';
const pageUp = '\u001B[5~';
const typed = (text, seed, gapSeconds = 0.13) => presses(['', ''], text.length, gapSeconds, seed + 1).map(([, gap], index) => [text[index], gap]);
const now = async terminal => (await terminal.sample()).sample;

/** 100,000 clients as one reply: a note is typed, a digit every 25 ms, all the while that the list is asked for, received, and read; then scrolling in it. */
export async function hugeReply(clients, info, env, starts) {
	const runs = [];
	for (let run = 0; run < starts; run++) runs.push(await withHugeReply(clients, info, env));
	const longest = name => Math.max(...runs.map(each => each[name]?.max ?? Number.POSITIVE_INFINITY));
	return {
		starts,
		receiving: longest('receiving'),
		scrolling: longest('scrolling'),
		bytes: runs[0].bytes,
		receivedMs: Math.max(...runs.map(({receivedMs}) => receivedMs)),
	};
}

async function withHugeReply(clients, info, env) {
	const server = spawn('node', [join(root, 'scripts/bench/crowded-server.mjs'), String(clients)], {env, stdio: ['pipe', 'pipe', 'inherit']});
	const lines = createInterface({input: server.stdout});
	const said = [];
	const heard = at => said.find(each => each.at === at) ?? once(lines, at).then(([each]) => each);
	lines.on('line', line => {
		const each = {...JSON.parse(line), heardAt: performance.now()};
		said.push(each);
		lines.emit(each.at ?? 'port', each);
	});
	server.stdin.write(`${JSON.stringify(info)}\n`);
	const [{port}] = await once(lines, 'port');
	const program = {...console_(port), ready: () => / master /};
	try {
		return await onTerminal(program, env, async terminal => {
			await heard('asked');
			await terminal.type([
				['2', 0.3],
				['n', 0.3],
			]);
			const from = await now(terminal);
			const pressing = terminal.type(typed('0123456789'.repeat(12), 0, 0.025));
			await sleep(400);
			server.stdin.write('now\n');
			const ends = await heard('ends');
			const begins = await heard('begins');
			await pressing;
			await terminal.type([[key.escape, 0.3]]);
			await terminal.waitFor(/\d00,\d{3} clients/);
			await terminal.type([['g', 0.3]]);
			const between = await now(terminal);
			await terminal.type([...presses(['j', 'k'], 40, 0.08), ...presses([pageDown, pageUp], 20, 0.08)]);
			await sleep(300);
			const reads = await replay(terminal);
			const {bytes} = ends;
			return {
				receiving: spread(keyLatencies(terminal, reads, {fromMs: from, toMs: between})),
				scrolling: spread(keyLatencies(terminal, reads, {fromMs: between})),
				bytes,
				receivedMs: ends.heardAt - begins.heardAt,
			};
		});
	} finally {
		server.stdin.end();
	}
}
