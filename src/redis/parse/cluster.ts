import {toCount} from './number.ts';
import {toPairs, toText, toTexts} from './reply.ts';

export type SlotRange = {readonly from: number; readonly to: number};

/** A slot on its way: `to` the node that is to have it, or `from` the one that has it still. Told of a node by that node alone. */
export type SlotMove = {readonly slot: number; readonly way: 'to' | 'from'; readonly nodeId: string};

/** One line of CLUSTER NODES: a node as the one that was asked sees it. */
export type ClusterNode = {
	readonly id: string;
	/** '' where the one that was asked does not know an address: the host is then the one that it was asked by. */
	readonly host: string;
	/** Announced beside the address (7.0 and newer). */
	readonly hostname: string | undefined;
	readonly port: number;
	/** `master`, `slave`, `fail?` (one thinks so), `fail` (agreed), `handshake`, `noaddr` … */
	readonly flags: readonly string[];
	/** The one that was asked. */
	readonly isMyself: boolean;
	readonly role: 'master' | 'replica';
	readonly masterId: string | undefined;
	/** Of two that say different things of a node the higher one knows better. */
	readonly configEpoch: number;
	readonly slots: readonly SlotRange[];
	readonly moves: readonly SlotMove[];
};

export const allSlots = 16_384;

export const slotCount = (ranges: readonly SlotRange[]): number => ranges.reduce((sum, {from, to}) => sum + to - from + 1, 0);

/** What does not look like a node is left out: newer servers may add lines and fields. */
export function parseClusterNodes(text: string): readonly ClusterNode[] {
	return text.split('\n').flatMap(line => toNode(line.trim().split(' ')) ?? []);
}

function toNode([id = '', where = '', flagText = '', master = '-', _ping, _pong, epoch, _link, ...slots]: readonly string[]): ClusterNode | undefined {
	const [endpoint = '', hostname = ''] = where.split(',');
	const [, host = '', port = ''] = /^(.*):(\d+)(?:@\d+)?$/.exec(endpoint) ?? [];
	const place = placeOf(host, port);
	if (id === '' || !place) return undefined;
	const flags = flagText.split(',').filter(flag => flag !== '' && flag !== 'noflags');
	return {
		...place,
		id,
		hostname: parseHost(hostname),
		flags: flags.filter(flag => flag !== 'myself'),
		isMyself: flags.includes('myself'),
		role: flags.includes('slave') || flags.includes('replica') ? 'replica' : 'master',
		masterId: master === '-' ? undefined : master,
		configEpoch: toCount(epoch) ?? 0,
		slots: slots.flatMap(toRange),
		moves: slots.flatMap(toMove),
	};
}

/** Undefined where nobody could connect: a server may announce anything. No host and port 0 stand for an address that is not known. */
function placeOf(host: string, port: string): Pick<ClusterNode, 'host' | 'port'> | undefined {
	const known = {host: host === '' || host === '?' ? '' : parseHost(host), port: port === '0' ? 0 : parsePort(port)};
	return known.host === undefined || known.port === undefined ? undefined : {host: known.host, port: known.port};
}

/** Names and addresses, IPv6 with or without brackets; no blanks, control characters or signs that an address cannot have. */
const parseHost = (text: string): string | undefined =>
	/^[^-\s\p{C}/@?#%[\]][^\s\p{C}/@?#%[\]]*$/u.test(text.replace(/^\[(.*)\]$/, '$1')) ? text.replace(/^\[(.*)\]$/, '$1') : undefined;

const parsePort = (text: string): number | undefined => (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535 ? Number(text) : undefined);

function toRange(text: string): SlotRange | [] {
	const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
	return from === undefined ? [] : {from: Number(from), to: Number(to)};
}

/** `[93->-ID]`: on its way to ID. `[93-<-ID]`: coming from ID. */
function toMove(text: string): SlotMove | [] {
	const [, slot, sign, nodeId] = /^\[(\d+)-([<>])-(\w+)\]$/.exec(text) ?? [];
	return slot === undefined || nodeId === undefined ? [] : {slot: Number(slot), way: sign === '>' ? 'to' : 'from', nodeId};
}

/** CLUSTER SHARDS (7.0 and newer): for a user who may not ask for CLUSTER NODES. It tells of no slot on its way. */
export function parseClusterShards(reply: unknown): readonly ClusterNode[] {
	return rows(reply).flatMap(shard => {
		const fields = toPairs(shard);
		const nodes = rows(fields.get('nodes')).map(node => new Map([...toPairs(node)].map(([name, value]) => [name, toText(value) ?? ''])));
		const masterId = nodes.find(node => node.get('role') === 'master')?.get('id');
		return nodes.flatMap(node => nodeOf(node, {masterId, slots: pairsOfSlots(toNumbers(fields.get('slots')))}));
	});
}

type Shard = {readonly masterId: string | undefined; readonly slots: readonly SlotRange[]};

function nodeOf(node: ReadonlyMap<string, string>, {masterId, slots}: Shard): ClusterNode | [] {
	const place = placeOf(node.get('ip') ?? '', node.get('port') ?? node.get('tls-port') ?? '');
	const id = node.get('id');
	if (id === undefined || !place) return [];
	const isMaster = node.get('role') === 'master';
	return seenNode(id, {...place, flags: node.get('health') === 'fail' ? ['fail'] : []}, {isMaster, masterId, slots});
}

/** CLUSTER SLOTS: for servers that know nothing newer. Nodes without slots are not in it. */
export function parseClusterSlots(reply: unknown): readonly ClusterNode[] {
	const byId = new Map<string, ClusterNode>();
	for (const [from, to, ...nodes] of rows(reply)) {
		const range = {from: toCount(from) ?? 0, to: toCount(to) ?? 0};
		for (const node of nodesOfRange(rows(nodes), range)) byId.set(node.id, {...node, slots: [...(byId.get(node.id)?.slots ?? []), ...node.slots]});
	}
	return [...byId.values()];
}

/** The master comes first. */
function nodesOfRange(nodes: readonly (readonly unknown[])[], range: SlotRange): readonly ClusterNode[] {
	const masterId = toText(nodes[0]?.[2]);
	return nodes.flatMap(([host, port, id], index) => {
		const name = toText(id);
		const place = placeOf(toText(host) ?? '', String(port));
		if (name === undefined || !place) return [];
		return seenNode(name, {...place, flags: []}, {isMaster: index === 0, masterId, slots: [range]});
	});
}

type Seen = {readonly host: string; readonly port: number; readonly flags: readonly string[]};

const seenNode = (id: string, {host, port, flags}: Seen, {isMaster, masterId, slots}: Shard & {readonly isMaster: boolean}): ClusterNode => ({
	id,
	host,
	hostname: undefined,
	port,
	flags: [isMaster ? 'master' : 'slave', ...flags],
	isMyself: false,
	role: isMaster ? 'master' : 'replica',
	masterId: isMaster ? undefined : masterId,
	configEpoch: 0,
	slots: isMaster ? slots : [],
	moves: [],
});

const rows = (reply: unknown): readonly (readonly unknown[])[] => (Array.isArray(reply) ? reply.filter(row => Array.isArray(row)) : []);

const toNumbers = (reply: unknown): readonly number[] => (toTexts(reply) ?? []).map(Number);

const pairsOfSlots = (numbers: readonly number[]): readonly SlotRange[] =>
	Array.from({length: Math.floor(numbers.length / 2)}, (_, pair) => ({from: numbers[pair * 2] ?? 0, to: numbers[pair * 2 + 1] ?? 0}));
