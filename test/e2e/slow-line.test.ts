import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {openIdleConnections} from '../helpers/idle-connections.ts';
import {startForTest} from '../helpers/server-session.ts';
import {openSlowLine} from '../helpers/slow-line.ts';
import {isUp} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

const bytesPerSecond = 960;
const clients = 60;
const soonMs = 2000;

async function openConsole(size: {readonly columns: number; readonly rows: number}, answers = true) {
	const redis = await startForTest();
	await openIdleConnections(redis.port, clients, {name: index => `idle-${index}`});
	const line = await openSlowLine([redis.url, '--no-record'], {...size, bytesPerSecond, answers});
	await line.waitFor(isUp, 30_000);
	return line;
}

type Line = Awaited<ReturnType<typeof openConsole>>;

/** All of a frame has arrived: nothing is under way, and nothing was for as long as a portion takes. */
const isQuiet = async (line: Line) => {
	const before = line.carried();
	await sleep(600);
	return line.queued() === 0 && line.carried() - before < 300;
};

/** What the frozen screen shows below the vitals. */
const body = (line: Line) => line.screen().split('\n').slice(5, -1).join('\n');

it.each([
	{columns: 80, rows: 24},
	{columns: 120, rows: 40},
])('is usable at 9,600 baud, $columns columns: every key has its effect within two seconds, a held one too, and nothing is torn', async size => {
	const line = await openConsole(size);
	await until('the first picture is complete', () => isQuiet(line), 30_000);
	const took: Record<string, number> = {};
	for (const [name, keys, shown] of [
		['another pane', '2', /2 Clients +by idle/],
		['a row further, while the pane is still being drawn', 'jj', screen => /^▸/m.test(screen.split('\n').slice(8).join('\n'))],
		['sorted otherwise', 's', /2 Clients +by (?!idle)/],
		['help', '?', 'Keys and words'],
		['back', '\u001B', /2 Clients +by/],
	] as const satisfies readonly (readonly [string, string, Parameters<Line['timed']>[1]])[]) {
		took[name] = await line.timed(keys, shown, 2 * soonMs);
		await until('it is quiet', () => isQuiet(line), 20_000);
	}
	expect(Math.max(...Object.values(took)), JSON.stringify(took)).toBeLessThan(soonMs);

	let mostUnderWay = 0;
	for (let count = 0; count < 90; count++) {
		line.press('j');
		await sleep(33);
		mostUnderWay = Math.max(mostUnderWay, line.queued());
	}
	// The last of them is at the bottom, and the cursor on it.
	const last = await line.timed('G', screen => /^▸/.test(screen.split('\n').at(-3) ?? ''), 2 * soonMs);
	expect(last).toBeLessThan(soonMs);
	expect(mostUnderWay).toBeLessThan(2 * bytesPerSecond);

	line.press(' ');
	await line.waitFor(/FROZEN|frozen/, 2 * soonMs);
	await until('it is quiet', () => isQuiet(line), 20_000);
	const shown = body(line);
	expect(shown).toContain('idle-');
	process.kill(line.pid, 'SIGCONT');
	await until('the picture is wiped', () => body(line) !== shown);
	await line.waitFor(() => body(line) === shown, 30_000);
});

it('is usable at 9,600 baud on a terminal that answers nothing, which gets all of a frame at once', async () => {
	const line = await openConsole({columns: 80, rows: 24}, false);
	await until('the first picture is complete', () => isQuiet(line), 30_000);
	line.press('2');
	await line.waitFor(/2 Clients +by idle/);
	await until('it is quiet', () => isQuiet(line), 20_000);
	expect(body(line)).toContain('idle-');
	// Nobody waits for the rest of an answer that never comes.
	const help = await line.timed('?', 'Keys and words');
	const back = await line.timed('\u001B', /2 Clients +by/);
	expect(Math.max(help, back)).toBeLessThan(2 * soonMs);
});
