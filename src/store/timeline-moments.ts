import type {ServerInfo} from '../redis/parse/server-info.ts';
import {formatClock, formatSeconds, plural} from '../text/format.ts';
import type {Contact, ServerState} from './server-state.ts';
import {baseId, type Ledger, ledgerOf, severityOrder, toldFindings} from './standing.ts';
import type {ConsoleState, Session} from './store.ts';
import {gaveWay, type Happening, subjectParts, worseSign} from './timeline.ts';

/** What the timeline compares from one change of the store to the next. */
export type Moment = {
	/** The server that is looked at: of two different ones nothing is compared but what is wrong with whom. */
	readonly address: string;
	readonly server: ServerState;
	readonly ledger: Ledger;
	/** When the last connection to the server was opened that could be used. */
	readonly openedAtMs: number | undefined;
	readonly info: Pick<ServerInfo, 'runId' | 'role' | 'uptimeSeconds' | 'processId' | 'replicas' | 'masterHost' | 'masterPort'> | undefined;
	readonly session: Pick<Session, 'mode' | 'operator'>;
};

/** Ids of the findings that are judged from what the server answers: without an answer nothing is known of them. */
export type Answered = ReadonlySet<string>;

/** The moment that a state of the console is, seen after the one before it. */
export function momentOf(state: ConsoleState, last: Moment | undefined, answered: Answered): Moment {
	const {snapshot, session} = state;
	const before = last?.address === session.target.address ? last : undefined;
	const {contact, server, info} = snapshot;
	return {
		address: session.target.address,
		server,
		ledger: ledgerOf(state, last?.ledger, {isCurrent: isCurrent(snapshot), answered}),
		openedAtMs: contact.link === 'open' ? contact.linkSinceMs : before?.openedAtMs,
		info: info.data,
		session,
	};
}

/** Has the server told of itself on this connection? In BUSY and silence the findings stay as they were anyway. */
function isCurrent({
	server,
	contact,
	info,
}: {
	readonly server: ServerState;
	readonly contact: Contact;
	readonly info: ConsoleState['snapshot']['info'];
}): boolean {
	if (server.kind === 'BUSY' || server.kind === 'SILENT') return true;
	return contact.link === 'open' && info.updatedAtMs !== undefined && info.updatedAtMs >= contact.linkSinceMs;
}

/** What has changed from one moment to the next. Empty when nothing has that a post-mortem would ask for. */
export function happenings(before: Moment, after: Moment, atMs: number): readonly Happening[] {
	if (before.address !== after.address) return findingEvents(before, after, atMs);
	return [
		...sessionEvents(before, after, atMs),
		...stateEvents(before, after, atMs),
		...serverEvents(before, after, atMs),
		...findingEvents(before, after, atMs),
	];
}

function stateEvents({server: before}: Moment, {server: after}: Moment, atMs: number): readonly Happening[] {
	if (after.kind === before.kind) return [];
	// A silence begins with the last reply, not when it is noticed.
	const endedMs = after.kind === 'SILENT' ? Math.max(after.sinceMs, before.sinceMs) : atMs;
	const details = [after.detail, after.kind === 'SILENT' ? `last reply at ${formatClock(after.sinceMs)}` : ''].filter(text => text !== '');
	const lasted = formatSeconds(Math.max(0, endedMs - before.sinceMs) / 1000);
	return [
		{atMs, kind: 'state', severity: undefined, text: `${after.kind} after ${lasted} of ${before.kind}`, details, subject: `${before.kind}>${after.kind}`},
	];
}

type Known = NonNullable<Moment['info']>;

function serverEvents(before: Moment, after: Moment, atMs: number): readonly Happening[] {
	const [was, is] = [before.info, after.info];
	const isNewConnection = before.openedAtMs !== undefined && after.openedAtMs !== before.openedAtMs;
	const events = [
		...(isNewConnection ? [linkEvent('connection', 'Connected again: the connection had been lost')] : []),
		...(was && is && was !== is ? [...identityEvents(was, is), ...replicaEvents(was, is)] : []),
	];
	return events.map(event => ({...event, atMs, severity: undefined}));
}

type Bare = Omit<Happening, 'atMs' | 'severity'>;

