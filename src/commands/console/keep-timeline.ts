import type {AuditNote, ServerDeps} from '../../actions/deps.ts';
import type {Clock} from '../../clock.ts';
import {rules} from '../../diagnosis/diagnose.ts';
import type {ConsoleStore, Session} from '../../store/store.ts';
import {addEvents, type Happening, record} from '../../store/timeline.ts';
import {happenings, momentOf} from '../../store/timeline-moments.ts';
import {withDone, withPerhapsDone} from '../../store/ways-back.ts';
import {commandText} from '../../text/command-text.ts';
import {formatMicros} from '../../text/format.ts';

/** Judged from the server's answers alone: without them they are neither found nor over. */
const answered: ReadonlySet<string> = new Set(rules.filter(({needs}) => needs === 'answers').map(({id}) => id));

/**
 * Keep the account of what happens from now on: the console that has been started, what changes in the store, and the actions that go
 * through dependencies that the returned function has been given.
 */
export function keepTimeline(store: ConsoleStore, clock: Clock): (deps: ServerDeps) => ServerDeps {
	store.setState(({timeline, session}) => ({timeline: addEvents(timeline, [startEvent(session, clock.now())])}));
	let last = momentOf(store.getState(), undefined, answered);
	store.subscribe(state => {
		const now = momentOf(state, last, answered);
		const events = happenings(last, now, clock.now());
		last = now;
		if (events.length > 0) store.setState(({timeline}) => ({timeline: record(timeline, events)}));
	});
	return deps => ({...deps, audit: withActions(store, clock, deps.audit)});
}

function startEvent({target, mode, operator, auditFile, intervalMs}: Session, atMs: number): Happening {
	const where = target.name === target.address ? target.address : `${target.name} (${target.address})`;
	const kind = target.environment === undefined ? '' : `, ${target.environment}`;
	return {
		atMs,
		kind: 'console',
		severity: undefined,
		text: `Console started on ${where}${kind}, ${mode}`,
		details: [`by ${operator}`, `polling every ${intervalMs / 1000} s`, `actions are written to ${auditFile}`],
	};
}

/** More of a plan is in the audit log. */
const shownCommands = 20;

/** Two events a run, of one audit id: when it was about to be sent, and how it ended. What is not on the disk has not been sent. */
function withActions(store: ConsoleStore, clock: Clock, audit: ServerDeps['audit']): ServerDeps['audit'] {
	const sentAtMs = new Map<string, number>();
	const add = (event: ActionEvent) =>
		store.setState(({timeline}) => ({timeline: record(timeline, [{...event, atMs: clock.now(), kind: 'action', severity: undefined}])}));
	return async note => {
		const {operator} = store.getState().session;
		if (note.phase === 'outcome') add(endedEvent(note, operator, clock.now(), sentAtMs.get(note.id)));
		await audit(note);
		if (note.phase === 'outcome') {
			sentAtMs.delete(note.id);
			keepWayBack(store, note, clock.now());
		} else if (note.round === undefined) {
			sentAtMs.set(note.id, clock.now());
			add(sentEvent(note, operator));
		}
	};
}

/** What has been done can be taken back, also later on; what has been taken back cannot. */
function keepWayBack(store: ConsoleStore, {id, action, outcome, undo, undoes, before, after}: AuditNote, atMs: number): void {
	if (outcome !== 'done' && outcome !== 'unverified' && outcome !== 'unknown') return;
	const add = outcome === 'done' ? withDone : withPerhapsDone;
	store.setState(({waysBack, session: {operator}}) => ({
		waysBack: add(waysBack, {auditId: id, atMs, operator, action, undo, undoes, before: before?.values ?? {}, after: after?.values ?? {}}),
	}));
}

type ActionEvent = Omit<Happening, 'atMs' | 'kind' | 'severity'>;

function sentEvent(note: AuditNote, operator: string): ActionEvent {
	const [first = [], ...others] = note.plan;
	const more = others.length === 0 ? '' : ` and ${others.length} more`;
	return {text: `${note.action} sent by ${operator}: ${commandText(first)}${more}`, details: facts(note), subject: note.id};
}

function endedEvent(note: AuditNote, operator: string, nowMs: number, sentAtMs: number | undefined): ActionEvent {
	const {action, outcome = 'unknown', detail = ''} = note;
	const took = sentAtMs === undefined ? 'nothing was sent' : `${formatMicros((nowMs - sentAtMs) * 1000)} after it was sent`;
	return {text: `${action} ${outcome}: ${detail}`, details: [`by ${operator}`, took, ...facts(note)], subject: note.id, outcome};
}

const facts = (note: AuditNote): readonly string[] => [...commands(note), ...around(note), ...said(note), `audit id ${note.id}`];

/** More of what a program has said is in the audit log. */
const shownOutput = 30;

const said = ({output = []}: AuditNote): readonly string[] => output.slice(-shownOutput);

function commands({plan}: AuditNote): readonly string[] {
	const shown = plan.slice(0, shownCommands).map(commandText);
	return plan.length > shown.length ? [...shown, `and ${plan.length - shown.length} more: they are in the audit log`] : shown;
}

function around({before, after}: AuditNote): readonly string[] {
	if (!before) return [];
	const told = ({state, connectedClients}: typeof before) => `${state}${connectedClients === undefined ? '' : `, ${connectedClients} clients`}`;
	return [after ? `server before: ${told(before)}; after: ${told(after)}` : `server: ${told(before)}`];
}
