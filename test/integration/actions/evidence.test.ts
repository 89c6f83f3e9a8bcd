import {expect, it} from 'vitest';
import {openActionTest, phases} from '../../helpers/action-server.ts';

async function withSlowlog() {
	const test = await openActionTest({conf: {'slowlog-log-slower-than': 0}});
	const {redis, session} = test;
	await redis.call('SET', 'slow:1', 'value');
	await redis.call('CONFIG', 'SET', 'slowlog-log-slower-than', '1000000');
	await session.until('it is read', ({snapshot: {slowlog}}) => slowlog.data?.entries.some(({args}) => args[1] === 'slow:1'));
	return test;
}

it('the slowlog is kept in timeline and audit log, then emptied', async () => {
	const {run, redis, session, sent, audit} = await withSlowlog();
	const {request, result} = await run('slowlog.reset');
	expect(request).toMatchObject({plan: [['SLOWLOG', 'RESET']], danger: 'disruptive'});
	expect(result).toMatchObject({outcome: 'done', detail: 'the slowlog is empty but for what was slow since'});
	expect(await redis.call('SLOWLOG', 'LEN')).toBe(0);
	expect(sent()).toEqual([['SLOWLOG', 'RESET']]);
	const line = expect.stringMatching(/^\d\d:\d\d:\d\dZ \d+(?:\.\d+)? (?:µs|ms) SET slow:1 value \(127\.0\.0\.1:\d+\)$/);
	expect(session.state().timeline).toContainEqual(
		expect.objectContaining({text: expect.stringMatching(/^Slowlog before it was emptied/), details: expect.arrayContaining([line])}),
	);
	const entries = await audit();
	expect(phases(entries)).toEqual(['intent', 'outcome done']);
	expect(entries[0]).toMatchObject({before: {evidence: expect.arrayContaining([line])}});
	expect((await run('slowlog.reset')).result).toMatchObject({outcome: 'refused', detail: 'The slowlog is empty already'});
});

it('the slowlog stays when it is left, and is emptied once when the reply is lost', async () => {
	const {run, redis, proxy, sent, audit} = await withSlowlog();
	expect((await run('slowlog.reset', {confirm: () => false})).result.outcome).toBe('cancelled');
	expect(await redis.call('SLOWLOG', 'LEN')).not.toBe(0);
	const lost = proxy.loseReplyTo(([command, subcommand]) => command === 'SLOWLOG' && subcommand === 'RESET');
	const {result} = await run('slowlog.reset');
	await lost;
	expect(result.outcome).toBe('unknown');
	expect(sent()).toEqual([['SLOWLOG', 'RESET']]);
	expect(phases(await audit())).toEqual(['outcome cancelled', 'intent', 'outcome unknown']);
});

async function withSpikes() {
	const test = await openActionTest({conf: {'latency-monitor-threshold': 1}, debugCommand: true});
	await test.redis.call('DEBUG', 'SLEEP', '0.02');
	return test;
}

it('the latency monitor is kept in timeline and audit log, then emptied', async () => {
	const {run, redis, session, sent, audit} = await withSpikes();
	const {request, result} = await run('latency.reset');
	expect(request).toMatchObject({plan: [['LATENCY', 'RESET']], danger: 'disruptive'});
	expect(request?.facts[0]).toEqual(['events', expect.stringMatching(/command \(worst \d+(?:\.\d+)? ms\)/)]);
	expect(result).toMatchObject({outcome: 'done', detail: expect.stringMatching(/^\d+ events? forgotten$/)});
	expect(String(await redis.call('LATENCY', 'LATEST'))).not.toContain('command');
	expect(sent()).toEqual([['LATENCY', 'RESET']]);
	const lines = expect.arrayContaining([expect.stringMatching(/^command: last .* worst /), expect.stringMatching(/^\d\d:\d\d:\d\dZ command \d/)]);
	expect(session.state().timeline).toContainEqual(expect.objectContaining({text: expect.stringMatching(/^Latency monitor before/), details: lines}));
	expect((await audit())[0]).toMatchObject({phase: 'intent', before: {evidence: lines}});
});

it('the latency monitor: nothing to forget is refused, and so is leaving; a lost reply is unknown', async () => {
	const empty = await openActionTest();
	expect((await empty.run('latency.reset')).result).toMatchObject({outcome: 'refused', detail: expect.stringContaining('latency-monitor-threshold 0')});
	expect(empty.sent()).toEqual([]);

	const {run, proxy, sent} = await withSpikes();
	expect((await run('latency.reset', {confirm: () => false})).result.outcome).toBe('cancelled');
	const lost = proxy.loseReplyTo(([command, subcommand]) => command === 'LATENCY' && subcommand === 'RESET');
	expect((await run('latency.reset')).result.outcome).toBe('unknown');
	await lost;
	expect(sent()).toEqual([['LATENCY', 'RESET']]);
});