const linkEvent = (subject: string, text: string): Bare => ({kind: 'link', text, details: [], subject});
const serverEvent = (text: string, details: readonly string[] = []): Bare => ({kind: 'server', text, details});

function identityEvents(was: Known, is: Known): readonly Bare[] {
	const isRestarted = isChanged(was.runId, is.runId);
	const [oldMaster, newMaster] = [masterOf(was), masterOf(is)];
	return [
		...(isRestarted
			? [
					serverEvent(`The server was restarted ${formatSeconds(is.uptimeSeconds ?? 0)} ago: what it had not saved is gone`, [
						`process ${was.processId ?? '?'} before, ${is.processId ?? '?'} now`,
					]),
				]
			: []),
		...(isChanged(was.role, is.role) ? [serverEvent(`The server is a ${is.role} now; it was a ${was.role}`)] : []),
		...(isChanged(oldMaster, newMaster) ? [serverEvent(`Its master is ${newMaster} now; it was ${oldMaster}`)] : []),
	];
}

const isChanged = (was: string | undefined, is: string | undefined): boolean => was !== undefined && is !== undefined && was !== is;

const masterOf = ({masterHost, masterPort}: Known): string | undefined => (masterHost === undefined ? undefined : `${masterHost}:${masterPort ?? '?'}`);

/** Replicas that came and went, as far as the same server counts them. */
function replicaEvents(was: Known, is: Known): readonly Bare[] {
	if (!was.replicas || !is.replicas || was.runId !== is.runId) return [];
	const [old, now] = [was.replicas, is.replicas].map(replicas => new Set(replicas.map(({address}) => address)));
	const left = `${plural(is.replicas.length, 'replica')} now`;
	return [
		...[...(old ?? [])].filter(address => !now?.has(address)).map(address => linkEvent(`gone:${address}`, `Replica ${address} is gone: ${left}`)),
		...[...(now ?? [])].filter(address => !old?.has(address)).map(address => linkEvent(`come:${address}`, `Replica ${address} has connected: ${left}`)),
	];
}

function sessionEvents({session: before}: Moment, {session: after}: Moment, atMs: number): readonly Happening[] {
	if (before.mode === after.mode) return [];
	const text = after.mode === 'guarded' ? 'Actions are allowed from here on' : 'Read-only from here on: no action can run';
	return [{atMs, kind: 'console', severity: undefined, text, details: [`by ${after.operator}`]}];
}

function findingEvents(before: Moment, after: Moment, atMs: number): readonly Happening[] {
	if (before.ledger === after.ledger) return [];
	const [stood, stands] = [before, after].map(({ledger}) => toldFindings(ledger)) as [Told, Told];
	const came = [...stands].flatMap(([subject, finding]): readonly Happening[] => {
		const was = stood.get(subject);
		if (was && severityOrder[was.severity] <= severityOrder[finding.severity]) return [];
		const {id, severity, title, evidence, components} = finding;
		const details = [evidence, components.length === 0 ? '' : `affected: ${components.join(', ')}`].filter(text => text !== '');
		// Worse than before is news of its own; it comes and goes with the finding, and is not counted again.
		const worse = was && {text: `${id} is worse, ${severity} instead of ${was.severity}: ${title}`, subject: `${subject}${worseSign}${severity}`};
		// Which server it is about the title of another one's finding says.
		return [{atMs, kind: 'found', severity, text: `${baseId(id)}: ${title}`, details, subject, ...worse}];
	});
	const worst = came.toSorted((a, b) => severityOrder[a.severity ?? 'P2'] - severityOrder[b.severity ?? 'P2'])[0];
	const heirId = stands.get(subjectParts(worst?.subject ?? '')[0])?.id;
	const went = [...stood]
		.filter(([subject]) => !stands.has(subject))
		.map(([subject, {id, severity, title, evidence}]): Happening => {
			// Where something as bad or worse has taken its place, nothing is over.
			const heir = worst?.severity && severityOrder[worst.severity] <= Math.min(severityOrder[severity], severityOrder.P1) ? heirId : undefined;
			return {
				atMs,
				kind: 'over',
				severity,
				text: heir === undefined ? `${id} is over` : `${id}${gaveWay}${heir}`,
				details: [title, evidence].filter(text => text !== ''),
				subject,
			};
		});
	return [...came, ...went];
}

type Told = ReturnType<typeof toldFindings>;
