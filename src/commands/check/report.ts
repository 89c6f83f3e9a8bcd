import type {Finding, Severity} from '../../store/finding.ts';
import type {StateKind} from '../../store/server-state.ts';
import type {ConsoleState} from '../../store/store.ts';
import {type Access, accessOf} from './access.ts';
import {type Clients, clientsOf} from './clients.ts';
import {gapsOf} from './gaps.ts';
import type {Looked} from './look.ts';
import type {Gap} from './missing-figures.ts';
import {type Queue, toQueue} from './queues.ts';
import {
	type Memory,
	memoryOf,
	type Persistence,
	persistenceOf,
	type Replication,
	replicationOf,
	type Server,
	serverOf,
	type Vitals,
	vitalsOf,
} from './sections.ts';

/** The words of the badge that a check uses; the others of the console are told by one of these. */
export const stateWords = ['OK', 'SILENT', 'BUSY', 'LOADING', 'OOM', 'MAXCLIENTS', 'READONLY', 'MISCONF', 'NOAUTH', 'NOPERM', 'DOWN'] as const;
type StateWord = (typeof stateWords)[number];

/** `check --json`, in this order. A figure that is not known is null, and `unavailable` says why. Times are ISO 8601 in UTC. */
export type Report = {
	readonly schema: 1;
	readonly at: string;
	/** Name and address, as in the audit log. */
	readonly target: string;
	readonly server: Server;
	readonly state: StateWord;
	/** Of the worst finding. Null: it could not be told. */
	readonly severity: Severity | 'ok' | null;
	/** Worst first. */
	readonly findings: readonly {
		readonly id: string;
		readonly severity: Severity;
		readonly title: string;
		readonly evidence: string;
		readonly components: readonly string[];
		readonly remedies: readonly string[];
		/** With --cluster: the node it is about, if that is not the one that was asked. */
		readonly node?: string;
	}[];
	readonly vitals: Vitals;
	readonly clients: Clients;
	readonly memory: Memory;
	/** Null: they could not be looked for. */
	readonly queues: readonly Queue[] | null;
	readonly persistence: Persistence;
	readonly replication: Replication;
	readonly access: Access;
	readonly unavailable: readonly Gap[];
};

/** The id of another node's finding is that of the finding: whose it is stands beside it. */
const toFinding = ({id, severity, title, evidence, components, remedies, node}: Finding): Report['findings'][number] => ({
	id: id.split('@')[0] ?? id,
	severity,
	title,
	evidence,
	components,
	remedies,
	...(node === undefined ? {} : {node}),
});

/** What was seen, as what is printed. */
export function toReport({state, course, endedAtMs}: Looked, target: string): Report {
	const {snapshot, findings} = state;
	const known = {
		server: serverOf(snapshot),
		vitals: vitalsOf(snapshot),
		clients: clientsOf(snapshot),
		memory: memoryOf(snapshot),
		queues: queuesOf(snapshot),
		persistence: persistenceOf(snapshot),
		replication: replicationOf(snapshot),
		access: accessOf(state),
	};
	const refusal = whyUntold(state);
	return {
		schema: 1,
		at: new Date(endedAtMs).toISOString(),
		target,
		server: known.server,
		state: wordOf[snapshot.server.kind],
		severity: refusal === undefined ? (findings[0]?.severity ?? 'ok') : null,
		findings: findings.map(toFinding),
		vitals: known.vitals,
		clients: known.clients,
		memory: known.memory,
		queues: known.queues,
		persistence: known.persistence,
		replication: known.replication,
		access: known.access,
		unavailable: [...(refusal === undefined ? [] : [{command: 'HELLO', reason: refusal, isNatural: false}]), ...gapsOf(known, state, course)],
	};
}

/** 0 fine, 1 degraded or at risk, 2 the service has stopped, 3 it could not be told. */
export function exitCode({severity}: Pick<Report, 'severity'>): 0 | 1 | 2 | 3 {
	if (severity === null) return 3;
	return severity === 'ok' ? 0 : severity === 'P0' ? 2 : 1;
}

const wordOf: Readonly<Record<StateKind, StateWord>> = {
	OK: 'OK',
	SILENT: 'SILENT',
	BUSY: 'BUSY',
	LOADING: 'LOADING',
	OOM: 'OOM',
	MAXCLIENTS: 'MAXCLIENTS',
	READONLY: 'READONLY',
	MISCONF: 'MISCONF',
	NOPERM: 'NOPERM',
	NOAUTH: 'NOAUTH',
	DOWN: 'DOWN',
	WRONGPASS: 'NOAUTH',
	UNREACHABLE: 'DOWN',
	CONNECTING: 'DOWN',
	MASTERDOWN: 'READONLY',
	NOREPLICAS: 'READONLY',
	CLUSTERDOWN: 'DOWN',
};

/** None, where what looks like a queue could not be confirmed, is not known to be none. */
function queuesOf({queues, queueSearch}: ConsoleState['snapshot']): readonly Queue[] | null {
	const isBlind = queues.data?.length === 0 && queueSearch.unknown.length > 0;
	return isBlind ? null : (queues.data?.map(toQueue) ?? null);
}

/** The words of a server that has not let us in, so that it may be well or not; undefined where it can be told. */
function whyUntold({snapshot, findings}: ConsoleState): string | undefined {
	const {server, contact, info, clients, slowlog, queues} = snapshot;
	const isBlindFold = [info, clients, slowlog, queues].every(({data}) => data === undefined);
	switch (server.kind) {
		case 'NOAUTH':
		case 'WRONGPASS':
			return server.detail;
		case 'NOPERM':
			return contact.link === 'broken' || isBlindFold ? server.detail : undefined;
		case 'CONNECTING':
			return findings.length === 0 ? 'the connection was not ready in time' : undefined;
		default:
			return undefined;
	}
}
