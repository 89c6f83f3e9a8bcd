import {allSlots} from '../redis/parse/cluster.ts';
import {isFailed} from '../store/fleet.ts';
import {formatCount, plural} from '../text/format.ts';
import type {Rule} from './rule.ts';

/** The cluster refuses keys: all of them, or those of the slots that nobody serves. */
const clusterDown: Rule = {
	id: 'cluster.down',
	judge({state: {fleet}}) {
		const {cluster, nodes = []} = fleet ?? {};
		if (!cluster) return undefined;
		const {state, slotsOk = allSlots, slotsAssigned = allSlots} = cluster;
		const missing = allSlots - slotsOk;
		if (state !== 'fail' && missing <= 0) return undefined;
		const failed = nodes.filter(node => isFailed(node) && node.role === 'master').map(({address}) => address);
		const slots =
			missing > 0 ? `${formatCount(missing)} of ${formatCount(allSlots)} slots have no node that serves them` : 'a majority of the masters cannot be reached';
		return {
			severity: 'P0',
			title: state === 'fail' ? `The cluster is down: ${slots}` : `${slots}: keys in them are refused`,
			evidence: [
				`cluster_state:${state ?? '?'}`,
				failed.length > 0 ? `failed: ${failed.join(', ')}` : '',
				slotsAssigned < allSlots ? `${plural(allSlots - slotsAssigned, 'slot')} assigned to nobody` : '',
			]
				.filter(text => text !== '')
				.join('; '),
			meaning: [
				state === 'fail'
					? 'Every key is answered CLUSTERDOWN (cluster-require-full-coverage yes, or too few masters are left to agree on anything).'
					: 'The rest is served: cluster-require-full-coverage is off.',
				'A master that has a replica is replaced by it after cluster-node-timeout and a vote; one without has to come back.',
			],
			components: ['every client of this cluster'],
			remedies: [],
			steps: [
				...(failed.length > 0 ? [`Start the failed masters again: ${failed.join(', ')}.`] : []),
				'On any node that answers: redis-cli --cluster check HOST:PORT. Slots that nobody has: redis-cli --cluster fix HOST:PORT.',
				'A replica whose master will not come back, and that was not promoted: CLUSTER FAILOVER TAKEOVER on it; what its master had not sent is lost.',
			],
			over: 'cluster_state:ok and all slots covered',
		};
	},
};

export const clusterRules: readonly Rule[] = [clusterDown];
