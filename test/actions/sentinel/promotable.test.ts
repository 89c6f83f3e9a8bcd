import {describe, expect, it} from 'vitest';
import {behindText, candidates} from '../../../src/actions/sentinel/promotable.ts';
import {parseWatchedMaster} from '../../../src/redis/parse/sentinel.ts';
import {noonMs, stateWith} from '../../helpers/fixtures.ts';
import {masterReply, replicaReply} from '../../helpers/sentinel-replies.ts';

function ranked(replicas: readonly (readonly string[])[], masterChange: Readonly<Record<string, string>> = {}) {
	const master = parseWatchedMaster(masterReply(masterChange));
	if (!master) throw new Error('no master');
	return candidates(replicas, master);
}

describe('which replica Sentinel would take', () => {
	const named = (runid: string, change: Readonly<Record<string, string>> = {}) => replicaReply({runid, ...change});
	it.each([
		['the lowest priority', [named('a', {'slave-priority': '100'}), named('b', {'slave-priority': '10'})], 'b'],
		['then the furthest', [named('a', {'slave-repl-offset': '10'}), named('b', {'slave-repl-offset': '11'})], 'b'],
		['then the first run id', [named('b'), named('a')], 'a'],
		['a fit one before any other', [named('a', {'slave-priority': '0'}), named('b', {'slave-priority': '200'})], 'b'],
	])('%s', (_what, replicas, runId) => expect(ranked(replicas)[0]).toMatchObject({runId, unfit: undefined}));

	it.each([
		[{flags: 's_down,slave'}, 'it is down'],
		[{flags: 'slave,disconnected'}, 'Sentinel has no connection to it'],
		[{'last-ok-ping-reply': '5001'}, 'it has not answered for 5s'],
		[{'slave-priority': '0'}, 'its priority is 0: it is never to be promoted'],
		[{'info-refresh': '30001'}, 'it was last looked at 30s ago'],
		[{'master-link-down-time': '300001'}, 'its link to the master has been down for 5m00s'],
		[{'last-ok-ping-reply': '5000', 'info-refresh': '30000', 'master-link-down-time': '300000'}, undefined],
	])('not one of %j', (change, unfit) => expect(ranked([replicaReply(change)])[0]?.unfit).toBe(unfit));

	it('judges otherwise while the master is down', () => {
		const down = {flags: 's_down,master', 's-down-time': '60000'};
		expect(ranked([replicaReply({'info-refresh': '5001'})], down)[0]?.unfit).toBe('it was last looked at 5s ago');
		expect(ranked([replicaReply({'master-link-down-time': '360000'})], down)[0]?.unfit).toBeUndefined();
		expect(ranked([replicaReply({'master-link-down-time': '360001'})], down)[0]?.unfit).toBeDefined();
	});

	it.each([[null], [new Error('ERR')], ['OK'], [[['ip']]]])('is none in %j', reply => expect(ranked(reply as never)).toEqual([]));
});

describe('how far behind', () => {
	const info = {masterReplOffset: 5000, replicas: [{address: 'r:1', state: 'online', offset: 4000, lagSeconds: 0}]};
	it.each([
		['r:1', stateWith({info}), '1000B behind'],
		['r:2', stateWith({info}), 'how far behind is not known'],
		['r:1', stateWith({}), 'how far behind is not known'],
		['r:1', {...stateWith({info}), nowMs: noonMs + 60_000}, '1000B behind 1m00s ago'],
	])('%s', (replica, state, text) => expect(behindText(replica, state)).toBe(text));
});
