import {expect, it} from 'vitest';
import {parseMasterNames, parseOtherSentinels, parseWatchedMaster, parseWatchedReplicas} from '../../../src/redis/parse/sentinel.ts';
import {masterReply, replicaReply} from '../../helpers/sentinel-replies.ts';

it('reads a master, with IPv6 in brackets', () => {
	expect(parseWatchedMaster(masterReply({ip: '::1', flags: 's_down,master', 's-down-time': '500', 'failover-state': 'wait_promotion'}))).toEqual({
		address: '[::1]:6379',
		flags: ['s_down', 'master'],
		failoverState: 'wait_promotion',
		downAfterMs: 30_000,
		downForMs: 500,
		configEpoch: 4,
	});
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
