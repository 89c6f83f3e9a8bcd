import {hookActions} from '../../actions/hooks/hook-actions.ts';
import {registryOf} from '../../actions/registry.ts';
import {systemClock} from '../../clock.ts';
import {operatorName, stateFolder} from '../../incident/operator.ts';
import type {MasterMove} from '../../poll/sentinel-watcher.ts';
import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {noCluster} from '../../store/fleet.ts';
import {shiftedStore} from '../../store/shifted-store.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {changeUi, notify} from '../../store/ui-commands.ts';
import type {EndReason} from '../../terminal/terminal.ts';
import {openingRows} from '../../views/frame/opening.ts';
import {configuredAt} from '../flag-target.ts';
import type {DisplayOptions} from '../flags.ts';
import type {Settled} from '../settle.ts';
import {ActionDesk} from './action-desk.ts';
import {keepActionStatus} from './action-status.ts';
import {Controller} from './controller.ts';
import {Focus} from './focus.ts';
import {followMaster} from './follow-master.ts';
import {httpGet} from './http-check.ts';
import {keepFleet, mastersOf} from './keep-fleet.ts';
import {keepRecording, refuseTakenFile} from './keep-recording.ts';
import {keepRecovery} from './keep-recovery.ts';
import {keepTimeline} from './keep-timeline.ts';
import {LookBack} from './look-back.ts';
import {Papers} from './papers.ts';
import {Screen} from './screen.tsx';
import {labelOf, programName, type Seat} from './seat.ts';
import {raiseLater, type ServerSession} from './session.ts';
import {takeReport} from './take-report.ts';
import {takeSnapshot} from './take-snapshot.ts';
import {tellPast} from './tell-past.ts';
import {Travel} from './travel.ts';
import {untilAnswered} from './until-answered.ts';

/** For the last lines of audit log and recording, and a snapshot; a disk that hangs must not hold the terminal, and a lost one is left within a second. */
const longestGoodbyeMs = 800;

/** The live console, from the first frame, drawn before the server has answered, to the terminal as it was found. Resolves with why it ended. */
export async function runConsole({target, config}: Settled, display: DisplayOptions, seat: Seat): Promise<EndReason> {
	await refuseTakenFile(display.record);
	const {env, homeFolder} = seat;
	const stop = new AbortController();
	const unrecord = new AbortController();
	const screen = new Screen(seat);
	const {terminal} = screen;
	const folder = stateFolder(env, homeFolder);
	const auditFile = `${folder}/audit.jsonl`;
	const onSwitch = (moved: MasterMove) => void followMaster(moved, focus, desk).catch(raiseLater);
	const focus = new Focus({
		...focusOptions({target, config}, display, seat, auditFile),
		surveyed: target.isCluster ? mastersOf(() => focus.home) : undefined,
		onSwitch,
	});
	const {store} = focus;
	const registry = registryOf(hookActions(config.hooks));
	const timelined = keepTimeline(store, systemClock);
	const recording = keepRecording({store, clock: systemClock, seat, flags: display.record, folder: `${folder}/recordings`, signal: unrecord.signal});
	// Before what the screen shows: then the list is made in the frame that opens it.
	keepRecovery({store, clock: systemClock, config, get: httpGet(), signal: stop.signal});
	const shifted = shiftedStore(store);
	const deps = () => timelined(focus.session.actionDeps);
	const desk = new ActionDesk({store, clock: systemClock, deps, registry, signal: stop.signal, isAscii: display.ascii});
	const papers = new Papers({store: shifted.store, homeFolder, isAscii: display.ascii, now: systemClock.now});
	const shown = () => screen.shown ?? shifted.store.getState();
	const written = {papers, store: shifted.store, now: systemClock.now};
	const controller = new Controller({
		store: shifted.store,
		present: store,
		desk,
		registry,
		quit: () => screen.end({code: 0, message: desk.underWay && `redis-triage: ${desk.underWay} was under way: its outcome is not known, see ${auditFile}`}),
		suspend: () => terminal.suspend(),
		copy: text => terminal.copy(text),
		snapshot: () => takeSnapshot({...written, shown, screenText: () => terminal.stage.text, folder: `${folder}/snapshots`}),
		report: () => takeReport({...written, source: recording.readThroughNow, auditFiles: [auditFile], program: programName(seat), folder: `${folder}/reports`}),
		now: systemClock.now,
		focus,
		travel: new Travel({store, desk, focus}),
		time: new LookBack({shifted, present: store, clock: systemClock, read: recording.read, signal: stop.signal}),
	});
	watch(store);
	watchOthers(focus, {target, config}, labelOf(seat), stop.signal);
	recallPast(focus, auditFile);
	// What can run is asked of all that can be seen, and nobody sees it before the first frame.
	const answered = untilAnswered(store, systemClock, stop.signal).then(() => keepActionStatus(store, registry));
	screen.open(shifted.store, controller, display, {rows: openingRows(store.getState(), display), until: answered});

	const reason = await screen.ended;
	screen.close();
	// Closing the connections ends an action that waits for its reply: its outcome, unknown, is written before we go.
	focus.close();
	stop.abort();
	const settle = async () => {
		await desk.settle();
		// With how the last action ended.
		unrecord.abort();
		await Promise.all([papers.settle(), recording.settle()]);
	};
	await Promise.race([settle(), systemClock.sleep(longestGoodbyeMs, new AbortController().signal)]);
	return reason;
}

