import {allSlots} from '../redis/parse/cluster.ts';
import {isFailed, slotsUnserved} from '../store/fleet.ts';
import type {ConsoleState} from '../store/store.ts';
import {formatCount, plural} from '../text/format.ts';
import type {Rule} from './rule.ts';

type Found = ReturnType<Rule['judge']>;

/** Where all nodes are watched: it refuses all keys, or those of the slots that nobody serves. */
function ofAll({fleet}: ConsoleState): Found {
	const {cluster, nodes = []} = fleet ?? {};
	if (!cluster) return undefined;
	const {state, slotsAssigned = allSlots, slotsPfail = 0} = cluster;
	const missing = slotsUnserved(cluster) ?? 0;
	// A suspicion alone takes nothing from anybody: the keys are served until a majority agrees.
	if (state !== 'fail' && missing <= 0) return undefined;
	const failed = nodes.filter(node => isFailed(node) && node.role === 'master').map(({address}) => address);
	const slots = missing > 0 ? `${formatCount(missing)} of ${formatCount(allSlots)} slots have no node that serves them` : whyNot(slotsPfail);
	return {
		severity: 'P0',
		title: state === 'fail' ? `The cluster is down: ${slots}` : `${slots}: keys in them are refused`,
		evidence: [`cluster_state:${state ?? '?'}`, failed.length > 0 ? `failed: ${failed.join(', ')}` : '', unassigned(slotsAssigned), suspicion(slotsPfail)]
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
}

const unassigned = (slotsAssigned: number): string => (slotsAssigned < allSlots ? `${plural(allSlots - slotsAssigned, 'slot')} assigned to nobody` : '');

/** All slots are assigned and of none a majority says that its node is down, and yet keys are refused. */
const whyNot = (slotsPfail: number): string =>
	slotsPfail > 0
		? `cluster_state is fail, and ${formatCount(slotsPfail)} slots are of nodes that are only suspected`
		: 'cluster_state is fail though every slot has a node, as for a moment after a start';

const suspicion = (slotsPfail: number): string =>
	slotsPfail === 0 ? '' : `${plural(slotsPfail, 'slot')} of nodes that are suspected, which no majority has confirmed`;

/** Seen from one node: the others may think otherwise for a moment. */
function ofOne({snapshot}: ConsoleState): Found {
	if (snapshot.server.kind !== 'CLUSTERDOWN') return undefined;
	const {slotsAssigned, slotsFail = 0, slotsPfail = 0, knownNodes} = snapshot.cluster.data ?? {};
	const unserved = slotsAssigned === undefined ? 0 : allSlots - slotsAssigned;
	const facts = [
		unserved === 0 ? '' : `${plural(unserved, 'slot')} of nobody`,
		slotsFail === 0 ? '' : `${plural(slotsFail, 'slot')} of nodes that are down`,
		suspicion(slotsPfail),
		knownNodes === undefined ? '' : `${plural(knownNodes, 'node')} known`,
	];
	return {
		severity: 'P0',
		title: 'The cluster is down: this node serves no key',
		evidence: ['cluster_state fail', ...facts].filter(text => text !== '').join('; '),
		meaning: [
			'Reads and writes are answered CLUSTERDOWN; PING, INFO and all that is about the server itself go on.',
			'A slot without a node is enough (cluster-require-full-coverage yes), or this node sees only the lesser part of the masters.',
		],
		components: ['every client of this cluster'],
		remedies: [],
		over: 'cluster_state is ok again',
	};
}

const clusterDown: Rule = {id: 'cluster.down', judge: ({state}) => ofAll(state) ?? ofOne(state)};

export const clusterRules: readonly Rule[] = [clusterDown];
