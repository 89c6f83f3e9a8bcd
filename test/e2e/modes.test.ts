import {expect, it} from 'vitest';
import {endlessEval, startEndless} from '../helpers/stuck-script.ts';
import {isUp, listens, startTriage, type Triage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';
import {startWatched, type Watched} from '../helpers/watched-server.ts';

const busyAtOnce = {conf: {'busy-reply-threshold': 300}};
const isReadOnly = (screen: string): boolean => /READ-ONLY/.test(screen) && screen.includes('q quit');

/** The roles of the console's connections, as the server lists them. */
async function roles({redis}: Watched): Promise<readonly string[]> {
	const list = String(await redis.call('CLIENT', 'LIST'));
	return [...list.matchAll(/name=redis-triage:\S+:(\w+) /g)].map(([, role = '']) => role).toSorted();
}

async function fromPalette(triage: Triage, command: string): Promise<void> {
	await triage.press(':');
	await triage.type(command);
	await triage.waitFor(screen => new RegExp(`[▸>] +${command.replace('.', '\\.')}`).test(screen));
	await triage.press('Enter');
}

it('--read-only opens connections to look, and none to act; K says why it does nothing', async () => {
	const watched = await startWatched(busyAtOnce);
	const {redis, proxy, orders} = watched;
	const triage = await startTriage(['--read-only', proxy.url]);
	await triage.waitFor(screen => isReadOnly(screen) && screen.includes('running  nothing'));
	expect(await roles(watched)).toEqual(['observe', 'queues']);
	expect(proxy.openConnections()).toBe(2);

	const {ended} = await startEndless(redis, endlessEval);
	await triage.waitFor(/BUSY \d/);
	expect(await triage.screen()).toMatch(/K stop script \(This console is read-only/);
	await triage.press('K');
	const refused = await triage.waitFor(/refused.*This console is read-only/);
	expect(refused).not.toContain(listens);
	expect(refused).toMatch(/BUSY \d.* READ-ONLY/);
	await triage.type('Ky');
	await triage.press('F');
	await triage.waitFor('script.busy');
	await triage.press('Enter');
	await triage.waitFor(/Stop the running script: This console is read-only/);
	expect(proxy.openConnections()).toBe(2);
	expect(orders()).toEqual([]);

	await redis.call('SCRIPT', 'KILL');
	await ended;
	expect(await roles(watched)).toEqual(['observe', 'queues']);
	expect(proxy.commands.filter(([command]) => command === 'HELLO')).toHaveLength(2);
	expect(orders()).toEqual([]);
});

it('mode.guarded opens the act connection once the name of the target is typed, and mode.read-only closes it', async () => {
	const watched = await startWatched();
	const {proxy, orders} = watched;
	const triage = await startTriage(['--read-only', proxy.url]);
	await triage.waitFor(isReadOnly);
	const name = `127.0.0.1:${proxy.port}`;

	await fromPalette(triage, 'mode.guarded');
	await triage.waitFor(`Type ${name} to do so`);
	await triage.type('127.0.0.1:1');
	await triage.press('Enter');
	await triage.waitFor(`Type ${name}, or Esc to leave`);
	await triage.paste(name);
	await triage.waitFor('Pasted text is ignored here');
	await triage.press('Escape');
	await triage.waitFor(screen => !screen.includes('to do so') && isReadOnly(screen));
	expect(await roles(watched)).toEqual(['observe', 'queues']);

	await fromPalette(triage, 'mode.guarded');
	await triage.waitFor(`Type ${name} to do so`);
	await triage.type(name);
	await triage.press('Enter');
	await triage.waitFor(isUp);
	await until('the act connection is open', async () => (await roles(watched)).join() === 'act,observe,queues');

	await fromPalette(triage, 'mode.read-only');
	await triage.waitFor(isReadOnly);
	await until('the act connection is closed', async () => (await roles(watched)).join() === 'observe,queues');
	await until('the proxy has let it go as well', () => proxy.openConnections() === 2);
	expect(orders()).toEqual([]);
});

it('mode.guarded works while the server is BUSY, and so does the kill after it', async () => {
	const {redis, proxy, orders} = await startWatched(busyAtOnce);
	const triage = await startTriage(['--read-only', '-p', String(proxy.port)]);
	await triage.waitFor(isReadOnly);
	const {ended} = await startEndless(redis, endlessEval);
	await triage.waitFor(/BUSY \d/);
	await fromPalette(triage, 'mode.guarded');
	await triage.type(`127.0.0.1:${proxy.port}`);
	await triage.press('Enter');
	await triage.waitFor(/BUSY \d.*GUARDED/);
	await until('the act connection is open, in BUSY', () => proxy.openConnections() === 3);
	await triage.press('K');
	await triage.waitFor(listens);
	expect(orders()).toEqual([]);
	await triage.press('y');
	await triage.waitFor(/DONE/);
	await ended;
	expect(orders()).toEqual([['SCRIPT', 'KILL']]);
});
