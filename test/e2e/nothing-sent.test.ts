import {expect, it} from 'vitest';
import type {TestRedis} from '../helpers/redis-server.ts';
import {endlessEval, startEndless, untilBusy} from '../helpers/stuck-script.ts';
import {isUp, listens, startTriage, type Triage} from '../helpers/triage.ts';
import {startWatched} from '../helpers/watched-server.ts';

const busyAtOnce = {conf: {'busy-reply-threshold': 300}};

const isOpen = 'y run it (not listening yet)';

/** A client of that name, alone in the list and under the cursor, in a console that watches. */
async function selectVictim(redis: TestRedis, triage: Triage) {
	const victim = await redis.connect();
	await victim.call('CLIENT', 'SETNAME', 'victim');
	const id = String(await victim.call('CLIENT', 'ID'));
	await triage.waitFor(isUp);
	await triage.press('2');
	await triage.type('/victim\n');
	await triage.waitFor(screen => screen.includes('/victim: 1') && screen.includes(`${id} 127.0.0.1`));
	await triage.press('g');
	return {victim, id};
}

it('y and Enter in the first moments of a dialog are swallowed, and Enter never confirms', async () => {
	const {redis, proxy, orders} = await startWatched();
	const triage = await startTriage([proxy.url]);
	const {victim} = await selectVictim(redis, triage);

	const opened = triage.firstShown(/not listening yet/);
	await triage.press('K');
	await opened;
	await triage.press('y');
	await triage.press('Enter');
	await triage.waitFor(listens);
	expect(await triage.screen()).toMatch(/sends +CLIENT KILL ID \d+/);
	await triage.press('Enter');
	await triage.press('Enter', 'Space', 'Y');
	await triage.paste('y');
	await triage.waitFor('Pasted text is ignored here');
	expect(await triage.screen()).toContain(listens);
	expect(orders()).toEqual([]);

	await triage.press('Escape');
	await triage.waitFor(screen => screen.includes('q quit') && screen.includes('cancelled'));
	expect(orders()).toEqual([]);
	expect(await victim.call('PING')).toBe('PONG');
	expect(await triage.auditLog()).toMatchObject([{phase: 'outcome', action: 'client.kill', outcome: 'cancelled'}]);
});

it('a pasted Ky does nothing: bracketed it opens no dialog, and as one raw burst it opens one that did not hear the y', async () => {
	const {redis, proxy, orders, executed} = await startWatched(busyAtOnce);
	const triage = await startTriage([proxy.url]);
	await triage.waitFor(isUp);
	const {ended} = await startEndless(redis, endlessEval);
	await triage.waitFor(/BUSY \d/);

	await triage.paste('Ky');
	expect(await triage.waitFor('Pasted text is ignored here')).not.toContain('y run it');
	await triage.paste('Ky\nKy\n');
	await triage.type('Ky');
	await triage.waitFor(isOpen);
	await triage.waitFor(listens);
	expect(orders()).toEqual([]);
	await triage.press('Escape');
	await triage.waitFor('cancelled');
	await triage.type('Ky\nyy\ny');
	expect(await triage.waitFor(listens)).toMatch(/sends +SCRIPT KILL/);
	expect(orders()).toEqual([]);
	await triage.press('Escape');
	await triage.waitFor(screen => !screen.includes(listens));

	expect(orders()).toEqual([]);
	await redis.call('SCRIPT', 'KILL');
	await ended;
	expect(await executed('script|kill')).toBe(1);
});

it('a client that goes while its dialog is open: the dialog says so, and y sends nothing', async () => {
	const {redis, proxy, orders} = await startWatched();
	const triage = await startTriage([proxy.url]);
	const {victim, id} = await selectVictim(redis, triage);
	await triage.press('K');
	await triage.waitFor(listens);
	victim.close();
	const gone = await triage.waitFor(`Client ${id} has already gone`, 20_000);
	expect(gone).toContain('It cannot be run now.');
	expect(gone).not.toContain('y run it ');
	await triage.press('y');
	await triage.waitFor(/REFUSED +Client \d+ has already gone/);
	expect(orders()).toEqual([]);
	expect(await triage.auditLog()).toMatchObject([{phase: 'outcome', outcome: 'refused', detail: `Client ${id} has already gone`}]);
});

it('a script that ends while its dialog is open, and another one that begins: neither is killed', async () => {
	const {redis, proxy, orders, executed} = await startWatched(busyAtOnce);
	const triage = await startTriage([proxy.url]);
	await triage.waitFor(isUp);
	const first = await startEndless(redis, endlessEval);
	await triage.waitFor(/BUSY \d/);
	await triage.press('K');
	await triage.waitFor(listens);

	await redis.call('SCRIPT', 'KILL');
	await first.ended;
	await triage.waitFor('It has ended: the server answers again');
	expect(await triage.screen()).toContain('It cannot be run now.');

	const second = await startEndless(redis, endlessEval);
	await untilBusy(redis);
	await triage.waitFor('What runs now is not what ran when the dialog opened');
	await triage.press('y');
	await triage.waitFor(/REFUSED +What runs now is not what ran/);
	expect(orders()).toEqual([]);
	await redis.call('SCRIPT', 'KILL');
	await second.ended;
	expect(await executed('script|kill')).toBe(2);
	expect(await triage.auditLog()).toMatchObject([{phase: 'outcome', action: 'script.kill', outcome: 'refused'}]);
});
