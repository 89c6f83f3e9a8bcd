import type {QueueStatus} from '../../queues/types.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import type {Course} from './enough.ts';
import {type Queue, toQueue} from './queues.ts';

/** Why something is null or missing: the command that would have told it, and the server's words or our own. */
export type Gap = {
	readonly command: string;
	readonly reason: string;
	/** There is no such figure here (the lag of a master without replicas): nobody could read it. */
	readonly isNatural: boolean;
};

type Sections = 'server' | 'vitals' | 'clients' | 'memory' | 'persistence' | 'replication' | 'access';

/** The sections of a report that hold figures. */
export type Known = Readonly<Record<Sections, object>> & {readonly queues: readonly Queue[] | null};

/** Every figure that is null although its command has been answered, with the reason; those without an answer are explained as a whole. */
export function figureGaps(known: Known, snapshot: Snapshot, course: Course): readonly Gap[] {
	const {info} = snapshot;
	const ofInfo = info.data ? (['server', 'vitals', 'clients', 'memory', 'persistence', 'replication'] as const) : [];
	const plain = ofInfo.flatMap(section =>
		nullsIn(known[section])
			.filter(name => !ofClientList.has(name))
			.map(name => ({command: 'INFO', name: `${section}.${name}`, ...whyNull(`${section}.${name}`, snapshot, course)})),
	);
	const queues = snapshot.queues.data ?? [];
	return [...grouped(plain), ...grouped(queues.flatMap(unread)), ...grouped(queues.flatMap(untold))];
}

const nullsIn = (section: object): readonly string[] => Object.entries(section).flatMap(([name, value]) => (value === null ? [name] : []));

const ofClientList: ReadonlySet<string> = new Set(['blockedWorkers', 'byKind', 'largestGroups']);

type Why = {readonly why: string; readonly isNatural: boolean};
type Null = Why & {readonly command: string; readonly name: string};

/** Figures with one reason are told together. */
function grouped(nulls: readonly Null[]): readonly Gap[] {
	const groups = new Map<string, {readonly first: Null; readonly names: string[]}>();
	for (const each of nulls) {
		const key = `${each.command} ${each.why}`;
		const group = groups.get(key) ?? {first: each, names: []};
		if (!group.names.includes(each.name)) group.names.push(each.name);
		groups.set(key, group);
	}
	return [...groups.values()].map(({first, names}) => ({command: first.command, reason: `${fewOf(names)}: ${first.why}`, isNatural: first.isNatural}));
}

/** There are fewer figures than that, and there may be hundreds of queues. */
const namedAtMost = 60;

function fewOf(names: readonly string[]): string {
	const more = names.length - namedAtMost;
	return `${names.slice(0, namedAtMost).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Rates, which one look cannot tell. */
const rates: ReadonlySet<string> = new Set(['vitals.cpuPercent', 'vitals.hitRate', 'vitals.evictedPerSecond']);

function whyNull(name: string, {info}: Snapshot, {firstInfoAtMs}: Course): Why {
	const natural = (why: string) => ({why, isNatural: true});
	if (rates.has(name) && (firstInfoAtMs === undefined || firstInfoAtMs === info.updatedAtMs)) {
		return {why: 'it takes two looks, and the server answered one', isNatural: false};
	}
	if (name === 'vitals.hitRate') return natural('no key was looked up between the two looks');
	if (name === 'replication.linkUp') return natural('only a replica has a link to a master');
	if (name !== 'replication.lagSeconds') return natural('this server does not tell it');
	if (info.data?.role === 'replica') return {why: 'the link to the master is down', isNatural: false};
	return natural(info.data?.connectedReplicas === 0 ? 'no replica is connected' : 'no replica has acknowledged anything yet');
}

/** What the server has refused, or what was too much to look at. */
const unread = ({id, unknown}: QueueStatus): readonly Null[] =>
	unknown.map(({command, reason}) => ({command: command.split(' ', 1)[0] ?? command, name: `queue ${id}`, why: reason, isNatural: false}));

function untold(status: QueueStatus): readonly Null[] {
	return nullsIn(toQueue(status)).map(name => {
		const isRefused = status.unknown.length > 0 && !alwaysNatural.has(name);
		const why = isRefused ? `not read, or not told by ${status.system}` : (naturalReasons[name] ?? `not told by ${status.system}`);
		return {command: name === 'workers' ? 'CLIENT LIST' : 'SCAN', name: `queues.${name}`, why, isNatural: !isRefused};
	});
}

const alwaysNatural: ReadonlySet<string> = new Set(['version']);

const naturalReasons: Readonly<Record<string, string>> = {
	version: 'not every library writes its version down',
	workers: 'none is visible in some queues, which is not the same as none',
	nextJobAgeMs: 'nothing waits in some queues, or their jobs do not tell their age',
	activeWithoutLock: 'it takes two looks, or the system has no locks',
};
