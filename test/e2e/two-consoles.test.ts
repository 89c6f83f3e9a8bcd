import {userInfo} from 'node:os';
import {expect, it} from 'vitest';
import {startForTest} from '../helpers/server-session.ts';
import {isUp, listens, startTriage} from '../helpers/triage.ts';

it('two consoles on one server know of each other, and a dialog says what the other one has just done', async () => {
	const redis = await startForTest();
	const victim = await redis.connect();
	await victim.call('CLIENT', 'SETNAME', 'victim');
	const [first, second] = await Promise.all([startTriage([redis.url]), startTriage([redis.url])]);
	await Promise.all([first, second].map(console => console.waitFor(isUp)));
	const who = `1 other: ${userInfo().username}@`;
	await Promise.all([first, second].map(console => console.waitFor(screen => screen.split('\n')[0]?.includes(who) ?? false)));

	await second.resize(80, 24);
	await second.waitFor(screen => screen.split('\n')[0]?.includes('1 other here') ?? false);
	await second.resize(120, 40);

	await first.press('2');
	await first.type('/victim\n');
	await first.waitFor('by idle /victim: 1');
	await first.press('g', 'K');
	await first.waitFor(listens);
	expect(await first.screen()).not.toContain('others');
	await first.press('y');
	await first.waitFor('DONE');

	await second.press(':');
	await second.type('config.timeout\n');
	await second.waitFor('go on to the dialog');
	await second.press('Enter');
	const dialog = await second.waitFor(/others +\S+ sent CLIENT KILL here (just now|\d+ s ago)/);
	expect(dialog).toContain('CONFIG SET timeout 300');

	await first.press('Escape');
	await first.waitFor(screen => !screen.includes('DONE'));
	await first.press('q');
	await second.waitFor(screen => !screen.split('\n')[0]?.includes('other'));
});
