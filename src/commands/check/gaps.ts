import {commandOf} from '../../poll/refusals.ts';
import type {SourceName} from '../../poll/sources.ts';
import type {Resource} from '../../store/resource.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatCount} from '../../text/format.ts';
import {type Course, hasQueueConnection, wantedSources, withoutKeys} from './enough.ts';
import {longestLookMs} from './look.ts';
import {figureGaps, type Gap, type Known} from './missing-figures.ts';

/** An error reply can be of any length. */
const reasonLength = 500;

const gap = (command: string, reason: string): Gap => ({command, reason: reason.slice(0, reasonLength), isNatural: false});

/** Everything that could not be read, and every figure that is null. */
export function gapsOf(known: Known, state: ConsoleState, course: Course): readonly Gap[] {
	const unread = wantedSources.flatMap(name => sourceGap(name, state.snapshot, course));
	const isStoppedFunction = state.snapshot.server.running === 'function' && state.snapshot.server.kind === 'BUSY';
	return [
		...unread,
		...staleGap(state.snapshot, course),
		...(isStoppedFunction ? sourceGap('functionStats', state.snapshot, course) : []),
		...databaseGap(state.snapshot),
		...queueGaps(state, course),
		...otherNodesGap(state),
		...figureGaps(known, state.snapshot, course),
	];
}

function sourceGap(name: SourceName, snapshot: Snapshot, course: Course): readonly Gap[] {
	const resource: Resource<unknown> = snapshot[name];
	if (resource.refused) return [gap(resource.refused.command, resource.refused.reason)];
	return resource.data === undefined ? [gap(commandOf[name], resource.error ?? whyUnread(snapshot, course))] : [];
}

/** It has answered, and then no more. */
function staleGap(snapshot: Snapshot, course: Course): readonly Gap[] {
	const {info, server, contact} = snapshot;
	const isCurrent = contact.link === 'open' && server.kind !== 'SILENT' && server.kind !== 'BUSY';
	if (info.updatedAtMs === undefined || isCurrent) return [];
	return [gap(commandOf.info, `all figures are those of ${new Date(info.updatedAtMs).toISOString()}: ${whyUnread(snapshot, course)}`)];
}

function databaseGap({database: {error}}: Snapshot): readonly Gap[] {
	return error === undefined ? [] : [gap('SELECT', error)];
}

/** With --cluster, where nothing is known but the one that was asked. */
function otherNodesGap({fleet}: ConsoleState): readonly Gap[] {
	return fleet?.problem === undefined ? [] : [gap('CLUSTER NODES', fleet.problem)];
}

/** What hindered reading as a whole. */
function whyUnread({server}: Snapshot, course: Course): string {
	switch (server.kind) {
		case 'SILENT':
			return 'the server does not answer';
		case 'OK':
		case 'READONLY':
		case 'CONNECTING':
			return `not read ${untilNow(course)}`;
		default:
			return server.detail === '' ? `not to be had while the server is ${server.kind}` : server.detail;
	}
}

function queueGaps(state: ConsoleState, course: Course): readonly Gap[] {
	const {snapshot} = state;
	const {queues, queueSearch} = snapshot;
	const refused = queueSearch.unknown.map(({command, reason}) => gap(command, reason));
	if (queues.refused) return [...refused, gap('SCAN', queues.refused.reason)];
	const isAllSeen = queueSearch.phase === 'ended' && queueSearch.isComplete && queues.data !== undefined;
	return isAllSeen || refused.length > 0 ? refused : [gap('SCAN', whyNoQueues(state, course))];
}

const untilNow = ({isOpenEnded}: Course): string => (isOpenEnded ? 'yet' : `within ${longestLookMs / 1000} s`);

/** States in which the server tells by itself why keys cannot be read. */
const tellingKinds: ReadonlySet<string> = new Set(['SILENT', 'BUSY', 'DOWN', 'UNREACHABLE', 'NOAUTH', 'WRONGPASS']);

function whyNoQueues(state: ConsoleState, course: Course): string {
	const {server, queues, queueSearch, contact} = state.snapshot;
	if (tellingKinds.has(server.kind) || withoutKeys.has(server.kind) || contact.link === 'broken') return whyUnread(state.snapshot, course);
	if (!hasQueueConnection(state)) return 'there was no second connection to read queues with';
	if (queueSearch.phase === 'none') return queues.error ?? `not begun ${untilNow(course)}`;
	const isWhole = queueSearch.isComplete && queueSearch.phase === 'ended';
	if (isWhole) return queues.error ?? `queues were found and not read ${untilNow(course)}`;
	if (course.isOpenEnded) return `${formatCount(queueSearch.keys)} keys have been looked at so far, and there may be more queues`;
	return `stopped after ${formatCount(queueSearch.keys)} keys: a check takes ${longestLookMs / 1000} s at most, and there may be more queues`;
}