/** Where it looks first, and what it needs to look anywhere. */
function focusOptions({target, config}: Settled, display: DisplayOptions, seat: Seat, auditFile: string): ConstructorParameters<typeof Focus>[0] {
	const {env, userName, hostName, kill} = seat;
	return {
		target,
		sentinel: target.sentinel,
		config,
		configuredAt: endpoint => configuredAt(endpoint, undefined, config),
		lockedBy: target.configured?.readOnly === 'locked' ? target.configured.where : undefined,
		clock: systemClock,
		isReadOnly: display.readOnly,
		intervalMs: display.intervalSeconds * 1000,
		label: labelOf(seat),
		operator: operatorName(env, userName),
		host: hostName,
		auditFile,
		isAudited: display.record.isAudited,
		recording: display.record.isOn ? (display.record.isRedacted ? 'redacted' : undefined) : 'none',
		machine: {env, kill},
	};
}

/** What is beside the server, wherever one looks. */
function watchOthers(focus: Focus, {target, config}: Settled, label: string, signal: AbortSignal): void {
	const {store, costs} = focus;
	keepFleet({store, home: () => focus.home, isCluster: target.isCluster, label, clock: systemClock, config, costs, signal}).catch(raiseLater);
}

/** What earlier consoles have left on the server that is looked at. */
function recallPast(focus: Focus, auditFile: string): void {
	const recall = ({auditTarget}: Pick<ServerSession, 'auditTarget'>) => void tellPast(focus.store, auditFile, auditTarget, systemClock.now());
	recall(focus.session);
	focus.onMoved(recall);
}

/** What the operator must not miss, and what must not stay as it was. */
function watch(store: ConsoleStore): void {
	store.subscribe((now, before) => {
		tellRestart(store, before.snapshot.info.data, now.snapshot.info.data);
		if (now.fleet?.problem === noCluster && before.fleet?.problem !== noCluster) notify(store, `No other nodes: ${noCluster}`, 'warn');
		// A new worst finding is shown, whichever one was being looked at.
		if (now.findings[0]?.id !== before.findings[0]?.id && now.ui.walked) changeUi(store, () => ({walked: undefined}));
	});
}

/** Another run id is another process: what the old one had only in memory is gone. */
function tellRestart(store: ConsoleStore, before: ServerInfo | undefined, now: ServerInfo | undefined): void {
	if (before?.runId === undefined || now?.runId === undefined || before.runId === now.runId) return;
	// Ids are counted from the beginning again: what was marked or chosen would be somebody else.
	changeUi(store, ({ui}) => ({markedClientIds: new Set(), panes: {...ui.panes, clients: {...ui.panes.clients, selectedId: undefined}}}));
	notify(store, `The server was restarted ${now.uptimeSeconds ?? 0} s ago (process ${now.processId ?? '?'}): what it had not saved is gone`, 'warn');
}
