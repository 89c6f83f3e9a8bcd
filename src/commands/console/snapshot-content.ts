import type {FleetNode} from '../../store/fleet.ts';
import {paneItems} from '../../store/lists/pane-lists.ts';
import {shownPage, shownQueue, shownReasons} from '../../store/opened-queue.ts';
import type {ConsoleState} from '../../store/store.ts';
import type {TimelineEvent} from '../../store/timeline.ts';
import {overviewPanes, type PaneName, paneNames} from '../../store/ui.ts';
import type {Course} from '../check/enough.ts';
import {toPlain} from '../check/json.ts';
import {toReport} from '../check/report.ts';
import {jsonLine} from '../json-line.ts';

/** Rows of a list around the cursor; ten thousand clients would be no page of a post-mortem. */
const rowsAtMost = 200;

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * What the screen shows, as one line of JSON: the object of `check --json` at that moment, with the findings in full, and beside it what happened
 * and what the panes list. Of a frozen display it is the frozen moment.
 */
export function snapshotJson(state: ConsoleState, auditTarget: string, nowMs: number): string {
	const {session, ui} = state;
	const then = shownMoment(state);
	const atMs = ui.frozen?.atMs ?? (state.playback ? state.nowMs : nowMs);
	const report = toPlain(toReport({state: then, course: courseOf(then), endedAtMs: atMs}, auditTarget));
	return jsonLine({
		...report,
		findings: report.findings.map((finding, index) => {
			const {meaning, steps, over} = then.findings[index] ?? {};
			return {...finding, meaning, steps, over};
		}),
		snapshot: {
			takenAt: iso(nowMs),
			frozenAt: ui.frozen ? iso(ui.frozen.atMs) : null,
			/** The moment of a recording that is shown in place of the present. */
			playedAt: state.playback ? iso(state.nowMs) : null,
			/** The first rows of a frozen screen go on. */
			stateNow: state.snapshot.server.kind,
			operator: session.operator,
			mode: session.mode,
			view: ui.view,
			overlay: ui.overlay?.kind ?? null,
			dialog: ui.dialog ? {action: ui.dialog.request.actionId, phase: ui.dialog.phase} : null,
			columns: ui.size.columns,
			rows: ui.size.rows,
			panes: shownPanes(state).map(name => paneOf(state, name)),
			queue: queueOf(state),
		},
		timeline: then.timeline.map(eventOf),
	});
}

/** The state of the moment that the panes show. */
function shownMoment(state: ConsoleState): ConsoleState {
	const {frozen} = state.ui;
	if (!frozen) return state;
	const {atMs: nowMs, snapshot, findings, fleet, survey, timeline} = frozen;
	return {...state, nowMs, snapshot, findings, fleet, survey, timeline};
}

/** The console has looked more than once when there are two samples. */
function courseOf({snapshot: {history}}: ConsoleState): Course {
	const [first, second] = history.atMs;
	return {startedAtMs: first ?? 0, firstInfoAtMs: second === undefined ? undefined : first, firstLookAtMs: new Map(), isOpenEnded: true};
}

const shownPanes = ({ui}: ConsoleState): readonly PaneName[] => (ui.view === 'overview' ? paneNames.slice(0, overviewPanes) : [ui.view]);

function paneOf(state: ConsoleState, name: PaneName) {
	const {sort, grouping, filter, selectedId} = state.ui.panes[name];
	const items = paneItems(state, name);
	const selected = items.findIndex(({id}) => id === selectedId);
	const from = Math.max(0, Math.min(selected - rowsAtMost / 2, items.length - rowsAtMost));
	const rows = items.slice(from, from + rowsAtMost).map(withoutBulk);
	return {name, sort, grouping: grouping ?? null, filter, selectedId: selectedId ?? null, total: items.length, from, rows};
}

/** Of another server what its row shows, not all that its INFO has told. */
function withoutBulk(item: {readonly id: string; readonly node?: unknown}): unknown {
	if (typeof item.node !== 'object' || item.node === null) return item;
	const {address, id, role, masterAddress, slots, flags, server, vitals, updatedAtMs, findings} = item.node as FleetNode;
	return {...item, node: {address, id, role, masterAddress, slots, flags, server, vitals, updatedAtMs, findings: findings.map(finding => finding.id)}};
}

/** The queue that is open. What is in its jobs is the application's, and in the text as far as it is on the screen. */
function queueOf({ui, opened}: ConsoleState) {
	const view = shownQueue(ui);
	if (!view) return null;
	const {id, state, from, showsReasons, job} = view;
	const {data} = shownPage(opened, view);
	const shown = showsReasons ? {reasons: shownReasons(opened, view).data?.groups ?? null} : {total: data?.total, jobs: data?.rows ?? null};
	return {id, state, from, job: job?.id ?? null, ...shown};
}

function eventOf({id, atMs, kind, severity, text, details, outcome, returns}: TimelineEvent) {
	return {
		id,
		at: iso(atMs),
		kind,
		severity: severity ?? null,
		text,
		details,
		...(outcome === undefined ? {} : {outcome}),
		...(returns === undefined ? {} : {returns: {count: returns.count, lastAt: iso(returns.lastAtMs)}}),
	};
}
