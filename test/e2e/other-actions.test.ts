import {mkdir} from 'node:fs/promises';
import {expect, it} from 'vitest';
import {isUp, listens, startTriage, type Triage} from '../helpers/triage.ts';
import {startWatched} from '../helpers/watched-server.ts';

/** Under the cursor of the client pane: the one client of that name. */
async function select(triage: Triage, name: string): Promise<void> {
	await triage.waitFor(isUp);
	await triage.press('2');
	await triage.type(`/${name}\n`);
	await triage.waitFor(screen => screen.includes(`/${name}: 1`) && screen.includes(` ${name} `));
	await triage.press('g');
}

it('script.raise-limit changes the threshold, and u takes it back; both are in the audit log', async () => {
	const {redis, proxy, orders} = await startWatched({conf: {'busy-reply-threshold': 700}});
	const triage = await startTriage([proxy.url]);
	const threshold = async () => ((await redis.call('CONFIG', 'GET', 'busy-reply-threshold')) as readonly unknown[])[1];
	const raise = ['CONFIG', 'SET', 'busy-reply-threshold', '1400'];
	const lower = ['CONFIG', 'SET', 'busy-reply-threshold', '700'];
	await triage.waitFor(isUp);
	await triage.press('1');
	await triage.waitFor('scripts may run 0.7s');

	await triage.press('L');
	const dialog = await triage.waitFor(listens);
	expect(dialog).toMatch(/now +700 ms/);
	expect(dialog).toMatch(/new +1400 ms/);
	expect(dialog).toMatch(/sends +CONFIG SET busy-reply-threshold 1400 +║/);
	expect(dialog).toMatch(/undo +CONFIG SET busy-reply-threshold 700 +║/);
	await triage.press('y');
	const done = await triage.waitFor(/DONE +busy-reply-threshold is 1400 ms/);
	expect(done).toMatch(/undo +CONFIG SET busy-reply-threshold 700/);
	expect(await threshold()).toBe('1400');

	await triage.press('u');
	const undoing = await triage.waitFor(listens);
	expect(undoing).toMatch(/now +1400 ms/);
	expect(undoing).toMatch(/new +700 ms/);
	expect(undoing).toMatch(/sends +CONFIG SET busy-reply-threshold 700 +║/);
	expect(orders()).toEqual([raise]);
	await triage.press('y');
	await triage.waitFor(/DONE +busy-reply-threshold is 700 ms/);
	expect(await threshold()).toBe('700');
	expect(orders()).toEqual([raise, lower]);
	await triage.press('Escape');
	await triage.waitFor('scripts may run 0.7s');

	const log = await triage.auditLog();
	expect(log).toMatchObject([
		{phase: 'intent', action: 'script.raise-limit', plan: [raise]},
		{phase: 'outcome', action: 'script.raise-limit', plan: [raise], outcome: 'done'},
		{phase: 'intent', action: 'script.raise-limit', plan: [lower]},
		{phase: 'outcome', action: 'script.raise-limit', plan: [lower], outcome: 'done'},
	]);
	expect([log[0]?.id === log[1]?.id, log[2]?.id === log[3]?.id, log[0]?.id === log[2]?.id]).toEqual([true, true, false]);
});

it('client.unblock wakes a BLPOP; its connection stays', async () => {
	const {redis, proxy, orders} = await startWatched();
	const waiter = await redis.connect();
	await waiter.call('CLIENT', 'SETNAME', 'waiter');
	const id = String(await waiter.call('CLIENT', 'ID'));
	const popped = waiter.call('BLPOP', 'nothing-here', '0');
	const triage = await startTriage([proxy.url]);
	await select(triage, 'waiter');
	await triage.press('U');
	expect(await triage.waitFor(listens)).toMatch(new RegExp(`sends +CLIENT UNBLOCK ${id} +║`));
	await triage.press('y');
	await triage.waitFor(`client ${id} was woken`);
	expect(await popped).toBeNull();
	expect(await waiter.call('PING')).toBe('PONG');
	expect(orders()).toEqual([['CLIENT', 'UNBLOCK', id]]);
	expect(await triage.auditLog()).toMatchObject([
		{phase: 'intent', action: 'client.unblock'},
		{phase: 'outcome', outcome: 'done'},
	]);

	await triage.press('Escape');
	await triage.waitFor('q quit');
	await triage.press('U');
	await triage.waitFor(`refused. Client ${id} is not blocked`);
	expect(orders()).toHaveLength(1);
});

it('an audit log that cannot be written: refused with the reason, and nothing is sent', async () => {
	const {redis, proxy, orders} = await startWatched();
	const victim = await redis.connect();
	await victim.call('CLIENT', 'SETNAME', 'victim');
	const triage = await startTriage([proxy.url]);
	await mkdir(triage.auditFile, {recursive: true});
	await select(triage, 'victim');
	await triage.press('K');
	await triage.waitFor(listens);
	await triage.press('y');
	const screen = await triage.waitFor('REFUSED');
	expect(screen.replace(/[\s║]+/g, ' ')).toMatch(/REFUSED Nothing was sent: the audit log cannot be written \(.*EISDIR/);
	expect(orders()).toEqual([]);
	expect(await victim.call('PING')).toBe('PONG');
	await triage.press('Escape');
	await triage.waitFor('q quit');
});
