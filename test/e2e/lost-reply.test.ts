import {expect, it} from 'vitest';
import {startProxy} from '../helpers/proxy.ts';
import {startForTest} from '../helpers/server-session.ts';
import {isUp, listens, startTriage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

it('calls a kill whose reply was lost unknown, and sends it exactly once', async ({onTestFinished}) => {
	const redis = await startForTest();
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	const victim = await redis.connect();
	await victim.call('CLIENT', 'SETNAME', 'victim');
	const id = String(await victim.call('CLIENT', 'ID'));

	const triage = await startTriage([proxy.url]);
	await triage.waitFor(isUp);
	await triage.press('2');
	await triage.type('/victim\n');
	await triage.waitFor('by idle /victim: 1');
	await triage.press('g', 'K');
	await triage.waitFor(/sends +CLIENT KILL ID \d+/);
	await triage.waitFor(listens);
	const kills = () => proxy.commands.filter(([command, subcommand]) => command === 'CLIENT' && subcommand === 'KILL');
	expect(kills()).toEqual([]);

	const lost = proxy.loseReplyTo(([command, subcommand]) => command === 'CLIENT' && subcommand === 'KILL');
	await triage.press('y');
	expect(await lost).toEqual(['CLIENT', 'KILL', 'ID', id]);
	const screen = (await triage.waitFor('UNKNOWN')).replace(/[║\s]+/g, ' ');
	expect(screen).toMatch(/the connection was lost before the reply: the server may have done it/);
	expect(screen).toMatch(/sent once and is not sent again/);
	// The server did it; the console cannot have known.
	await victim.closed;

	// Both connections are back, and have had every chance to send it again.
	const actId = async () => /id=(\d+) .* name=redis-triage:\S+:act/.exec(String(await redis.call('CLIENT', 'LIST')))?.[1];
	await until('the lost connection is made anew', async () => Number(await actId()) > Number(id));
	const before = proxy.commands.length;
	await until('the console goes on', () => proxy.commands.length > before + 10);
	expect(kills()).toEqual([['CLIENT', 'KILL', 'ID', id]]);

	const [intent, outcome, ...more] = await triage.auditLog();
	expect(more).toEqual([]);
	expect(intent).toMatchObject({phase: 'intent', action: 'client.kill', plan: [['CLIENT', 'KILL', 'ID', id]]});
	expect(outcome).toMatchObject({phase: 'outcome', id: intent?.id, outcome: 'unknown'});
	await triage.press('Escape');
	await triage.waitFor(isUp);
});
