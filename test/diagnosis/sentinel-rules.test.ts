import {describe, expect, it} from 'vitest';
import {noonMs, type StateParts} from '../helpers/fixtures.ts';
import {owed, replicaReply, sightsAt} from '../helpers/sentinel-replies.ts';
import {find, found, standing} from './healthy.ts';

type Sighted = Parameters<typeof sightsAt>[1];
const seen = (sighted: Sighted, parts: StateParts = {}): StateParts => ({...parts, snapshot: {...parts.snapshot, sentinels: sightsAt(noonMs, sighted)}});
/** All three take it for down in about so many seconds: down-after is 30 s. */
const inSeconds = (seconds: number, change: Sighted = {}): Sighted => ({masters: owed(...Array(3).fill(30_080 - seconds * 1000)), ...change});
const busy: StateParts = {server: {kind: 'BUSY', running: 'script'}};
const unkillable: StateParts = {...busy, snapshot: {unkillableSinceMs: noonMs}};
const down = {flags: 's_down,master', 's-down-time': '500'};
const failing: Sighted = {masters: [{...down, flags: 's_down,o_down,master,failover_in_progress'}, down, down]};

describe.each(['sentinel.failover-near', 'replication.lost-writes-risk'])('%s', id => {
	it.each([
		[15, false, true],
		[15.1, false, false],
		[15.7, true, true],
		[15.9, true, false],
	])('%s s before +sdown, standing %s: %s', (seconds, isStanding, expected) => {
		const parts = {...seen(inSeconds(seconds), busy), ...(isStanding ? standing(id) : {})};
		expect(find(id, parts) !== undefined).toBe(expected);
	});

	it('follows its threshold', () => {
		expect(find(id, seen(inSeconds(20), busy), {sentinelFailoverNearSeconds: 20})).toBeDefined();
		expect(find(id, seen(inSeconds(10), busy), {sentinelFailoverNearSeconds: 9})).toBeUndefined();
	});

	it('is not found where no failover can come of it', () => {
		expect(find(id, seen(inSeconds(3, {replicas: []}), busy))).toBeUndefined();
		expect(find(id, seen(inSeconds(3, {replicas: [replicaReply({'slave-priority': '0'})]}), busy))).toBeUndefined();
		expect(find(id, seen({masters: failing?.masters ?? []}, busy))).toBeDefined();
	});

	it('stands while no Sentinel answers, and is not found then', () => {
		const silent = seen({silent: 3}, busy);
		expect(find(id, {...silent, ...standing(id)})).toMatchObject({title: 'as it was'});
		expect(find(id, silent)).toBeUndefined();
	});

	it('is over once the Sentinels get their replies again', () => expect(find(id, {...seen({}, busy), ...standing(id)})).toBeUndefined());
});

describe('sentinel.failover-near', () => {
	it('says when, why, and what still helps', () => {
		expect(find('sentinel.failover-near', seen(inSeconds(4), busy))).toMatchObject({
			severity: 'P1',
			title: 'Sentinel fails over in 4s',
			evidence: 'down-after 30s; quorum 2 of 3 Sentinels',
			remedies: ['script.kill', 'sentinel.down-after'],
		});
		expect(find('sentinel.failover-near', seen(inSeconds(4), unkillable))?.remedies).toEqual(['sentinel.down-after']);
	});

	it('offers nothing once it cannot be stopped', () => {
		expect(find('sentinel.failover-near', seen(failing, busy))).toMatchObject({title: 'Sentinel is failing over', remedies: []});
	});

	it('does not wait for a script: a server that is gone is failed over too', () => {
		const gone = {flags: 'master,disconnected', 'last-ok-ping-reply': '25000'};
		const parts = seen({masters: [gone, gone, gone]}, {server: {kind: 'DOWN'}, contact: {link: 'broken'}});
		expect(find('sentinel.failover-near', parts)).toMatchObject({title: 'Sentinel fails over in 6s', remedies: ['sentinel.down-after']});
		expect(find('replication.lost-writes-risk', parts)).toBeUndefined();
	});
});

describe.each([
	['script.busy', busy, ['script.kill', 'sentinel.down-after', 'server.shutdown-nosave'], ['script.kill', 'server.shutdown-nosave']],
	['script.unkillable', unkillable, ['sentinel.down-after', 'server.shutdown-nosave'], ['server.shutdown-nosave']],
] as const)('%s', (id, parts, counting, otherwise) => {
	it('offers more time while the Sentinels count', () => expect(find(id, seen(inSeconds(20), parts))?.remedies).toEqual(counting));
	it('no more once they act', () => expect(find(id, seen(failing, parts))?.remedies).toEqual(otherwise));
	it('nor where none is known', () => expect(find(id, parts)?.remedies).toEqual(otherwise));
});

