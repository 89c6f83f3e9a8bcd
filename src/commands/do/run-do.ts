import {bindNow} from '../../actions/bind-now.ts';
import {firstFailure} from '../../actions/define-action.ts';
import type {AuditNote, Deps} from '../../actions/deps.ts';
import type {Registry} from '../../actions/registry.ts';
import {paceFor, runAction} from '../../actions/run-action.ts';
import {isRefusal} from '../../actions/types.ts';
import {systemClock} from '../../clock.ts';
import {operatorName, stateFolder} from '../../incident/operator.ts';
import type {ConfirmRequest, Progress} from '../../store/dialog.ts';
import {type ConsoleState, type ConsoleStore, lockedText} from '../../store/store.ts';
import {toVisible} from '../../text/safe-text.ts';
import {keepFleet} from '../console/keep-fleet.ts';
import type {Machine} from '../console/programs.ts';
import {openSession, type ServerSession} from '../console/session.ts';
import type {ActionFlags} from '../flag-action.ts';
import type {ConnectionOptions, Environment} from '../flags.ts';
import {jsonLine} from '../json-line.ts';
import type {Settled} from '../settle.ts';
import {isReadOnly} from '../settle-display.ts';
import {wantedFor, whyNotConfirmed} from './consent.ts';
import {endingCode, endingLines, toEnding} from './ending.ts';
import {previewLines, toPreview} from './preview.ts';
import {type Margin, progressText, Teller} from './progress.ts';
import type {Asked} from './request.ts';
import {waitUntilKnown, waitUntilNode} from './wait.ts';

type Flags = ActionFlags & {
	readonly connection: ConnectionOptions;
	readonly configFile: string | undefined;
	readonly readOnly: boolean;
	readonly isAudited: boolean;
	readonly json: boolean;
};

type Options = {
	readonly settled: Settled;
	readonly asked: Asked;
	readonly registry: Registry;
	readonly flags: Flags;
	readonly seat: {readonly env: Environment; readonly userName: string; readonly hostName: string; readonly homeFolder: string; readonly kill: Machine['kill']};
	/** For how far one has got. */
	readonly margin: Margin;
	/** Ends what takes long, between two rounds. */
	readonly stop: AbortSignal;
	/** Ends it at once, without waiting for replies. */
	readonly leave: AbortSignal;
};

/** `message`: a line for stderr. */
export type DoResult = {readonly text: string; readonly message: string | undefined; readonly code: 0 | 1 | 2 | 3};

const stopped: DoResult = {text: '', message: 'redis-triage: stopped before anything was sent', code: 1};

const intervalMs = 1000;
/** As a check has it: there is somebody who waits for the queue to be found. */
const searchAtOnceMs = 400;

/** One action on one server, down the same road as on the screen and with the same lines in the audit log; or, dry, only what it would do. */
export async function runDo(options: Options): Promise<DoResult> {
	const {flags, asked, stop, leave} = options;
	const session = open(options);
	const onLeave = () => session.close();
	leave.addEventListener('abort', onLeave, {once: true});
	const teller = new Teller(options.margin, systemClock);
	try {
		// What is refused anyway need not be waited for.
		const isRefused = !flags.dryRun && whyReadOnly(session.store.getState()) !== undefined;
		if (!isRefused) await Promise.all([waitUntilKnown(session.store, systemClock, asked, stop), knowNode(options, session.store)]);
		if (stop.aborted) return stopped;
		return await (flags.dryRun ? showIt(options, session, teller) : runIt(options, session, teller));
	} finally {
		teller.clear();
		leave.removeEventListener('abort', onLeave);
		session.close();
	}
}

/** Of a cluster the action goes to the node that was named and to no other; which one that is, its dialog says. */
async function knowNode({settled: {target, config}, seat, stop, leave}: Options, store: ConsoleStore): Promise<void> {
	if (!target.isCluster) return;
	const known = new AbortController();
	const watching = keepFleet({
		store,
		home: () => target,
		isCluster: true,
		searchesQueues: false,
		isHomeAlone: true,
		label: `${seat.userName}@${seat.hostName}`,
		clock: systemClock,
		config,
		signal: AbortSignal.any([known.signal, stop, leave]),
	});
	await waitUntilNode(store, systemClock, AbortSignal.any([stop, leave]));
	known.abort();
	await watching;
}

