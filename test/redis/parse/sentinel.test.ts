import {expect, it} from 'vitest';
import {parseMasterNames, parseOtherSentinels, parseQuorumCheck, parseWatchedMaster, parseWatchedReplicas} from '../../../src/redis/parse/sentinel.ts';
import {masterReply, replicaReply} from '../../helpers/sentinel-replies.ts';

it('reads a master, with IPv6 in brackets', () => {
	expect(parseWatchedMaster(masterReply({ip: '::1', flags: 's_down,master', 's-down-time': '500', 'failover-state': 'wait_promotion'}))).toEqual({
		address: '[::1]:6379',
		flags: ['s_down', 'master'],
		failoverState: 'wait_promotion',
		downAfterMs: 30_000,
		downForMs: 500,
		pingOwedMs: 0,
		lastOkPingMs: undefined,
		lastPingMs: undefined,
		quorum: undefined,
		otherSentinels: undefined,
		failoverTimeoutMs: undefined,
		configEpoch: 4,
	});
});

it('reads how long a valid reply has been owed', () => {
	// Measured on 7.0 while the master answered BUSY.
	const busy = {'last-ping-sent': '5601', 'last-ok-ping-reply': '6683', 'last-ping-reply': '494', quorum: '2', 'num-other-sentinels': '2'};
	expect(parseWatchedMaster(masterReply({...busy, 'failover-timeout': '10000'}))).toMatchObject({
		pingOwedMs: 5601,
		lastOkPingMs: 6683,
		lastPingMs: 494,
		quorum: 2,
		otherSentinels: 2,
		failoverTimeoutMs: 10_000,
	});
});

it.each([
	['OK 3 usable Sentinels. Quorum and failover authorization can be reached', {isReached: true, usable: 3}],
	[new Error('NOQUORUM 1 usable Sentinels. Not enough available Sentinels to reach the majority'), {isReached: false, usable: 1}],
	[new Error('ERR No such master with that name'), undefined],
	[null, undefined],
])('reads whether there is a quorum: %s', (reply, expected) => {
	const check = parseQuorumCheck(reply);
	expect(check && {isReached: check.isReached, usable: check.usable}).toEqual(expected);
});

it('reads replicas, other Sentinels and the names of masters', () => {
	expect(parseWatchedReplicas([replicaReply()])).toEqual([
		{address: '10.0.0.10:6379', runId: 'b1', flags: ['slave'], priority: 100, offset: 5000, linkDownMs: 0, lastOkPingMs: 120, infoAgeMs: 900},
	]);
	expect(parseOtherSentinels([['name', 'x', 'ip', 's2', 'port', '26379', 'runid', 'c2']])).toEqual([{host: 's2', port: 26_379, runId: 'c2'}]);
	expect(parseMasterNames([masterReply(), masterReply({name: 'other'})])).toEqual(['shop', 'other']);
});

it.each([[null], [undefined], ['OK'], [7], [new Error('ERR No such master')], [[]], [[[]]], [['ip']], [[['ip', 'h']]], [[null, 'x']]])(
	'reads nothing in %j',
	reply => {
		expect(parseWatchedMaster(reply)).toBeUndefined();
		expect([...parseWatchedReplicas(reply), ...parseOtherSentinels(reply), ...parseMasterNames(reply)]).toEqual([]);
	},
);
