import {expect, it} from 'vitest';
import {type Fleet, type FleetNode, nodeWords} from '../../src/store/fleet.ts';
import {stateWith} from '../helpers/fixtures.ts';
import {clusterOf, fleetNode} from '../helpers/fleet.ts';

const here = stateWith().session.target.address;
const at = (change: Partial<FleetNode>): FleetNode => ({...fleetNode(change), id: '0123456789abcdef', address: here});
const ranges = [0, 10, 20, 30, 40].map(from => ({from, to: from === 0 ? 0 : from + 5}));

it.each<[string, Fleet | undefined, string | undefined]>([
	['no fleet', undefined, undefined],
	['its replicas', clusterOf([at({})], {kind: 'replicas'}), undefined],
	['a master', clusterOf([fleetNode(), at({slots: [{from: 0, to: 5460}]})]), '01234567, slots 0-5460; of the whole cluster this node alone'],
	['one with many ranges', clusterOf([at({slots: ranges})]), '01234567, slots 0, 10-15, 20-25 and 2 more ranges; of the whole cluster this node alone'],
	['one without slots', clusterOf([at({slots: []})]), '01234567, no slots; of the whole cluster this node alone'],
	[
		'a replica',
		clusterOf([at({role: 'replica', slots: [], masterAddress: '10.0.0.1:7001'})]),
		'01234567, replica of 10.0.0.1:7001; of the whole cluster this node alone',
	],
	[
		'one that says nothing of a cluster',
		clusterOf([], {problem: 'ERR This instance has cluster support disabled'}),
		'not known: ERR This instance has cluster support disabled',
	],
])('which node of a cluster is looked at: %s', (_what, fleet, words) => expect(nodeWords(stateWith({fleet}))).toBe(words));
