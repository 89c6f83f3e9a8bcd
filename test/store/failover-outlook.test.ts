import {describe, expect, it} from 'vitest';
import {failoverOutlook} from '../../src/store/failover-outlook.ts';
import {countdownMeaning, countdownText, failoverInText} from '../../src/store/failover-words.ts';
import type {SentinelWatch} from '../../src/store/sentinel-watch.ts';
import {noonMs, type StateParts, stateWith} from '../helpers/fixtures.ts';
import {owed, replicaReply, sightsAt} from '../helpers/sentinel-replies.ts';

const busy: StateParts = {server: {kind: 'BUSY', running: 'script'}};
const snapshotOf = (sentinels: SentinelWatch, parts: StateParts = busy) => stateWith({...parts, snapshot: {...parts.snapshot, sentinels}}).snapshot;
const outlookOf = (sentinels: SentinelWatch, parts: StateParts = busy, atMs = noonMs) => failoverOutlook(snapshotOf(sentinels, parts), atMs);
const down = {flags: 's_down,master', 's-down-time': '500', 'last-ping-sent': '30600'};

function present<T>(value: T | undefined): T {
	if (value === undefined) throw new Error('there is no outlook');
	return value;
}

describe('when Sentinel will act', () => {
	it('is not asked while every Sentinel gets its replies, or none is known', () => {
		expect(outlookOf(sightsAt(noonMs))).toBeUndefined();
		expect(failoverOutlook(stateWith(busy).snapshot, noonMs)).toBeUndefined();
		// On its way, as it is on a healthy server now and then.
		expect(outlookOf(sightsAt(noonMs, {masters: owed(1, 0, 250)}), {})).toBeUndefined();
	});

	it('comes from their own figures: the first takes it for down by itself, the second makes the quorum, and then a second passes', () => {
		expect(outlookOf(sightsAt(noonMs, {masters: owed(10_000, 10_900, 10_400)}))).toEqual({
			phase: 'counting',
			sdownAtMs: noonMs + 19_180,
			odownAtMs: noonMs + 19_780,
			switchAtMs: noonMs + 20_880,
			downCount: 0,
			sentinels: 3,
			quorum: 2,
			obstacle: undefined,
			heir: '10.0.0.10:6379',
			downAfterMs: 30_000,
		});
	});

	it('counts from the first PING that is owed, once the server is known to stand still', () => {
		const sights = sightsAt(noonMs, {masters: owed(1, 0, 250)});
		expect(outlookOf(sights, {server: {kind: 'BUSY', sinceMs: noonMs - 100}})?.sdownAtMs).toBe(noonMs + 29_830);
		// What was on its way before that has been answered since.
		expect(outlookOf(sights, {server: {kind: 'BUSY', sinceMs: noonMs + 100}})).toBeUndefined();
	});

	it('runs on between two looks', () => {
		const sights = sightsAt(noonMs, {masters: owed(10_000, 10_900, 10_400), agoMs: 400});
		expect(outlookOf(sights)?.sdownAtMs).toBe(noonMs + 18_780);
		expect(countdownText(present(outlookOf(sights)), noonMs + 3000)).toBe('+sdown in 15.7s, then failover');
	});

	it('follows a down-after that is raised', () => {
		const masters = owed(10_000, 10_000, 10_000).map(fields => ({...fields, 'down-after-milliseconds': '60000'}));
		expect(outlookOf(sightsAt(noonMs, {masters}))?.sdownAtMs).toBe(noonMs + 50_080);
	});

	it('counts from the last valid reply where the connection is gone', () => {
		const gone = {flags: 'master,disconnected', 'last-ok-ping-reply': '12000'};
		expect(outlookOf(sightsAt(noonMs, {masters: [gone, gone, gone]}), {server: {kind: 'DOWN'}})?.sdownAtMs).toBe(noonMs + 18_080);
	});

	it('expects of one whose PING is not due yet what the others see, only where the console sees it too', () => {
		const sights = sightsAt(noonMs, {masters: owed(400, 0, 0)});
		expect(outlookOf(sights)).toMatchObject({sdownAtMs: noonMs + 29_680, odownAtMs: noonMs + 30_680, obstacle: undefined});
		expect(outlookOf(sights, {})).toMatchObject({odownAtMs: undefined, switchAtMs: undefined, obstacle: 'too few Sentinels miss its replies'});
	});

	it('is told by the one with the shortest down-after, also before that one has sent its PING', () => {
		const masters = [{'down-after-milliseconds': '4000'}, ...owed(700, 300)];
		expect(outlookOf(sightsAt(noonMs, {masters}))?.sdownAtMs).toBe(noonMs + 4580);
		expect(outlookOf(sightsAt(noonMs, {masters}), {})?.sdownAtMs).toBe(noonMs + 29_380);
	});

	it('takes one that the console cannot ask for one that sees what the others see', () => {
		expect(outlookOf(sightsAt(noonMs, {masters: owed(5000), silent: 2}))).toMatchObject({odownAtMs: noonMs + 25_180, sentinels: 3});
	});

	it.each([
		['sdown', [down, {}, {}], 1],
		['odown', [{...down, flags: 's_down,o_down,master'}, down, {}], 2],
		['failover', [{...down, flags: 's_down,o_down,master,failover_in_progress,script_kill_sent'}, down, down], 3],
		// A script that has only read was killed: the master answers again, and the failover goes on (measured on 7.0).
		['failover', [{flags: 'master,failover_in_progress', 'failover-state': 'wait_promotion'}, {}, {}], 0],
	] as const)('is at %s', (phase, masters, downCount) => {
		expect(outlookOf(sightsAt(noonMs, {masters}))).toMatchObject({phase, downCount});
	});

	it('dates what has happened', () => expect(outlookOf(sightsAt(noonMs, {masters: [down, {}, {}]}))?.sdownAtMs).toBe(noonMs - 500));
});

