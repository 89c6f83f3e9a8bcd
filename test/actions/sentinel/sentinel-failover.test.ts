import {describe, expect, it} from 'vitest';
import {sentinelFailover} from '../../../src/actions/sentinel/sentinel-failover.ts';
import {ServerRefusedError} from '../../../src/errors.ts';
import {bindByReading, failureIn, type SentinelSays, setUp} from '../../helpers/action-run.ts';
import {noonMs, type StateParts} from '../../helpers/fixtures.ts';
import {nodes, replicaReply, sentinelSays, watched, watchedAs} from '../../helpers/sentinel-replies.ts';

const healthy: SentinelSays = () => sentinelSays();
const bound = (says: SentinelSays) => bindByReading(sentinelFailover, watched, () => undefined, undefined, says);

describe('which Sentinel is told', () => {
	it.each([
		['the first of those that are as good', healthy, nodes[0]],
		['one that answers', node => (node === nodes[0] ? 'silent' : sentinelSays()), nodes[1]],
		['one that sees the master', node => sentinelSays(node === nodes[2] ? {} : {master: {flags: 's_down,master'}}), nodes[2]],
		[
			'one that sees a replica before one that sees the master',
			node => sentinelSays(node === nodes[1] ? {master: {flags: 's_down,master'}} : {replicas: []}),
			nodes[1],
		],
		['one that has a quorum', node => sentinelSays(node === nodes[1] ? {} : {quorum: new ServerRefusedError('NOQUORUM 1 usable')}), nodes[1]],
	] satisfies readonly (readonly [string, SentinelSays, string])[])('%s', (_what, says, node) =>
		expect(bound(says)).toMatchObject({work: {kind: 'sentinels', nodes: [node]}, plan: [['SENTINEL', 'FAILOVER', 'shop']]}),
	);

	it('is told although no quorum can be had: this needs none; the dialog says so', () =>
		expect(bound(() => sentinelSays({quorum: new ServerRefusedError('NOQUORUM 1 usable')})).request.facts).toContainEqual(['quorum', 'NOQUORUM 1 usable']));
});

describe('it is refused', () => {
	it.each([
		['no Sentinel is known', {}, healthy, /^No Sentinel of this server is known: start with --sentinel/],
		['none answers', watched, () => 'silent', `No Sentinel can be asked for shop: ${nodes.map(node => `${node}: silent`).join('; ')}`],
		['it is watched no more', watched, () => sentinelSays({master: new ServerRefusedError('ERR No such master')}), /10\.0\.3\.1:26379: it watches no shop/],
		[
			'one has begun',
			watched,
			() => sentinelSays({master: {flags: 'master,failover_in_progress', 'failover-state': 'wait_promotion'}}),
			`A failover is under way already (wait_promotion, by ${nodes[0]}): wait for its end, it takes seconds`,
		],
		['one is known to have begun', watchedAs({flags: 'master,failover_in_progress'}), healthy, 'A failover is under way already: it takes seconds'],
		[
			'another is the master',
			watched,
			node => sentinelSays({master: node === nodes[1] ? {port: '1'} : {}}),
			/^10\.0\.3\.2:26379 sees 10\.0\.0\.9:1 as the master/,
		],
		['there is no replica', watched, () => sentinelSays({replicas: []}), 'No replica can be promoted, Sentinel would say NOGOODSLAVE: the master has none'],
		['no replica is good', watched, () => sentinelSays({replicas: [replicaReply({flags: 's_down'})]}), /NOGOODSLAVE: 10\.0\.0\.10:6379: it is down$/],
		['this is a replica', {...watched, info: {role: 'replica' as const}}, healthy, 'This server is a replica: watch its master to fail over'],
	] satisfies readonly (readonly [string, StateParts, SentinelSays, string | RegExp])[])('where %s', async (_what, state, says, detail) => {
		const {run, send} = setUp({action: sentinelFailover, state, sentinel: says});
		expect(await run()).toMatchObject({outcome: 'refused', detail: detail instanceof RegExp ? expect.stringMatching(detail) : detail});
		expect(send).not.toHaveBeenCalled();
	});

	it('while what was read is old, or the world has moved', () => {
		const action = bound(healthy);
		expect(failureIn(action, {...watched, nowMs: noonMs + 60_000})).toBeUndefined();
		expect(failureIn(action, {...watched, nowMs: noonMs + 60_001})).toMatch(/more than a minute old/);
		expect(failureIn(action, watchedAs({flags: 'master,failover_in_progress'}))).toMatch(/under way/);
		expect(failureIn(action, {...watched, server: {kind: 'DOWN'}})).toBeUndefined();
	});
});

describe('how it ends', () => {
	/** What they say before and after it was sent. */
	const run = async (after: SentinelSays, reply: unknown = 'OK') => {
		let isSent = false;
		const test = setUp({action: sentinelFailover, state: watched, after: watched, sentinel: node => (isSent ? after : healthy)(node)});
		test.send.mockImplementation(async () => {
			isSent = true;
			if (reply instanceof Error) throw reply;
			return reply;
		});
		const startedAtMs = test.deps.clock.now();
		return {...(await test.run()), tookMs: test.deps.clock.now() - startedAtMs, sent: test.send.mock.calls.length};
	};
	const moved = ['10.0.0.10', '6379'];
	const going = {flags: 'master,failover_in_progress', 'failover-state': 'wait_promotion'};

	it('is done when all that answer name the same new master', async () => {
		expect(await run(node => (node === nodes[2] ? 'silent' : sentinelSays({address: moved})))).toMatchObject({
			outcome: 'done',
			detail: '10.0.0.10:6379 is the master now, say 2 of 3 Sentinels; 10.0.0.9:6379 becomes its replica',
		});
	});

	it('is looked at for 15 s', async () => {
		const {outcome, detail, tookMs, sent} = await run(node => sentinelSays(node === nodes[0] ? {master: going} : {address: moved}));
		expect({outcome, detail, sent}).toEqual({
			outcome: 'unverified',
			detail: `2 of 3 Sentinels name another master than 10.0.0.9:6379; at ${nodes[0]} it is at wait_promotion`,
			sent: 1,
		});
		expect(tookMs).toBeGreaterThanOrEqual(15_000);
		expect(tookMs).toBeLessThan(16_000);
	});

	it('is over when Sentinel gives it up', async () => {
		const {outcome, detail, tookMs} = await run(healthy);
		expect({outcome, detail}).toEqual({outcome: 'unverified', detail: `${nodes[0]} has given it up: 10.0.0.9:6379 is still the master`});
		expect(tookMs).toBeLessThan(1000);
	});

	it('is not done where nobody answers any more', async () =>
		expect(await run(() => 'silent')).toMatchObject({outcome: 'unverified', detail: '0 of 3 Sentinels name another master than 10.0.0.9:6379'}));

	it.each([
		['NOGOODSLAVE No suitable replica to promote', 'no replica can be promoted now (NOGOODSLAVE)'],
		['INPROG Failover already in progress', 'a failover is under way already (INPROG)'],
		['ERR other', 'ERR other'],
	])('failed by %j', async (message, detail) =>
		expect(await run(healthy, new ServerRefusedError(message))).toMatchObject({outcome: 'failed', detail, sent: 1}),
	);
});
