import {describe, expect, it, onTestFinished} from 'vitest';
import type {MasterMove} from '../../src/poll/sentinel-watcher.ts';
import {Secret} from '../../src/redis/secret.ts';
import {failoverOutlook} from '../../src/store/failover-outlook.ts';
import {seeing} from '../../src/store/sentinel-watch.ts';
import type {ConsoleState} from '../../src/store/store.ts';
import {auditOf, runnerOf} from '../helpers/action-server.ts';
import {check} from '../helpers/check-run.ts';
import {startProxy} from '../helpers/proxy.ts';
import {listenToSentinels} from '../helpers/sentinel-witness.ts';
import {masterName, sentinelArgv, startSentinels} from '../helpers/sentinels.ts';
import {openTestSession, targetOf} from '../helpers/server-session.ts';
import {endlessEval, endlessWriter, startEndless} from '../helpers/stuck-script.ts';
import {until} from '../helpers/until.ts';

const server = {conf: {'busy-reply-threshold': 300}};

async function startGroup(options: Parameters<typeof startSentinels>[0]) {
	const group = await startSentinels({server, ...options});
	onTestFinished(group.stop);
	return group;
}

const sights = ({snapshot: {sentinels}}: ConsoleState) => (sentinels ? seeing(sentinels) : []);
const names = ({snapshot: {sentinels}}: ConsoleState) => (sentinels?.events ?? []).map(({name}) => name);

describe('with a password of their own', () => {
	const password = 'hunter2';

	it('they are asked and heard with it, and what they do is followed', async () => {
		const group = await startGroup({password});
		const moves: MasterMove[] = [];
		const access = {nodes: group.group.map(({port}) => ({kind: 'tcp' as const, host: '127.0.0.1', port})), master: masterName, username: undefined};
		const plain = await targetOf([group.master.url]);
		const target = {...plain, name: masterName, sentinel: {...access, password: new Secret(password)}};
		const session = await openTestSession(target, {onSwitch: move => moves.push(move)});
		await session.until('all are seen', state => sights(state).length === 3);
		const [first] = sights(session.state());
		expect(first).toMatchObject({
			master: {flags: ['master'], quorum: 2},
			quorum: {isReached: true, usable: 3},
			replicas: [{address: `127.0.0.1:${group.replica?.port}`}],
		});

		await until('a failover begins', async () => (await group.group[0]?.call('SENTINEL', 'FAILOVER', masterName)) === 'OK');
		await session.until('the switch is heard', state => names(state).includes('+switch-master'), 20_000);
		await until('the switch is followed', () => moves.length > 0);
		expect(moves).toEqual([{from: `127.0.0.1:${group.master.port}`, to: `127.0.0.1:${group.replica?.port}`, epoch: 1, isHere: true}]);
		// In the order in which they came, each told once.
		const told = session.state().timeline.map(({text}) => text.split(':', 1)[0]);
		expect(told.filter(text => text === '+switch-master')).toHaveLength(1);
		await session.until('all see the new one', state => sights(state).every(({master}) => master.address === `127.0.0.1:${group.replica?.port}`));
		expect(moves).toHaveLength(1);
		expect(session.state().snapshot.sentinels?.following).toBe(`127.0.0.1:${group.replica?.port}`);
	}, 60_000);
});

it('where they have been told of the master anew, and count from the beginning, they are followed all the same', async () => {
	const group = await startGroup({});
	const {master, replica} = group;
	if (!replica) throw new Error('no replica');
	const [here, there] = [master, replica].map(({port}) => `127.0.0.1:${port}`) as [string, string];
	const moves: MasterMove[] = [];
	const session = await openTestSession(await targetOf(sentinelArgv(group.nodes)), {onSwitch: move => moves.push(move)});
	await session.until('all are seen', state => sights(state).length === 3);
	await until('a failover begins', async () => (await group.group[0]?.call('SENTINEL', 'FAILOVER', masterName)) === 'OK');
	await until('it is followed', () => moves.length === 1, 20_000);
	await session.until('all see the new one', state => sights(state).every(({master: seen}) => seen.address === there));

	for (const {call} of group.group) await call('SENTINEL', 'REMOVE', masterName);
	await master.call('REPLICAOF', 'NO', 'ONE');
	await replica.call('REPLICAOF', '127.0.0.1', String(master.port));
	for (const {call} of group.group) await call('SENTINEL', 'MONITOR', masterName, '127.0.0.1', String(master.port), '2');
	await until('they are followed', () => moves.length === 2, 20_000);
	expect(moves).toMatchObject([
		{from: here, to: there, epoch: 1},
		{from: there, to: here, epoch: 0, isAnew: true, isHere: true},
	]);
	expect(session.state().snapshot.sentinels).toMatchObject({following: here, latest: {address: here, epoch: 0}});
}, 60_000);

