import {expect, it} from 'vitest';
import type {TestRedis} from '../helpers/redis-server.ts';
import {startForTest} from '../helpers/server-session.ts';
import {isUp, startTriage, type Triage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

async function open(size = {cols: 120, rows: 40}): Promise<{readonly redis: TestRedis; readonly triage: Triage}> {
	const redis = await startForTest();
	for (const name of ['web-1', 'web-2', 'worker-mail']) await (await redis.connect()).call('CLIENT', 'SETNAME', name);
	const triage = await startTriage([redis.url], size);
	await triage.waitFor(isUp);
	return {redis, triage};
}

const infoCalls = async (redis: TestRedis): Promise<number> => Number(/cmdstat_info:calls=(\d+)/.exec(String(await redis.call('INFO', 'commandstats')))?.[1]);

/** Times and courses move from second to second; the rest of a frozen screen stands still. */
const still = (screen: string): string => screen.replace(/\d+s|\d\d:\d\d:\d\dZ|[▁-█]/g, ' ').replace(/ +/g, ' ');

it('leaves no old cells behind when the window changes its size', async () => {
	const {triage} = await open();
	await triage.press('Space');
	await triage.waitFor('FROZEN');
	for (const [cols, rows] of [
		[80, 24],
		[59, 15],
		[200, 60],
		[60, 16],
		[120, 40],
	] as const) {
		await triage.resize(cols, rows);
		if (cols < 60) {
			await triage.waitFor(screen => screen === `redis-triage needs 60x16, this is ${cols}x${rows}: q quits`);
			continue;
		}
		const fits = (screen: string) => screen.split('\n').length === rows && screen.includes('q quit') && screen.split('\n')[0]?.length === cols;
		const resized = await triage.waitFor(fits);
		// What a whole repaint makes of it: it wipes the screen first.
		const written = (await triage.rawOutput()).length;
		process.kill(await triage.pid(), 'SIGCONT');
		await until('it is painted anew', async () => (await triage.rawOutput()).slice(written).includes('\u001b[J'));
		await triage.waitFor(screen => fits(screen) && still(screen) === still(resized));
	}
});

it('finds a command in the palette and runs it', async () => {
	const {triage} = await open();
	await triage.press(':');
	await triage.waitFor('type to find');
	await triage.type('clients');
	await triage.waitFor(/▸ view\.clients/);
	expect(await triage.screen()).not.toContain('script.raise-limit');
	await triage.press('Enter');
	await triage.waitFor(/2 Clients +by idle/);
	await triage.press(':');
	await triage.waitFor('type to find');
	await triage.type('script.kill\n');
	// What cannot be done now says why, and stays open for another choice.
	await triage.waitFor(/script\.kill: No script is running/);
	await triage.press('Escape');
	await triage.waitFor(/2 Clients +by idle/);
});

it('shows the keys that work, and goes back to where it was', async () => {
	const {triage} = await open({cols: 80, rows: 24});
	await triage.press('2');
	await triage.waitFor(/2 Clients +by idle/);
	await triage.press('?');
	const top = await triage.waitFor(/Keys and words +\d+ more below/);
	// The keys of the pane one is in come first.
	expect(top).toMatch(/K +kill/);
	await triage.type(' ');
	await triage.waitFor(screen => !/K +kill/.test(screen));
	await triage.press('?');
	await triage.waitFor(/2 Clients +by idle/);
});

it('filters while one types, keeps it with Enter and clears it with Esc', async () => {
	const {triage} = await open();
	await triage.press('2');
	await triage.waitFor('worker-mail');
	await triage.press('/');
	await triage.waitFor('words that must occur');
	await triage.type('WEB');
	await triage.waitFor(screen => screen.includes('/WEB: 2') && !screen.includes('worker-mail'));
	await triage.type(' b-2');
	await triage.waitFor('/WEB b-2: 1');
	await triage.press('BSpace', 'BSpace', 'BSpace', 'BSpace', 'Enter');
	await triage.waitFor(screen => screen.includes('/WEB: 2') && !screen.includes('words that must occur'));
	await triage.press('Escape');
	await triage.waitFor('worker-mail');
	await triage.press('/');
	await triage.type('nobody');
	await triage.waitFor('Nothing matches /nobody');
	await triage.press('Escape');
	await triage.waitFor('worker-mail');
});

it('sorts by the next column and the other way round', async () => {
	const {triage} = await open();
	await triage.press('2');
	await triage.waitFor('worker-mail');
	const names = async (): Promise<readonly string[]> => (await triage.screen()).match(/web-1|web-2|worker-mail/g) ?? [];
	for (const title of ['age', 'output buffer', 'query buffer', 'total memory', 'database', 'command', 'name']) {
		await triage.press('s');
		await triage.waitFor(`by ${title} `);
	}
	await triage.waitFor('NAME▴');
	expect(await names()).toEqual(['web-1', 'web-2', 'worker-mail']);
	await triage.press('S');
	await triage.waitFor('NAME▾');
	expect(await names()).toEqual(['worker-mail', 'web-2', 'web-1']);
	await triage.press('a');
	await triage.waitFor(/2 +(0 )?web-\*/);
});

it('freezes what is shown while polling goes on, and says so', async () => {
	const {redis, triage} = await open();
	await triage.press('2');
	await triage.waitFor('worker-mail');
	await triage.press('Space');
	const frozen = await triage.waitFor(/FROZEN .*FROZEN \d+s ago, Space goes on/s);
	const before = await infoCalls(redis);
	await (await redis.connect()).call('CLIENT', 'SETNAME', 'newcomer');
	await until('polling goes on', async () => (await infoCalls(redis)) > before + 4);
	expect(still(await triage.screen())).toBe(still(frozen));
	await triage.press('Space');
	await triage.waitFor(screen => screen.includes('newcomer') && !screen.includes('FROZEN'));
});

it('copies the literal command through the terminal', async () => {
	const {redis, triage} = await open();
	const id = /id=(\d+) .* name=web-2 /.exec(String(await redis.call('CLIENT', 'LIST')))?.[1];
	await triage.press('2');
	await triage.type('/web-2\n');
	await triage.waitFor('/web-2: 1');
	await triage.press('g', 'y');
	await triage.waitFor(`Sent to the terminal's clipboard: CLIENT KILL ID ${id}`);
	expect(await triage.clipboard()).toBe(`CLIENT KILL ID ${id}`);
	expect(await triage.rawOutput()).toContain(`\u001b]52;c;${Buffer.from(`CLIENT KILL ID ${id}`).toString('base64')}\u0007`);
});

it('polls more and less often on + and -', async () => {
	const {triage} = await open();
	await triage.waitFor('every 1s');
	await triage.press('+');
	await triage.waitFor('every 2s');
	await triage.press('-');
	await triage.waitFor('every 1s');
	await triage.press('-');
	await triage.waitFor('every 0.5s');
	await triage.press('-', '-', '-');
	await triage.waitFor('every 0.2s');
	await triage.waitFor('Polling every 0.2 s');
});

it('nothing that Node has to say gets onto the screen', async () => {
	const redis = await startForTest();
	const triage = await startTriage([redis.url], {env: {NO_COLOR: '1'}});
	await triage.waitFor(isUp);
	await triage.press('2');
	await triage.waitFor(/2 Clients +by/);
	expect(await triage.rawOutput()).not.toMatch(/Warning|trace-warnings|FORCE_COLOR/);
	await triage.press('q');
	expect(await triage.backAtShell()).toBe(0);
});
