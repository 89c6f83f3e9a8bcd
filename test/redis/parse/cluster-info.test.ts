import {expect, it} from 'vitest';
import {parseClusterInfo} from '../../../src/redis/parse/cluster-info.ts';

/** CLUSTER INFO of 7.0.15, a node alone that has one slot too few. */
const alone = [
	'cluster_state:fail',
	'cluster_slots_assigned:16383',
	'cluster_slots_ok:16383',
	'cluster_slots_pfail:0',
	'cluster_slots_fail:0',
	'cluster_known_nodes:1',
	'cluster_size:1',
	'cluster_current_epoch:0',
	'cluster_my_epoch:0',
	'cluster_stats_messages_sent:0',
	'cluster_stats_messages_received:0',
	'total_cluster_links_buffer_limit_exceeded:0',
	'',
].join('\r\n');

it('reads what the node thinks of its cluster', () => {
	expect(parseClusterInfo(alone)).toEqual({state: 'fail', slotsAssigned: 16_383, slotsOk: 16_383, slotsPfail: 0, slotsFail: 0, knownNodes: 1, size: 1});
	expect(parseClusterInfo(alone.replace('fail', 'ok')).state).toBe('ok');
});

it('knows nothing of what is not told', () => {
	expect(parseClusterInfo('')).toEqual({});
});
