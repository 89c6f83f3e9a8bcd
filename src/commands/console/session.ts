import type {ServerDeps} from '../../actions/deps.ts';
import type {Clock} from '../../clock.ts';
import type {Config} from '../../config/config.ts';
import {defaultConfig} from '../../config/default-config.ts';
import {diagnoseAll} from '../../diagnosis/fleet-findings.ts';
import {type Apply, createApply} from '../../poll/apply.ts';
import type {FleetCosts} from '../../poll/fleet-costs.ts';
import {runJobReader} from '../../poll/job-reader.ts';
import {Observer} from '../../poll/observer.ts';
import {OwnCost} from '../../poll/own-cost.ts';
import {QueueWatcher} from '../../poll/queue-watcher.ts';
import type {MasterMove} from '../../poll/sentinel-watcher.ts';
import {runTicker} from '../../poll/ticker.ts';
import type {FoundQueue} from '../../queues/types.ts';
import {hearFirstWords} from '../../redis/connect-failure.ts';
import {address, type SentinelAccess, type Target} from '../../redis/target.ts';
import {type ConsoleStore, createConsoleStore, type Session, targetText} from '../../store/store.ts';
import {Surveyor} from '../../survey/surveyor.ts';
import {queueLines} from '../queue-lines.ts';
import {actionDeps} from './action-deps.ts';
import {Connections} from './connections.ts';
import {type Machine, Programs} from './programs.ts';
import {watchSentinels} from './watch-sentinels.ts';

type SessionConfig = Pick<Config, 'thresholds' | 'components' | 'queues'>;

export type SessionOptions = {
	readonly target: Target;
	/** Who watches it, where that is known. */
	readonly sentinel?: SentinelAccess | undefined;
	readonly clock: Clock;
	readonly isReadOnly: boolean;
	/** Actions are shown and not carried out: the connection that acts is not opened. */
	readonly isDryRun?: boolean;
	/** Where the config file says that it stays read-only. */
	readonly lockedBy?: string | undefined;
	readonly intervalMs: number;
	/** Where findings begin, which keys are components, which queues count; without it the defaults do. */
	readonly config?: SessionConfig;
	/** Server time in ms that the search for queues may take at once; for a look that has to come to an end. */
	readonly searchAtOnceMs?: number;
	/** Queues (`bull:orders`) to look at before the search has come upon them. */
	readonly queuesFirst?: readonly string[];
	/** Where the keys are if they are not all on this server: the masters of its cluster. */
	readonly surveyed?: ((store: ConsoleStore) => readonly Target[]) | undefined;
	/** Where what is sent to other servers is counted. */
	readonly costs?: FleetCosts;
	/** `alice@bastion1`: how other consoles see this one in CLIENT LIST. */
	readonly label: string;
	readonly operator: string;
	readonly host: string;
	readonly auditFile: string;
	/** False: what cannot be written to the audit log is done all the same. */
	readonly isAudited?: boolean;
	readonly recording?: Session['recording'];
	/** Told of it, beside the timeline. */
	readonly onUnaudited?: (text: string) => void;
	/** Where the hooks of the config file run; without it none does. */
	readonly machine?: Machine;
	/** The Sentinels have made another server the master of what is looked at. */
	readonly onSwitch?: (moved: MasterMove) => void;
};

/** One console at work on one server: its connections, its store, and what feeds it. Knows nothing of a screen. */
export type ServerSession = {
	readonly store: ConsoleStore;
	readonly actionDeps: ServerDeps;
	/** What the audit log calls this server: name and address, never a password. */
	readonly auditTarget: string;
	readonly setMode: (mode: 'guarded' | 'read-only') => void;
	/** Walk through the keyspace once, on a connection of its own. */
	readonly survey: Pick<Surveyor, 'start' | 'stop'>;
	/** Look for queues anew. */
	readonly rescanQueues: () => void;
	readonly close: () => void;
};

/** Of what is promised: beyond it the console asks less often, so that the promise is kept. */
export const budgetShare = 0.8;

