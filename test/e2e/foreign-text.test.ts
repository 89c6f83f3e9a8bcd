import {readFile} from 'node:fs/promises';
import {createConnection} from 'node:net';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {hostilePieces} from '../helpers/foreign-text.ts';
import type {TestRedis} from '../helpers/redis-server.ts';
import {startForTest} from '../helpers/server-session.ts';
import {isUp, startTriage, type Triage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

/** What CLIENT SETNAME takes: every byte from `!` to `~` (7.0 validateClientName). */
const everyNameCharacter = Array.from({length: 0x7e - 0x20}, (_, index) => String.fromCharCode(0x21 + index)).join('');

/** Bytes that are C1 controls to an 8-bit terminal, and no UTF-8: CSI, OSC … ST, DCS. */
const rawC1 = Buffer.from('x\x9b2Jx\x9d0;owned\x9cx\x90x', 'latin1');

const titleAndClipboard = '\u001b]0;owned\u0007\u001b]52;c;b3duZWQ=\u0007\u001bPtmux;\u001b\u001b]0;owned\u0007\u001b\\';

/** Fill the slowlog with it, as keys, values, a script body and an unknown command. */
async function runHostileCommands(redis: TestRedis): Promise<void> {
	await redis.call('CONFIG', 'SET', 'slowlog-log-slower-than', '0');
	for (let at = 0; at < hostilePieces.length; at += 6) await redis.call('SET', `key:${hostilePieces.slice(at, at + 6).join('|')}`, 'value');
	await redis.call('GET', titleAndClipboard);
	await redis.call('EVAL', `-- ${titleAndClipboard}\n\treturn '漢字'\r\n`, '0');
	const socket = createConnection(redis.port, '127.0.0.1');
	socket.end(Buffer.concat([Buffer.from(`*2\r\n$3\r\nGET\r\n$${rawC1.length}\r\n`), rawC1, Buffer.from('\r\n')]));
	await new Promise(resolve => socket.once('data', resolve));
	await redis.call('CONFIG', 'SET', 'slowlog-log-slower-than', '-1');
}

/** Cells of a text as this tmux counts them. */
async function cellsInTmux(triage: Triage, texts: readonly string[]): Promise<readonly number[]> {
	for (const [index, text] of texts.entries()) await triage.command('set-option', '-g', `@text${index}`, text);
	const widths = await triage.command('display-message', '-p', texts.map((_, index) => `#{w:@text${index}}`).join(' '));
	return widths.split(' ').map(Number);
}

/** Everything the console wrote since it took the terminal, less the codes it means. What is left are letters. */
async function lettersOf(triage: Triage): Promise<string> {
	// Throws on bytes that are not UTF-8.
	const raw = new TextDecoder('utf-8', {fatal: true}).decode(await readFile(join(triage.home, 'raw')));
	const own = raw.slice(raw.indexOf('\u001b[?1049h'), raw.lastIndexOf('\u001b[?1049l'));
	return own.replace(/\u001b\[(?:\?(?:1049|25|7|2004)[hl]|5n|\d*(?:;\d+)*[mHJKBCD])|[\r\n\b]/g, '');
}

it('shows names, keys and scripts with anything in them as text, in columns that stay aligned', async () => {
	const redis = await startForTest();
	const named = await redis.connect();
	await named.call('CLIENT', 'SETNAME', everyNameCharacter);
	for (const name of ['a b', 'a\nb', '\u001b]0;owned\u0007', 'ü', '\u009b'])
		await expect(named.call('CLIENT', 'SETNAME', name)).rejects.toThrow(/^ERR Client names/);
	await runHostileCommands(redis);

	const triage = await startTriage([redis.url]);
	const title = await triage.command('display-message', '-p', '#{pane_title}');
	await triage.waitFor(screen => isUp(screen) && screen.includes('key:'));
	await triage.press('Tab');
	await triage.waitFor(/╔ 2 Clients/);
	await triage.press('BTab');
	await triage.waitFor(/╔ 1 Scripts/);

	// The overview: two frames side by side, so that one cell too many or too few moves a border.
	const gridRows = (screen: string) => screen.split('\n').filter(row => /^[║│].*║│.*│$/.test(row));
	const rows = gridRows(await triage.waitFor(screen => gridRows(screen).length > 10));
	expect(new Set(await cellsInTmux(triage, rows))).toEqual(new Set([120]));
	expect(
		new Set(
			await cellsInTmux(
				triage,
				rows.map(row => row.slice(0, row.indexOf('║│') + 1)),
			),
		),
	).toEqual(new Set([60]));

	// The whole pane, from top to bottom.
	await triage.press('1');
	await triage.waitFor(/1 Scripts +slowlog \d+/);
	await triage.press('G');
	const bottom = (await triage.waitFor(/▸.*CONFIG SET/)).split('\n').filter(row => /^[▸ ] \d\d:\d\d:\d\dZ/.test(row));
	const starts = bottom.map(row => row.slice(0, row.search(/\d\d:\d\d:\d\dZ/)));
	expect(Math.max(...(await cellsInTmux(triage, bottom)))).toBeLessThanOrEqual(120);
	expect(starts.every(start => start.length === 2)).toBe(true);
	expect(await triage.screen()).toContain(String.raw`\x1b]0;owned\a`);

	// One row in full.
	await triage.type('/eval\n');
	await triage.waitFor('/eval');
	await triage.press('g', 'Enter');
	await triage.waitFor(/command +EVAL "-- \\x1b\]0;owned\\a\\x1b\]52;c;b3duZWQ=\\a/);
	await triage.press('Escape');
	await triage.waitFor(/1 Scripts +slowlog/);

	// What is pasted into a field is foreign too.
	await triage.press('2');
	await triage.waitFor(everyNameCharacter.slice(0, 10));
	await triage.press('/');
	await triage.waitFor('words that must occur');
	await triage.paste(`${titleAndClipboard.slice(0, 8)}\u202e漢`);
	await triage.waitFor(/\/␛\]0;owne‹202e›漢/);

	expect(await triage.command('display-message', '-p', '#{pane_title}')).toBe(title);
	expect(await triage.command('list-buffers')).toBe('');
	await triage.press('C-c');
	expect(await triage.backAtShell()).toBe(0);
	await until('all of it is written', async () => (await triage.rawOutput()).includes('\u001b[?1049l'));
	const letters = await lettersOf(triage);
	expect(letters.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu) ?? []).toEqual([]);
});
