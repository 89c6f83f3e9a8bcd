import type {Finding, Severity} from './finding.ts';
import {type FleetNode, otherNodes} from './fleet.ts';
import {answersReads} from './server-state.ts';
import type {ConsoleState} from './store.ts';

/** Something that is wrong with one server, whoever tells of it: the session that looks at that server, or the light connection to it. */
type Standing = {
	/** As it was shown last. */
	readonly shown: Finding;
	/** Of the server; `group`: it is about all of them. */
	readonly address: string;
	/** What the timeline calls it; undefined while it has not been told, as the same is told of another server. */
	readonly subject: string | undefined;
	/** The visit in which the session that looks at that server has last told of it; undefined: a light connection did. */
	readonly visit: number | undefined;
	readonly seenAtMs: number;
};

/** All that is wrong as far as anybody knows, also what cannot be looked at now. By finding and server. */
export type Ledger = {
	/** The server that is looked at. */
	readonly address: string;
	/** How many have been looked at one after the other, and since when this one is. */
	readonly visit: number;
	readonly sinceMs: number;
	readonly standing: ReadonlyMap<string, Standing>;
};

/** `answered`: ids of the findings that are judged from what the server answers; `isCurrent`: it has answered on this connection. */
type Seeing = {readonly isCurrent: boolean; readonly answered: ReadonlySet<string>};

export const baseId = (id: string): string => id.split('@')[0] ?? id;

/** What the timeline calls it, as it is called while that server is looked at. */
export function shownId(subject: string, lookedAt: string): string {
	const suffix = [keyOf('', group), keyOf('', lookedAt)].find(each => subject.endsWith(each));
	return suffix === undefined ? subject : subject.slice(0, -suffix.length);
}

const group = 'group';
const ofGroup = /^(cluster|sentinel)\./;
const keyOf = (id: string, address: string): string => `${id}@${address}`;
/** What only a session can judge: of it a light connection that tells nothing says nothing. */
const onlyBySession = /^(queue|latency|slowlog|script\.slow|clients|access|observer|persistence|sentinel|replication\.(too-few|lost))/;
/** So long a session that has just come may take to find again what it told before: lists are read one after the other, and queues are watched for a while. */
const graceMs = 15_000;
const longGraceMs = 120_000;
const needsLong = /^(queue|latency|slowlog|clients)\./;
/** One that nobody watches any more is forgotten after this. */
const forgottenMs = 60_000;

export function ledgerOf(state: ConsoleState, last: Ledger | undefined, seeing: Seeing): Ledger {
	const place = placeOf(state, last);
	const before = last === undefined ? noStanding : last.visit === place.visit ? last.standing : taken(last, state);
	const standing = new Map<string, Standing>();
	for (const [key, now] of [...seenByFleet(state), ...seenBySession(state, place.visit)]) standing.set(key, goneOn(before.get(key), now));
	for (const [key, was] of before) if (!standing.has(key) && isKept(was, state, {...seeing, ...place})) standing.set(key, was);
	return {...place, standing};
}

function placeOf({nowMs, session}: ConsoleState, last: Ledger | undefined): Omit<Ledger, 'standing'> {
	const {address} = session.target;
	if (last?.address === address) return {address, visit: last.visit, sinceMs: last.sinceMs};
	return {address, visit: last ? last.visit + 1 : 0, sinceMs: nowMs};
}

/** It keeps the name under which it was told first. */
const goneOn = (was: Standing | undefined, now: Standing): Standing =>
	was ? {...now, shown: now.subject === undefined ? was.shown : now.shown, subject: was.subject ?? now.subject} : now;

const noStanding: Ledger['standing'] = new Map();

/** After a failover the findings of the old master stand as those of the new one until that is judged: it is the same data set. */
function taken({address: from, standing}: Ledger, {findings, session}: ConsoleState): Ledger['standing'] {
	const to = session.target.address;
	const moved = new Map(standing);
	for (const {id, node} of findings) {
		const was = node === undefined ? standing.get(keyOf(id, from)) : undefined;
		if (!was || standing.has(keyOf(id, to))) continue;
		moved.delete(keyOf(id, from));
		moved.set(keyOf(id, to), {...was, address: to});
	}
	return moved;
}

type Entry = readonly [string, Standing];

function seenBySession({findings, session, nowMs}: ConsoleState, visit: number): readonly Entry[] {
	return findings.flatMap((shown): readonly Entry[] => {
		if (shown.node !== undefined) return [];
		const address = ofGroup.test(shown.id) ? group : session.target.address;
		const key = keyOf(shown.id, address);
		return [[key, {shown, address, subject: key, visit, seenAtMs: nowMs}]];
	});
}

/** What is shown of the others, one by one or many together, and what stands there and is not shown. */
function seenByFleet(state: ConsoleState): readonly Entry[] {
	const {findings, nowMs} = state;
	const shownAs = new Map(findings.filter(({node}) => node !== undefined).map(finding => [finding.id, finding]));
	const entry = (id: string, address: string, finding: Finding): Entry => {
		const key = keyOf(id, address);
		const together = keyOf(id, 'nodes');
		const subject = [key, together].find(one => shownAs.has(one));
		return [key, {shown: shownAs.get(subject ?? '') ?? finding, address, subject, visit: undefined, seenAtMs: nowMs}];
	};
	const told = otherNodes(state).flatMap(({address, findings: all}) => all.map(finding => entry(finding.id, address, finding)));
	const shown = [...shownAs.values()].flatMap(finding => {
		const {id, node = ''} = finding;
		return id === keyOf(baseId(id), node) ? [entry(baseId(id), node, finding)] : [];
	});
	return [...shown, ...told];
}

type Here = Seeing & Omit<Ledger, 'standing'>;

/** A finding of which nobody tells now is not over as long as nobody can tell. */
const isKept = (was: Standing, state: ConsoleState, here: Here): boolean =>
	was.address === here.address || was.address === group ? isKeptHere(was, state, here) : isKeptElsewhere(was, state, here);

function isKeptHere({shown, visit}: Standing, {nowMs}: ConsoleState, here: Here): boolean {
	const id = baseId(shown.id);
	if (!here.isCurrent && here.answered.has(id)) return true;
	return visit !== here.visit && nowMs - here.sinceMs < (needsLong.test(id) ? longGraceMs : graceMs);
}

function isKeptElsewhere({shown, address, visit, seenAtMs}: Standing, {fleet, nowMs}: ConsoleState, {answered, sinceMs}: Here): boolean {
	const id = baseId(shown.id);
	const node = fleet?.nodes.find(one => one.address === address);
	if (!node) return (fleet?.kind !== 'cluster' || fleet.nodes.length === 0) && nowMs - seenAtMs < forgottenMs;
	if (!isHeard(node)) return answered.has(id);
	return visit !== undefined && (onlyBySession.test(id) || (node.updatedAtMs ?? 0) <= sinceMs);
}

const isHeard = ({server}: FleetNode): boolean => answersReads(server) || server.kind === 'BUSY' || server.kind === 'SILENT';

export const severityOrder: Readonly<Record<Severity, number>> = {P0: 0, P1: 1, P2: 2};

/** What has been told and stands, by subject: several servers that were told of together are one, as bad as the worst of them. */
export function toldFindings({standing}: Pick<Ledger, 'standing'>): ReadonlyMap<string, Finding> {
	const told = new Map<string, Finding>();
	for (const {subject, shown} of standing.values()) {
		if (subject === undefined) continue;
		const other = told.get(subject);
		if (!other || severityOrder[shown.severity] < severityOrder[other.severity]) told.set(subject, shown);
	}
	return told;
}