describe('on a replica', () => {
	const away = (seconds: number, parts: StateParts) => seen({...inSeconds(seconds), following: undefined}, parts);

	it('the failover is that of the master, and nothing is offered against what runs here', () => {
		expect(find('sentinel.failover-near', away(4, busy))).toMatchObject({
			title: 'Sentinel fails over the master 10.0.0.9:6379 in 4s',
			components: ['every client of the master 10.0.0.9:6379'],
			remedies: [],
			over: expect.stringMatching(/^the master 10\.0\.0\.9:6379 answers/),
		});
		expect(find('sentinel.failover-near', seen({...failing, following: undefined}, busy))?.title).toBe('Sentinel is failing over the master 10.0.0.9:6379');
	});

	it('no writes of its script are at stake, and its script has no countdown', () => {
		expect(find('replication.lost-writes-risk', away(4, unkillable))).toBeUndefined();
		expect(find('script.busy', away(4, busy))?.evidence).toBe('12 connections wait');
	});
});

describe('replication.lost-writes-risk', () => {
	it('is said of a script that has written, and as a guess of one of which that is not known', () => {
		expect(find('replication.lost-writes-risk', seen(inSeconds(4), unkillable))).toMatchObject({
			severity: 'P1',
			title: 'What the script has written will be LOST: failover in 4s',
			evidence: 'UNKILLABLE at 12:00:00Z',
			remedies: ['sentinel.down-after'],
		});
		expect(find('replication.lost-writes-risk', seen(inSeconds(4), busy))).toMatchObject({
			title: 'If the script has written, that will be LOST: failover in 4s',
			remedies: ['script.kill', 'sentinel.down-after'],
		});
	});

	it('is not said of a silence that may be anything', () => {
		expect(find('replication.lost-writes-risk', seen(inSeconds(4), {server: {kind: 'SILENT'}}))).toBeUndefined();
	});

	it('says when it is too late', () => {
		expect(find('replication.lost-writes-risk', seen(failing, unkillable))).toMatchObject({
			title: 'What the script has written will be LOST: failover under way',
			remedies: [],
		});
	});
});

it('the countdown stands beside the script in the strip', () => {
	const [worst] = found(seen(inSeconds(4), busy));
	expect(worst).toMatchObject({id: 'script.busy', evidence: 'Sentinel fails over in 4s; 12 connections wait'});
});

describe('sentinel.no-quorum', () => {
	const refusal = new Error('NOQUORUM 1 usable Sentinels. Not enough available Sentinels to reach the specified quorum for this master');
	it.each([
		['there is one', {}, false, false],
		['none of those that answer reaches one', {quorum: refusal}, false, true],
		['nobody answers', {silent: 3}, false, false],
		['nobody answers any more', {silent: 3}, true, true],
		['there is one again', {}, true, false],
	] as const)('%s, standing %s: %s', (_what, sighted, isStanding, expected) => {
		const parts = {...seen(sighted), ...(isStanding ? standing('sentinel.no-quorum') : {})};
		expect(find('sentinel.no-quorum', parts) !== undefined).toBe(expected);
	});

	it.each([
		[2900, '0', false, false],
		[3000, '0', false, true],
		[0, '0', true, true],
		[0, '2', false, true],
	])('has lasted %i ms among Sentinels that know %s others, standing %s: %s', (noQuorumForMs, others, isStanding, expected) => {
		const masters = Array(3).fill({'num-other-sentinels': others});
		const parts = {...seen({masters, quorum: refusal, noQuorumForMs}), ...(isStanding ? standing('sentinel.no-quorum') : {})};
		expect(find('sentinel.no-quorum', parts) !== undefined).toBe(expected);
	});

	it('is not believed of one while another reaches it', () => {
		const {sights, ...watch} = sightsAt(noonMs);
		const [first, ...others] = sights;
		const cutOff = first ? [{...first, quorum: {isReached: false, usable: 1, words: refusal.message}}] : [];
		expect(find('sentinel.no-quorum', {snapshot: {sentinels: {...watch, sights: [...cutOff, ...others]}}})).toBeUndefined();
	});

	it('names those that are silent', () => {
		expect(find('sentinel.no-quorum', seen({quorum: refusal, silent: 2}))).toMatchObject({
			severity: 'P2',
			title: 'Sentinel cannot fail over: no quorum: 1 usable Sentinel',
			evidence: 'quorum 2 of 3; no answer from 10.0.3.2:26379, 10.0.3.3:26379',
		});
	});
});
