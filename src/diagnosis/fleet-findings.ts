import type {Finding} from '../store/finding.ts';
import {type FleetNode, otherNodes} from '../store/fleet.ts';
import type {ConsoleState} from '../store/store.ts';
import {type DiagnoseOptions, diagnose, saysTheSame, worstFirst} from './diagnose.ts';
import {weighedHere} from './fleet-weight.ts';
import type {Thresholds} from './thresholds.ts';

/** From so many nodes on that have the same trouble it is told once for all of them. */
const manyNodes = 4;

/** What is wrong with the server that is looked at and with those beside it, worst first; of equals its own first. */
export function diagnoseAll(state: ConsoleState, thresholds: Thresholds, options: DiagnoseOptions = {}): readonly Finding[] {
	const own = weighedHere(diagnose({...state, findings: state.findings.filter(({node}) => node === undefined)}, thresholds, options), state);
	const standing = new Set(own.map(({id}) => id));
	// A risk that this server runs too is no news of another one, unless each of them may lose something of its own.
	const others = othersFindings(
		otherNodes(state),
		({id, severity}) => severity !== 'P2' || !standing.has(id) || (id === 'ha.none' && state.fleet?.kind === 'cluster'),
	);
	const all = others.length === 0 ? own : worstFirst([...own, ...others]);
	return saysTheSame(all, state.findings) ? state.findings : all;
}

type Found = {readonly node: FleetNode; readonly finding: Finding};

function othersFindings(nodes: readonly FleetNode[], isNews: (finding: Finding) => boolean): readonly Finding[] {
	const byId = new Map<string, Found[]>();
	for (const node of nodes) for (const finding of node.findings.filter(isNews)) byId.set(finding.id, [...(byId.get(finding.id) ?? []), {node, finding}]);
	return [...byId.values()].flatMap(found => (found.length < manyNodes ? found.map(single) : [together(found)]));
}

/** Actions go to the server that is looked at alone: of another one only the way there is offered. */
const elsewhere = (address: string, finding: Finding): Pick<Finding, 'remedies' | 'steps' | 'node'> => ({
	node: address,
	remedies: [],
	steps:
		finding.remedies.length > 0
			? [`Enter goes to ${address}: what can be done about it is offered there.`, ...(finding.steps ?? [])]
			: [...(finding.steps ?? []), `Enter goes to ${address}.`],
});

const single = ({node, finding}: Found): Finding => ({
	...finding,
	...elsewhere(node.address, finding),
	id: `${finding.id}@${node.address}`,
	title: `[${node.address}] ${finding.title}`,
});

function together(found: readonly Found[]): Finding {
	const [worst] = worstFirst(found.map(single));
	const [{finding}] = found as readonly [Found, ...Found[]];
	const addresses = found.map(({node}) => node.address);
	const first = worst ?? finding;
	return {
		...first,
		id: `${finding.id}@nodes`,
		title: `[${addresses.length} nodes] ${first.title.replace(/^\[\S+\] /, '')}`,
		evidence: addresses.join(', '),
	};
}