describe('while the master is BUSY', () => {
	it('one that is frozen holds nobody up, connections that are cut come back, and no Sentinel is asked more than it must', async () => {
		const group = await startGroup({});
		const proxies = await Promise.all(group.group.map(({port}) => startProxy(port)));
		for (const {close} of proxies) onTestFinished(close);
		const session = await openTestSession(await targetOf(sentinelArgv(proxies.map(({port}) => `127.0.0.1:${port}`))));
		await session.until('all are seen', state => sights(state).length === 3);
		const asked = () => proxies.map(({sentBy}) => sentBy('sentinel-watch').length);
		const calm = asked();
		const third = group.group[2];
		third?.signal('SIGSTOP');
		onTestFinished(() => void third?.signal('SIGCONT'));
		const {ended} = await startEndless(group.master, endlessEval);
		onTestFinished(async () => void (await group.master.call('SCRIPT', 'KILL').catch(() => undefined)));
		await session.until('it counts', ({snapshot, nowMs}) => failoverOutlook(snapshot, nowMs)?.phase === 'counting');
		await session.until('the frozen one is told', ({snapshot}) => snapshot.sentinels?.sights.some(({error}) => error !== undefined));
		const sinceMs = session.state().nowMs;
		await session.until('the others are read again and again', state => sights(state).length === 2 && sights(state).every(({atMs}) => atMs > sinceMs + 1500));
		const tookMs = session.state().nowMs - sinceMs;
		expect(tookMs).toBeLessThan(3500);
		// Five reads a look, two looks a second.
		const busy = asked();
		expect((busy[0] ?? 0) - (calm[0] ?? 0)).toBeLessThan(5 * 2 * 10);
		expect((busy[0] ?? 0) - (calm[0] ?? 0)).toBeGreaterThan(5 * 3);

		for (const proxy of proxies) proxy.cut();
		const cutAtMs = session.state().nowMs;
		await session.until('they are asked again', state => sights(state).length === 2 && sights(state).every(({atMs}) => atMs > cutAtMs));
		await until('they are listened to again', () =>
			proxies.slice(0, 2).every(({sentBy}) => sentBy('sentinel-watch-events').filter(([command]) => command === 'psubscribe').length >= 2),
		);
		third?.signal('SIGCONT');
		await session.until('all are seen again', state => sights(state).length === 3, 20_000);
		await group.master.call('SCRIPT', 'KILL');
		await ended;
		await session.until(
			'it counts no longer',
			({snapshot, nowMs, findings}) => !failoverOutlook(snapshot, nowMs) && findings.every(({id}) => id !== 'script.busy'),
		);
	}, 60_000);

	it('the loss is told before it happens, and a higher down-after that is set in time averts it', async () => {
		const group = await startGroup({downAfterMs: 6000});
		const witness = await listenToSentinels(group);
		const session = await openTestSession(await targetOf(sentinelArgv(group.nodes)));
		await session.until('all are seen', state => sights(state).length === 3);
		await session.until('actions can run', ({session: {acting}}) => acting === 'open');
		await startEndless(group.master, endlessWriter);
		const run = runnerOf(session);
		await session.until('BUSY', ({snapshot}) => snapshot.server.kind === 'BUSY');
		const killed = await run('script.kill');
		expect(killed.result.outcome).toBe('failed');
		const risk = await session.until('the loss is told', ({findings}) => findings.find(({id}) => id === 'replication.lost-writes-risk'));
		expect(risk.title).toMatch(/^What the script has written will be LOST: failover in [1-6]s$/);
		expect(witness.heard.map(({name}) => name)).not.toContain('+sdown');

		const raised = await run('sentinel.down-after', {choice: {set: {ms: '120000'}}});
		expect(raised.result.outcome).toBe('done');
		await session.until('it is averted', ({findings}) => findings.every(({id}) => id !== 'sentinel.failover-near' && id !== 'replication.lost-writes-risk'));
		const {snapshot, nowMs} = session.state();
		expect((failoverOutlook(snapshot, nowMs)?.sdownAtMs ?? 0) - nowMs).toBeGreaterThan(100_000);
		expect((await auditOf(session)).map(({action}) => action)).toContain('sentinel.down-after');
		// Past the old down-after nobody has done anything.
		const begunAtMs = snapshot.server.begunAfterMs ?? snapshot.server.sinceMs;
		await session.until('the old time is over', state => state.nowMs > begunAtMs + 8000);
		expect(witness.heard.map(({name}) => name)).not.toContain('+sdown');
	}, 60_000);
});

it('says that nobody could fail over when too few are left, and that it is over', async () => {
	const group = await startGroup({downAfterMs: 1500});
	const session = await openTestSession(await targetOf(sentinelArgv(group.nodes)));
	await session.until('all are seen', state => sights(state).length === 3);
	for (const sentinel of group.group.slice(1)) sentinel.signal('SIGSTOP');
	const finding = await session.until('it is found', ({findings}) => findings.find(({id}) => id === 'sentinel.no-quorum'), 25_000);
	expect(finding).toMatchObject({severity: 'P2', title: 'Sentinel cannot fail over: no quorum: 1 usable Sentinel'});
	// A check tells it too, at its first look.
	expect((await check(sentinelArgv(group.nodes))).ids).toContain('sentinel.no-quorum');
	for (const sentinel of group.group.slice(1)) sentinel.signal('SIGCONT');
	await session.until('it is over', ({findings}) => findings.every(({id}) => id !== 'sentinel.no-quorum'), 25_000);
}, 90_000);
