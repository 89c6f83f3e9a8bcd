import {userInfo} from 'node:os';
import {expect, it} from 'vitest';
import {startForTest} from '../helpers/server-session.ts';
import {endlessEval, startEndless} from '../helpers/stuck-script.ts';
import {isUp, listens, startTriage} from '../helpers/triage.ts';

/** What the rows of the pane say, newest first, without their times. */
const told = (screen: string): readonly string[] =>
	screen.split('\n').flatMap(row => /^[ ▸] \d\d:\d\d:\d\d +\S+ (.*)$/.exec(row)?.[1]?.replace(/ +/g, ' ').trim() ?? []);

it('a script that blocks, its kill, and a note stand in the timeline, in order', async () => {
	const redis = await startForTest({conf: {'busy-reply-threshold': 300}});
	const triage = await startTriage([redis.url]);
	await triage.waitFor(isUp);
	await triage.press('6');
	await triage.waitFor(/state +OK after .* of CONNECTING/);
	expect(await triage.screen()).toMatch(/n note .*Enter open/);

	const {ended} = await startEndless(redis, endlessEval);
	await triage.waitFor(/state +BUSY after .* of (OK|SILENT)/);
	await triage.waitFor(/found +P0 +script\.busy: /);
	await triage.press('1');
	await triage.pressHinted('K stop script');
	await triage.pressHinted(listens, 'y');
	await triage.waitFor('DONE');
	expect(await ended).toMatch(/killed by user/);
	await triage.press('Escape');
	// Esc and a key right after it would be one key with Alt.
	await triage.waitFor(screen => isUp(screen) && !screen.includes('DONE'));

	await triage.press('n');
	await triage.waitFor('Enter puts it into the timeline');
	await triage.type('Deployed 4.2 just before; rolled back');
	await triage.waitFor('rolled back');
	await triage.press('Enter');
	await triage.waitFor('Noted in the timeline (6)');
	await triage.press('6');
	// A row of the pane, not the field that it was typed into; and the last row, for a screen may be read while it is drawn.
	const screen = await triage.waitFor(/^ +\d\d:\d\d:\d\d +\d+s note +Deployed 4\.2 just before; rolled back[\s\S]*Console started on \S+, guarded/m);
	const rows = told(screen);
	const operator = userInfo().username;
	const order = [
		/^note Deployed 4\.2/,
		/^action script\.kill done: the script has ended/,
		/^state OK after .* of BUSY/,
		new RegExp(`^action script\\.kill sent by ${operator}: SCRIPT KILL`),
		/^state BUSY after/,
		/^state OK after .* of CONNECTING/,
		/^console Console started on 127\.0\.0\.1:\d+, guarded/,
	].map(pattern => rows.findIndex(row => pattern.test(row)));
	expect(order, rows.join('\n')).not.toContain(-1);
	expect(order, rows.join('\n')).toEqual(order.toSorted((a, b) => a - b));
	expect(rows.some(row => /^over P0 script\.busy is over: stood /.test(row))).toBe(true);

	await triage.press('/');
	await triage.type('kill done');
	await triage.press('Enter');
	await triage.waitFor(/1 event \/kill done/);
	await triage.press('j', 'Enter');
	const event = await triage.waitFor('audit id');
	const log = await triage.auditLog();
	expect(event).toContain(`audit id ${log[0]?.id}`);
	expect(event).toMatch(/by .*\n.* after it was sent\n +SCRIPT KILL\n +server before: BUSY/);
});
