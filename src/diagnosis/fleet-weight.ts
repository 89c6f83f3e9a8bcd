import type {Finding} from '../store/finding.ts';
import {type Fleet, type FleetNode, isTakenOver, stopsNobody} from '../store/fleet.ts';
import {answersReads} from '../store/server-state.ts';
import type {ConsoleState} from '../store/store.ts';
import {worstFirst} from './diagnose.ts';

/** What is about all of them, whichever tells it. */
const ofGroup = /^(cluster|sentinel)\./;

/** The fleet with every node's findings as bad as they are for those who use it: the one place where that is weighed, for lists, counts and strip alike. */
export function weighedFleet(fleet: Fleet): Fleet {
	const nodes = fleet.nodes.map(node => {
		const findings = weighed(node.findings, node, fleet.kind);
		return findings === node.findings ? node : {...node, findings};
	});
	return {...fleet, nodes};
}

/** What the session itself has found, weighed alike. Of a cluster only, and as long as another node tells who serves the slots. */
export function weighedHere(findings: readonly Finding[], {fleet, session}: Pick<ConsoleState, 'fleet' | 'session'>): readonly Finding[] {
	const {address} = session.target;
	const node = fleet?.nodes.find(one => one.address === address);
	const isTold = fleet?.kind === 'cluster' && fleet.nodes.some(one => one !== node && answersReads(one.server));
	return node && isTold ? weighed(findings, node, fleet.kind) : findings;
}

function weighed(findings: readonly Finding[], node: FleetNode, kind: Fleet['kind']): readonly Finding[] {
	if (!stopsNobody(node) || !findings.some(isWeighed)) return findings;
	return worstFirst(findings.map(finding => (isWeighed(finding) ? lighter(finding, node, kind) : finding)));
}

const isWeighed = ({id, severity}: Finding): boolean => severity === 'P0' && !ofGroup.test(id);

function lighter(finding: Finding, node: FleetNode, kind: Fleet['kind']): Finding {
	const light = {...finding, severity: 'P1' as const};
	if (finding.id !== 'server.down' || kind !== 'cluster') return light;
	if (node.role === 'replica') return {...light, components: [oneCopyLess, 'whoever reads from this replica']};
	return isTakenOver(node) ? {...light, components: [oneCopyLess], steps: [rejoins]} : light;
}

const oneCopyLess = 'redundancy: one copy less';
const rejoins = 'Its slots are served by others now; start it again and it rejoins as a replica.';
