#!/usr/bin/env node
// The last stage before the terminal beside what it replaced, a comparison of whole rows: bytes and CPU a frame, for a table of 40 rows and 8 columns
// that changes once a second, and for what the console itself draws over its demo. `npm run bench:stage` prints the table.
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {pathToFileURL} from 'node:url';
import xterm from '@xterm/headless';
import stringWidth from 'string-width';
import {bundled} from './lib/bundle.mjs';
import {binPath, root} from './lib/root.mjs';

const size = {columns: 120, rows: 40};
const rounds = 200;
const seconds = 15;
const folder = mkdtempSync(join(tmpdir(), 'redis-triage-bench-'));

try {
	const {Picture} = await import(pathToFileURL(await bundled('src/terminal/picture.ts', folder)).href);
	const scenes = [
		['40 rows x 8 columns, three figures a row change', tableFrames()],
		['the console over its demo, once a second', await consoleFrames()],
	];
	const header = ['scene', 'rows: bytes', 'cells: bytes', 'cells: most', 'rows: CPU µs', 'cells: CPU µs'];
	const lines = scenes.map(([name, frames]) => {
		const picture = new Picture(size);
		const cells = measure(frames, frame => picture.changesTo(frame));
		const rows = measure(frames, rowDiff());
		return [name, rows.median, cells.median, cells.most, rows.micros, cells.micros];
	});
	for (const line of [header, header.map(() => '---'), ...lines]) console.log(`| ${line.join(' | ')} |`);
} finally {
	rmSync(folder, {recursive: true, force: true});
}

/** Bytes of the steady state, and CPU a frame, with all frames run through again and again. */
function measure(frames, changesTo) {
	changesTo(frames[0]);
	const bytes = frames.slice(1).map(frame => Buffer.byteLength(changesTo(frame)));
	for (let round = 0; round < 20; round++) for (const frame of frames) changesTo(frame);
	const before = process.cpuUsage();
	for (let round = 0; round < rounds; round++) for (const frame of frames) changesTo(frame);
	const {user, system} = process.cpuUsage(before);
	const sorted = bytes.toSorted((a, b) => a - b);
	return {median: sorted[sorted.length >> 1], most: sorted.at(-1), micros: Math.round((user + system) / rounds / frames.length)};
}

/** What the stage did before: rows that differ, whole. */
function rowDiff() {
	let shown = [];
	return frame => {
		let output = '';
		for (let row = 0; row < size.rows; row++) {
			const text = frame[row] ?? '';
			if (text === (shown[row] ?? '')) continue;
			output += `\u001B[${row + 1};1H${text}\u001B[0m${stringWidth(text) < size.columns ? '\u001B[K' : ''}`;
		}
		shown = frame;
		return output;
	};
}

/** A table as of clients: age and idle time go on, memory moves. */
function tableFrames() {
	const row = (id, tick) => {
		const idle = id % 3 === 0 ? tick % 7 : 100 + id + tick;
		const cells = [
			1000 + id,
			`10.0.${id % 7}.${id}:${40_000 + id}`,
			`worker-${id}`,
			'BullMQ',
			`${3000 + id + tick}s`,
			`${idle}s`,
			'bzpopmin',
			`${20 + ((id * 7 + tick * 3) % 10)}.${tick % 10}K`,
		];
		return cells.map((cell, column) => String(cell)[column > 3 && column !== 6 ? 'padStart' : 'padEnd'](13)).join(' ');
	};
	return Array.from({length: 30}, (_, tick) =>
		Array.from({length: size.rows}, (_, id) => `${id === 3 ? '\u001B[7m' : ''}${row(id, tick)}${id === 3 ? '\u001B[27m' : ''}`),
	);
}

/** Frames of the built program, read off an emulated terminal. */
async function consoleFrames() {
	const emulator = new xterm.Terminal({cols: size.columns, rows: size.rows, allowProposedApi: true});
	const command = `stty cols ${size.columns} rows ${size.rows}; exec node '${join(root, 'dist/redis-triage.mjs')}' demo outage`;
	const env = {...process.env, PATH: binPath, HOME: folder, XDG_STATE_HOME: folder, TERM: 'xterm-256color'};
	const program = spawn('script', ['-qfec', command, '/dev/null'], {env, stdio: ['pipe', 'pipe', 'inherit']});
	program.stdout.on('data', chunk => emulator.write(chunk));
	emulator.onData(text => program.stdin.write(text));
	await sleep(8000);
	const frames = [];
	for (let second = 0; second < seconds; second++) {
		frames.push(Array.from({length: size.rows}, (_, row) => rowText(emulator, row)));
		await sleep(1000);
	}
	program.stdin.write('\u0003');
	await new Promise(resolve => program.once('close', resolve));
	return frames;
}

/** A row as text with SGR sequences, as Ink would have written it. */
function rowText(emulator, row) {
	const line = emulator.buffer.active.getLine(row);
	let text = '';
	let style = '';
	for (let column = 0; column < size.columns; column++) {
		const cell = line.getCell(column);
		const next = styleOf(cell);
		if (next !== style) text += `\u001B[0${next}m`;
		style = next;
		text += cell.getWidth() === 1 ? cell.getChars() || ' ' : cell.getChars();
	}
	return style === '' ? text.trimEnd() : `${text}\u001B[0m`;
}

function styleOf(cell) {
	const attributes = [
		[cell.isBold(), 1],
		[cell.isDim(), 2],
		[cell.isInverse(), 7],
	];
	const foreground = cell.isFgPalette() ? [30 + cell.getFgColor()] : [];
	return [...attributes.filter(([isOn]) => isOn).map(([, code]) => code), ...foreground].map(code => `;${code}`).join('');
}