/** Open the connections and begin to watch. `whole`: a store that is there already, and says of its session what these options do. */
export function openSession(options: SessionOptions, whole: ConsoleStore = createConsoleStore(sessionState(options), options.clock.now())): ServerSession {
	const {target, clock, lockedBy, machine, config = defaultConfig} = options;
	const stop = new AbortController();
	const store = untilClosed(whole, stop.signal);
	const connections = new Connections({target, label: options.label, clock, store, isDryRun: options.isDryRun});
	const cost = new OwnCost(config.thresholds.observerCostRatio * budgetShare * 100);
	const queueLinesOf = queueLines(config.queues.rules);
	const apply: Apply = createApply({
		store,
		clock,
		link: connections.observe,
		patienceMs: () => observer.patienceMs(),
		diagnose: state => diagnoseAll(state, config.thresholds, {queueLinesOf}),
	});
	const shared = {store, clock, db: target.db, apply};
	const observer = new Observer({...shared, link: connections.observe, cost});
	const watcher = new QueueWatcher({
		...shared,
		link: connections.queues,
		isWanted: queueFilter(config.queues.prefixes),
		searchAtOnceMs: options.searchAtOnceMs,
		queuesFirst: options.queuesFirst,
		onSend: argv => cost.count(argv),
	});
	const programs = machine && new Programs(machine);
	const surveyor = new Surveyor({
		target,
		clock,
		name: connections.nameOf('survey'),
		components: config.components,
		parts: options.surveyed && (() => options.surveyed?.(whole) ?? []),
		report: change => store.setState(({survey}) => ({survey: change(survey)})),
		onLink: link => connections.adopt(link),
		// What another master of the cluster does for it costs that one.
		onSend(argv, to) {
			const where = address(to.endpoint);
			if (where === address(target.endpoint)) cost.count(argv);
			else options.costs?.of(where).count(argv);
		},
	});
	const {group: sentinels, watching} = watchSentinels(options, {store, apply, name: connections.nameOf('sentinel'), signal: stop.signal});
	connections.open();
	const knock = () => hearFirstWords(target, {timeoutMs: 2000, listenMs: 50});
	const background = [
		observer.run(stop.signal),
		watcher.run(stop.signal),
		runJobReader({store, clock, ask: watcher.ask, findQueue: watcher.find}, stop.signal),
		runTicker({store, clock, apply, link: connections.observe, knock, onServed: () => connections.reconnectOthers()}, stop.signal),
		watching,
	];
	for (const task of background) task.catch(raiseLater);

	return {
		store: whole,
		auditTarget: auditTarget(target),
		actionDeps: actionDeps({options, store, observer, watcher, apply, connections, sentinels, auditTarget: auditTarget(target), programs, end: stop.signal}),
		setMode(mode) {
			if (mode === 'read-only' || lockedBy === undefined) connections.setMode(mode);
		},
		survey: surveyor,
		rescanQueues: () => watcher.rescan(),
		close() {
			stop.abort();
			programs?.close();
			surveyor.stop();
			connections.close();
		},
	};
}

/** What comes in late must not be taken for news of the server that the console looks at by then. */
function untilClosed(store: ConsoleStore, closed: AbortSignal): ConsoleStore {
	const setState: ConsoleStore['setState'] = (change: Parameters<ConsoleStore['setState']>[0]) => {
		if (!closed.aborted) store.setState(change);
	};
	return {...store, setState};
}

/** What the store says of a session before its server has answered. */
export function sessionState(options: SessionOptions): Session {
	const {target, lockedBy, sentinel, config = defaultConfig} = options;
	const isReadOnly = options.isReadOnly || lockedBy !== undefined;
	return {
		target: {name: target.name, address: address(target.endpoint), environment: target.environment, db: target.db, user: target.username},
		mode: isReadOnly ? 'read-only' : 'guarded',
		lockedBy,
		operator: options.operator,
		intervalMs: options.intervalMs,
		ownClientIds: new Set(),
		auditFile: options.auditFile,
		isAudited: options.isAudited ?? true,
		recording: options.recording,
		acting: isReadOnly || options.isDryRun ? 'none' : 'opening',
		sentinels: sentinel && {master: sentinel.master, nodes: sentinel.nodes.map(address), views: new Map()},
		components: config.components,
	};
}

const auditTarget = ({name, endpoint}: Target): string => targetText({name, address: address(endpoint)});

/** Is it one of the prefixes that the config file names, or below one? Without any all are. */
export function queueFilter(prefixes: readonly string[]): (queue: FoundQueue) => boolean {
	if (prefixes.length === 0) return () => true;
	return ({id, prefix}) => prefixes.some(wanted => prefix === wanted || id.startsWith(`${wanted}:`));
}

/** A defect in a background loop ends the program with a message instead of a screen that stands still. */
export function raiseLater(error: unknown): void {
	setImmediate(() => {
		throw error;
	});
}