describe('what stands in the way', () => {
	const masters = owed(20_000, 20_000, 20_000);
	it.each([
		['no replica', {replicas: []}, 'there is no replica to promote'],
		[
			'none that is fit',
			{replicas: [replicaReply({'slave-priority': '0'})]},
			'no replica is fit: 10.0.0.10:6379: its priority is 0: it is never to be promoted',
		],
		['no quorum', {quorum: new Error('NOQUORUM 1 usable Sentinels. Not enough available')}, 'no quorum: 1 usable Sentinel'],
	])('%s', (_what, change, obstacle) => {
		const outlook = outlookOf(sightsAt(noonMs, {masters, ...change}));
		expect(outlook).toMatchObject({obstacle, switchAtMs: undefined});
		expect(countdownText(present(outlook), noonMs)).toBe(`+sdown in 10.0s, and no failover: ${obstacle}`);
	});

	it('is not the age of an INFO that Sentinel renews before it chooses', () => {
		const old = {masters: [down, down, down], replicas: [replicaReply({'info-refresh': '9000'})]};
		expect(outlookOf(sightsAt(noonMs, old))).toMatchObject({obstacle: undefined, heir: '10.0.0.10:6379'});
	});
});

describe('in words', () => {
	const near = sightsAt(noonMs, {masters: owed(26_000, 26_000, 26_000)});
	const failing = sightsAt(noonMs, {masters: [{...down, flags: 's_down,o_down,master,failover_in_progress'}, down, down]});
	const said = (sights: SentinelWatch, parts: StateParts = busy) => {
		const snapshot = snapshotOf(sights, parts);
		const outlook = failoverOutlook(snapshot, noonMs);
		return outlook ? [countdownText(outlook, noonMs), ...countdownMeaning(outlook, snapshot, noonMs), failoverInText(snapshot, noonMs)] : [];
	};

	it('of a script that may have written', () => {
		expect(said(near)).toEqual([
			'+sdown in 4.0s, then failover',
			'if it has written, its writes will be LOST',
			'+odown in 4.1s, switch in 5.2s to 10.0.0.10:6379',
			'if it only reads, Sentinel kills it after +sdown, and the failover comes all the same',
			'Sentinel fails over in 5s',
		]);
	});

	it('of one that has', () => {
		expect(said(near, {...busy, snapshot: {unkillableSinceMs: noonMs}}).slice(1, -1)).toEqual([
			'what this script has written will be LOST',
			'+odown in 4.1s, switch in 5.2s to 10.0.0.10:6379',
		]);
	});

	it('of a server that is silent for another reason', () => {
		expect(said(near, {server: {kind: 'SILENT'}})[1]).toBe('what no replica has received will be lost');
	});

	it('on a replica nothing is said of what runs there', () => {
		const away = {...near, following: undefined};
		const [, loss, ...rest] = said(away, {...busy, snapshot: {unkillableSinceMs: noonMs}});
		expect(loss).toBe('what no replica has received will be lost');
		expect(rest.join()).not.toContain('kill');
		expect(said(away).at(-1)).toBe('');
	});

	it('once it cannot be stopped any more', () => {
		expect(said(failing)).toEqual([
			'FAILOVER UNDER WAY: switch in about 0.7s',
			'if it has written, its writes will be LOST; a kill no longer stops it',
			'Sentinel is failing over',
		]);
	});

	it('when it does not come', () => {
		const late = {...down, flags: 's_down,o_down,master', 's-down-time': '9000'};
		expect(said(sightsAt(noonMs, {masters: [late, late, late]})).at(-2)).toBe(
			'it is overdue: one that has failed is tried again after twice the failover-timeout',
		);
	});
});
