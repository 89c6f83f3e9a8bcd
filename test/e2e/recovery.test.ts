import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {writeLog} from '../helpers/audit-log.ts';
import {startForTest} from '../helpers/server-session.ts';
import {endlessEval, startEndless} from '../helpers/stuck-script.ts';
import {isUp, listens, startTriage} from '../helpers/triage.ts';
import {startWatched} from '../helpers/watched-server.ts';

/** A service that is down until the test says otherwise, and a config file that has it checked. */
async function serveShop() {
	const health = {status: 503};
	const asked: string[] = [];
	const server = createServer(({method, url}, response) => {
		asked.push(`${method} ${url}`);
		response.writeHead(health.status).end();
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => void server.close());
	const {port} = server.address() as AddressInfo;
	return {health, asked, configFile: writeLog(`checks:\n  - name: shop\n    url: http://127.0.0.1:${port}/health\n`)};
}

it('V shows what has recovered, live, and what is left to do; Enter puts it into the timeline', async () => {
	const redis = await startForTest({conf: {'busy-reply-threshold': 300}});
	const {health, asked, configFile} = await serveShop();
	const triage = await startTriage([redis.url, '--config', configFile]);
	await triage.waitFor(isUp);
	expect(asked).toEqual([]);

	const {ended} = await startEndless(redis, endlessEval);
	await triage.waitFor('P0 A script has blocked');
	await triage.press('V');
	const during = await triage.waitFor(/✗ shop answers 200 +503, not 200, in (?:\d+|less than 1) ms/);
	expect(await triage.rawOutput()).not.toMatch(/0 of 0|being looked at/);
	expect(during).toMatch(/✗ PING is answered +BUSY for/);
	expect(during).toMatch(/✗ no P0 or P1 for 5 minutes +P0 script\.busy/);
	expect(during).toMatch(/✓ no action is under way +none/);
	expect(during).toMatch(/Still to do\n[\s\S]* · P2 /);
	expect(during).toMatch(/Enter note it in the timeline {2}Esc back/);

	await redis.call('SCRIPT', 'KILL');
	expect(await ended).toMatch(/killed/);
	health.status = 200;
	const after = await triage.waitFor(/✓ PING is answered +since \d\d:\d\d:\d\dZ, for \d+s/);
	expect(after).toMatch(/✓ the server takes commands +OK for/);
	await triage.waitFor(/\? no P0 or P1 for 5 minutes +none for \d+s, \dm\d\ds to go/);
	// It is asked again every ten seconds.
	await triage.waitFor(/✓ shop answers 200 +200 in (?:\d+|less than 1) ms/, 15_000);

	await triage.press('Enter');
	await triage.waitFor(/Noted in the timeline \(6\): Recovery: \d of 7 verified/);
	await triage.press('6');
	await triage.waitFor(/note +Recovery: \d of 7 verified/);
	const {length} = asked;
	await triage.press('/');
	await triage.type('verified');
	await triage.press('Enter');
	await triage.waitFor(/1 event \/verified/);
	await triage.press('j', 'Enter');
	const event = await triage.waitFor('✓ PING is answered: since');
	expect(event).toMatch(/✓ shop answers 200: 200 in/);
	expect(event).toMatch(/still to do: P2 /);
	// Who does not look any more asks nobody.
	expect(asked.length - length).toBeLessThanOrEqual(1);
	expect(new Set(asked)).toEqual(new Set(['GET /health']));
});

it('what was changed before a restart of the console is offered to be taken back, with its old value', async () => {
	const {redis, proxy, orders} = await startWatched({conf: {'busy-reply-threshold': 700}});
	const threshold = async () => ((await redis.call('CONFIG', 'GET', 'busy-reply-threshold')) as readonly unknown[])[1];
	const triage = await startTriage([proxy.url]);
	await triage.waitFor(isUp);
	await triage.press('1');
	await triage.waitFor('scripts may run 0.7s');
	await triage.press('L');
	await triage.pressHinted(listens, 'y');
	await triage.waitFor(/DONE +busy-reply-threshold is 1400 ms/);
	await triage.press('Escape');
	await triage.waitFor(screen => isUp(screen) && !screen.includes('DONE '));
	await triage.press('q');
	expect(await triage.backAtShell()).toBe(0);
	expect(await threshold()).toBe('1400');

	await triage.type('program\n');
	await triage.waitFor(isUp);
	await triage.press('V');
	await triage.waitFor(/· script\.raise-limit was changed at \S+ by .* and is not taken back/);
	await triage.press(':');
	await triage.type('undo');
	await triage.waitFor(/▸.*undo script\.raise-limit +back to busy-reply-threshold 700 \(set at \d\d:\d\d:\d\dZ by /);
	await triage.press('Enter');
	const dialog = await triage.waitFor(listens);
	expect(dialog).toMatch(/now +1400 ms/);
	expect(dialog).toMatch(/new +700 ms/);
	expect(dialog).toMatch(/sends +CONFIG SET busy-reply-threshold 700 +║/);
	await triage.press('y');
	await triage.waitFor('DONE');
	expect(await threshold()).toBe('700');
	expect(orders()).toEqual([
		['CONFIG', 'SET', 'busy-reply-threshold', '1400'],
		['CONFIG', 'SET', 'busy-reply-threshold', '700'],
	]);
	const [, done, , undone] = await triage.auditLog();
	expect(undone).toMatchObject({phase: 'outcome', outcome: 'done', undoes: done?.id});

	await triage.press('Escape');
	await triage.waitFor(screen => isUp(screen) && !screen.includes('DONE '));
	await triage.press(':');
	await triage.type('undo');
	await triage.waitFor(':undo ');
	expect(await triage.screen()).not.toContain('undo script.raise-limit');
});
