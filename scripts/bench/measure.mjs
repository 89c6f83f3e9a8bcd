import {spawn} from 'node:child_process';
import {median} from '../lib/stats.mjs';
import {sleep} from '../lib/wait.mjs';
import {keyLatencies, presses, replay, spread, steadyFigures} from './figures.mjs';
import {openTerminal} from './terminal.mjs';

const keyGapSeconds = 0.17;

const open = (program, size, env) => openTerminal(program.argv(size), {...size, env: {...env, ...program.env}});

/** A start and an orderly end, as there was one before on the machine of anybody who uses it: what is kept then for the next one is there. */
export async function rehearse(program, size, env) {
	const terminal = open(program, size, env);
	await terminal.waitFor(program.ready(size));
	void terminal.type([['q', 0]]);
	await terminal.ended;
}

/** From its start to its first full paint, in ms; of a program without a screen, to its end. */
async function startUp(program, size, env) {
	if (!program.ready) return timeToExit(program.argv(size), env);
	const terminal = open(program, size, env);
	try {
		return await terminal.waitFor(program.ready(size));
	} finally {
		await terminal.close();
	}
}

function timeToExit([command, ...args], env) {
	const startedAt = performance.now();
	const child = spawn(command, args, {env, stdio: 'ignore'});
	return new Promise((resolve, reject) => child.once('exit', () => resolve(performance.now() - startedAt)).once('error', reject));
}

/** Medians of so many starts of each, one of each in turn, so that what else the machine does meets all of them. The first round is not counted. */
export async function startUps(programs, size, env, rounds) {
	const times = programs.map(() => []);
	for (let round = 0; round <= rounds; round++)
		for (const [index, program] of programs.entries()) {
			const took = await startUp(program, size, env);
			if (round > 0) times[index].push(took);
		}
	return times.map(median);
}

/**
 * One program on a terminal of its own: it is left alone for a while, watched for a window, and then given keys. `server`: whose time for commands is
 * counted (`server.cost()`).
 */
export async function steady(program, size, {env, settleSeconds, windowSeconds, keyCount, server}) {
	const terminal = open(program, size, env);
	try {
		await terminal.waitFor(program.ready(size));
		await program.prepare?.(terminal);
		await sleep(settleSeconds * 1000);
		const costBefore = server?.cost();
		const before = await terminal.sample();
		await sleep(windowSeconds * 1000);
		const after = await terminal.sample();
		const serverMicros = server && server.cost() - costBefore;
		if (program.keys) {
			await terminal.type(presses(program.keys, keyCount, keyGapSeconds));
			await sleep(300);
		}
		const reads = await replay(terminal);
		const ms = after.sample - before.sample;
		return {
			...steadyFigures(reads, before.sample, after.sample),
			key: program.keys && spread(keyLatencies(terminal, reads, {mayIgnore: program.mayIgnoreKeys})),
			cpuPercent: ((after.cpuMs - before.cpuMs) / ms) * 100,
			rssMib: after.rssKib / 1024,
			serverPercent: serverMicros && serverMicros / 10 / ms,
		};
	} finally {
		await terminal.close();
	}
}
