import {plural} from '../text/format.ts';
import {type Fleet, type FleetNode, slotsIn, slotsInAll, slotsUnserved} from './fleet.ts';
import type {Happening} from './timeline.ts';

type Bare = Pick<Happening, 'kind' | 'text' | 'details'> & {readonly subject?: string};

/** What has changed among the others: who is there, who is the master, which slots are on their way, whether the cluster serves keys. That one is down its finding tells. */
export function fleetHappenings(before: Fleet | undefined, after: Fleet | undefined, atMs: number): readonly Happening[] {
	if (!before || !after || before === after || before.kind !== after.kind || before.nodes.length === 0) return [];
	const keyed = new Map(before.nodes.map(node => [keyOf(node), node]));
	const stays = after.nodes.flatMap(node => {
		const was = keyed.get(keyOf(node));
		return was ? [{was, node}] : [];
	});
	// Which of them is not looked at, and so is listed, changes with the eye, not with the world.
	const members = after.kind === 'cluster' ? memberEvents(before, after) : [];
	const events: readonly Bare[] = [
		...members,
		...stays.flatMap(({was, node}) => roleEvents(was, node)),
		...moveEvents(before, after),
		...clusterEvents(before, after),
	];
	return events.map(event => ({...event, atMs, severity: undefined}));
}

const keyOf = ({id, address}: FleetNode): string => id ?? address;

function memberEvents(before: Fleet, after: Fleet): readonly Bare[] {
	const [old, now] = [before, after].map(({nodes}) => new Set(nodes.map(keyOf)));
	const left = `${plural(after.nodes.length, 'node')} now`;
	return [
		...before.nodes.filter(node => !now?.has(keyOf(node))).map(({address}) => link(`gone:${address}`, `Node ${address} has left the cluster: ${left}`)),
		...after.nodes.filter(node => !old?.has(keyOf(node))).map(({address}) => link(`come:${address}`, `Node ${address} has joined the cluster: ${left}`)),
	];
}

const link = (subject: string, text: string): Bare => ({kind: 'link', text, details: [], subject});

function roleEvents(was: FleetNode, node: FleetNode): readonly Bare[] {
	if (was.role === undefined || node.role === undefined) return [];
	if (was.role !== node.role) {
		const text =
			node.role === 'master'
				? `Failover: ${node.address} is the master now; it was a replica of ${was.masterAddress ?? '?'}`
				: `${node.address} is a replica of ${node.masterAddress ?? '?'} now; it was a master`;
		return [{kind: 'server', text, details: []}];
	}
	const isMoved = node.role === 'replica' && was.masterAddress !== undefined && node.masterAddress !== undefined && was.masterAddress !== node.masterAddress;
	return isMoved ? [{kind: 'server', text: `${node.address} follows ${node.masterAddress} now; it followed ${was.masterAddress}`, details: []}] : [];
}

/** From here to there, how many slots: one that gives them tells it, one that takes them may be the only one that does. */
function movesOf({nodes}: Fleet): ReadonlyMap<string, number> {
	const addressOf = new Map(nodes.map(({id, address}) => [id, address]));
	const slots = new Map<string, Set<number>>();
	for (const node of nodes)
		for (const {slot, way, nodeId} of node.moves) {
			const other = addressOf.get(nodeId) ?? nodeId.slice(0, 8);
			const key = way === 'to' ? `${node.address} to ${other}` : `${other} to ${node.address}`;
			slots.set(key, (slots.get(key) ?? new Set()).add(slot));
		}
	return new Map([...slots].map(([key, set]) => [key, set.size]));
}

function moveEvents(before: Fleet, after: Fleet): readonly Bare[] {
	const [was, is] = [movesOf(before), movesOf(after)];
	const began = [...is.keys()].filter(key => !was.has(key)).map(key => link(`moving:${key}`, `Slots are moving from ${key}`));
	const ended = [...was.keys()].filter(key => !is.has(key)).map(key => link(`moved:${key}`, `No slots are moving any more from ${key}`));
	return [...began, ...ended, ...ownerEvents(before, after)];
}

/** Slots that have another master than before, whoever moved them; a failover, which moves all of them at once, is told as what it is. */
function ownerEvents(before: Fleet, after: Fleet): readonly Bare[] {
	const counts = (fleet: Fleet) => new Map(fleet.nodes.filter(({role}) => role === 'master').map(node => [keyOf(node), slotsIn(node)]));
	const [was, is] = [counts(before), counts(after)];
	const changed = after.nodes.flatMap(node => {
		const [old, now] = [was.get(keyOf(node)), is.get(keyOf(node))];
		return old === undefined || now === undefined || old === now || now === 0 ? [] : `${node.address} ${old} to ${now}`;
	});
	if (changed.length === 0) return [];
	const more = changed.length > 4 ? ` and ${changed.length - 4} more` : '';
	// While many slots move one after the other it is one event that goes on.
	return [{kind: 'link', text: `Slots have another master now: ${changed.slice(0, 4).join(', ')}${more}`, details: changed, subject: 'slots'}];
}

function clusterEvents({cluster: was}: Fleet, {cluster: is}: Fleet): readonly Bare[] {
	if (!was || !is) return [];
	const state = was.state !== undefined && is.state !== undefined && was.state !== is.state;
	const [before, now] = [slotsUnserved(was), slotsUnserved(is)];
	const covered = before !== undefined && now !== undefined && before !== now;
	return [
		...(state
			? [
					{
						kind: 'server' as const,
						text: is.state === 'fail' ? 'The cluster is down: keys are answered CLUSTERDOWN' : 'The cluster serves keys again',
						details: [],
					},
				]
			: []),
		...(covered ? [link('covered', `Slots covered by nodes that have not failed: ${slotsInAll - now} of ${slotsInAll}, ${slotsInAll - before} before`)] : []),
	];
}