function open({settled, asked: {action, choice}, flags, seat, margin}: Options): ServerSession {
	const {target, config} = settled;
	const {env, userName, hostName, homeFolder, kill} = seat;
	return openSession({
		target,
		sentinel: target.sentinel,
		clock: systemClock,
		// What the session costs is over with it.
		config: {...config, thresholds: {...config.thresholds, observerCostRatio: Number.POSITIVE_INFINITY}},
		isReadOnly: isReadOnly(flags, settled),
		isDryRun: flags.dryRun,
		lockedBy: target.configured?.readOnly === 'locked' ? target.configured.where : undefined,
		intervalMs,
		searchAtOnceMs,
		queuesFirst: action.pane === 'queues' ? choice.on.filter(id => id.includes(':')) : [],
		label: `${userName}@${hostName}`,
		operator: operatorName(env, userName),
		host: hostName,
		auditFile: `${stateFolder(env, homeFolder)}/audit.jsonl`,
		isAudited: flags.isAudited,
		onUnaudited: text => margin.write(`redis-triage: ${text}\n`),
		machine: {env, kill},
	});
}

/** What it would do, from plain reads alone; nothing is about to be sent, so nothing is written down. */
async function showIt({asked: {action, choice}, flags, stop}: Options, {store, actionDeps, auditTarget}: ServerSession, teller: Teller): Promise<DoResult> {
	const deps = {...actionDeps, preparing: (told: string | undefined) => void (told !== undefined && teller.tell(told))};
	const bound = await bindNow(action, choice, {deps, pace: paceFor(store.getState()), signal: stop});
	if (bound === 'left' || stop.aborted) return stopped;
	const state = store.getState();
	const request = isRefusal(bound) ? undefined : bound.request;
	const refused = whyReadOnly(state) ?? (isRefusal(bound) ? bound.refused : firstFailure(bound.checks(state)));
	const text = previewText(request, {action, state, auditTarget, refused}, flags.json);
	return {text, message: undefined, code: refused === undefined ? 0 : 1};
}

async function runIt({asked: {action, choice}, registry, settled, flags, stop}: Options, session: ServerSession, teller: Teller): Promise<DoResult> {
	const {store, actionDeps, auditTarget} = session;
	const {name} = settled.target;
	let last: AuditNote | undefined;
	let auditId: string | undefined;
	let progress: Progress | undefined;
	let unconfirmed: {readonly request: ConfirmRequest; readonly why: string; readonly state: ConsoleState} | undefined;
	const deps: Deps = {
		...actionDeps,
		async audit(note) {
			last = note;
			await actionDeps.audit(note);
			auditId = note.id;
		},
		async confirm(request) {
			const why = whyNotConfirmed(wantedFor(request), flags, name);
			if (why !== undefined) unconfirmed = {request, why, state: store.getState()};
			return why === undefined && !stop.aborted;
		},
		preparing: told => void (told !== undefined && teller.tell(told)),
		progress(now) {
			progress = now;
			teller.tell(progressText(now));
		},
	};
	const result = await runAction(action, choice, deps, stop);
	if (unconfirmed && result.outcome === 'cancelled' && !stop.aborted) {
		const {request, why, state} = unconfirmed;
		return {text: previewText(request, {action, state, auditTarget}, flags.json), message: why, code: 2};
	}
	const locked = result.outcome === 'refused' ? whyReadOnly(store.getState()) : undefined;
	const ending = toEnding(action.id, {
		result: locked === undefined ? result : {...result, next: [...result.next, locked]},
		note: last,
		auditId,
		progress,
		auditTarget,
		auditFile: store.getState().session.auditFile,
		way: {connection: flags.connection, configFile: flags.configFile, target: settled.target, registry},
	});
	return {text: flags.json ? jsonLine(ending) : toText(endingLines(ending)), message: undefined, code: endingCode[result.outcome]};
}

function previewText(request: ConfirmRequest | undefined, subject: Parameters<typeof toPreview>[1], asJson: boolean): string {
	const preview = toPreview(request, subject);
	return asJson ? jsonLine(preview) : toText(previewLines(preview, subject.state.snapshot.identity.role));
}

/** Servers, hosts and clients have a say in these lines. */
const toText = (lines: readonly string[]): string => lines.map(text => `${toVisible(text)}\n`).join('');

const whyReadOnly = ({session: {mode, lockedBy}}: ConsoleState): string | undefined => {
	if (mode !== 'read-only') return undefined;
	return lockedBy === undefined ? 'It is read-only by --read-only or by the config file' : lockedText(lockedBy);
};
