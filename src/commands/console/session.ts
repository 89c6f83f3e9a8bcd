import {randomUUID} from 'node:crypto';
import type {Deps} from '../../actions/run-action.ts';
import type {Evidence} from '../../actions/types.ts';
import type {Clock} from '../../clock.ts';
import {diagnose} from '../../diagnosis/diagnose.ts';
import {defaultThresholds, type Thresholds} from '../../diagnosis/thresholds.ts';
import {NotSentError, ServerRefusedError} from '../../errors.ts';
import {appendAudit} from '../../incident/audit.ts';
import {createApply} from '../../poll/apply.ts';
import {Observer} from '../../poll/observer.ts';
import type {Change} from '../../poll/sources.ts';
import {runTicker} from '../../poll/ticker.ts';
import {hearFirstWords} from '../../redis/connect-failure.ts';
import {Link} from '../../redis/link.ts';
import {address, type Target} from '../../redis/target.ts';
import {type ConsoleStore, createConsoleStore} from '../../store/store.ts';

export type SessionOptions = {
	readonly target: Target;
	readonly clock: Clock;
	readonly isReadOnly: boolean;
	readonly intervalMs: number;
	/** Where the findings begin; without them the defaults count. */
	readonly thresholds?: Thresholds;
	/** `alice@bastion1`: how other consoles see this one in CLIENT LIST. */
	readonly label: string;
	readonly operator: string;
	readonly host: string;
	readonly auditFile: string;
};

/** One console at work on one server: its connections, its store, and what feeds it. Knows nothing of a screen. */
export type ServerSession = {
	readonly store: ConsoleStore;
	readonly actionDeps: Omit<Deps, 'confirm'>;
	/** What the audit log calls this server: name and address, never a password. */
	readonly auditTarget: string;
	readonly setMode: (mode: 'guarded' | 'read-only') => void;
	readonly close: () => void;
};

/** Open both connections now, before anything is wrong: a full or frozen server would not let us in later. */
export function openSession(options: SessionOptions): ServerSession {
	const {target, clock, thresholds = defaultThresholds} = options;
	const stop = new AbortController();
	const store = createConsoleStore(
		{
			target: {name: target.name, address: address(target.endpoint), environment: target.environment, db: target.db},
			mode: options.isReadOnly ? 'read-only' : 'guarded',
			operator: options.operator,
			intervalMs: options.intervalMs,
			ownClientIds: new Set(),
			auditFile: options.auditFile,
			acting: options.isReadOnly ? 'none' : 'opening',
		},
		clock.now(),
	);
	const observe = new Link({target, name: connectionName(options.label, 'observe'), clock});
	let act: Link | undefined;
	const mayAct = () => store.getState().session.mode === 'guarded';
	/** Not before the observing connection has its place: of a full server's last one it makes the better use. */
	const openAct = () => {
		if (act || !mayAct() || (observe.status.kind !== 'greeting' && observe.status.kind !== 'open')) return;
		act = new Link({target: {...target, db: 0}, name: connectionName(options.label, 'act'), clock}).open();
		act.subscribe(() => showLinks(store, [observe, act], act));
	};
	observe.subscribe(() => {
		openAct();
		showLinks(store, [observe, act], act);
	});

	const apply: (change: Change) => void = createApply({
		store,
		clock,
		link: observe,
		patienceMs: () => observer.patienceMs(),
		diagnose: state => diagnose(state, thresholds),
	});
	const observer = new Observer({link: observe, store, clock, db: target.db, apply});
	observe.open();
	const background = [
		observer.run(stop.signal),
		runTicker(
			{store, clock, apply, link: observe, knock: () => hearFirstWords(target, {timeoutMs: 2000, listenMs: 50}), onServed: () => act?.reconnect()},
			stop.signal,
		),
	];
	for (const task of background) task.catch(raiseLater);

	return {
		store,
		auditTarget: auditTarget(target),
		actionDeps: actionDeps(options, store, observer, apply, () => act),
		setMode(mode) {
			store.setState(({session}) => ({session: {...session, mode, acting: mode === 'guarded' ? 'opening' : 'none'}}));
			if (mode === 'read-only') {
				act?.close();
				act = undefined;
			}
			openAct();
			showLinks(store, [observe, act], act);
		},
		close() {
			stop.abort();
			observe.close();
			act?.close();
		},
	};
}

function actionDeps(
	options: SessionOptions,
	store: ConsoleStore,
	observer: Observer,
	apply: (change: Change) => void,
	act: () => Link | undefined,
): Omit<Deps, 'confirm'> {
	const {clock, target, operator, host, auditFile} = options;
	return {
		store,
		clock,
		async send(argv, deadlineMs) {
			const link = act();
			if (!link) throw new NotSentError('this console is read-only');
			try {
				return await link.send(argv, deadlineMs);
			} catch (error) {
				if (error instanceof ServerRefusedError && error.code === 'UNKILLABLE') apply((snapshot, nowMs) => ({...snapshot, unkillableSinceMs: nowMs}));
				throw error;
			}
		},
		refresh: (evidence: readonly Evidence[]) => observer.refresh(evidence),
		audit: note =>
			appendAudit(auditFile, {
				at: new Date(clock.now()).toISOString(),
				operator,
				host,
				target: auditTarget(target),
				...note,
			}),
		newId: randomUUID,
	};
}

function auditTarget({name, endpoint}: Target): string {
	const where = address(endpoint);
	return name === where ? where : `${name} ${where}`;
}

/** `redis-triage:alice@bastion1:observe`; the server takes no blanks or control characters in a name. */
const connectionName = (label: string, role: string): string => `redis-triage:${label.replace(/[^\x21-\x7E]/g, '_')}:${role}`;

/**
 * The ids of the connections that are open now, and whether the one that acts is among them. Ids of earlier connections may be others' by
 * now; ours are known by their name anyway.
 */
function showLinks(store: ConsoleStore, links: readonly (Link | undefined)[], act: Link | undefined): void {
	const {session} = store.getState();
	const ids = links.flatMap(link => (link?.status.kind === 'open' ? (link.status.greeting.clientId ?? []) : []));
	const acting = session.mode === 'read-only' ? 'none' : act?.status.kind === 'open' ? 'open' : 'opening';
	const isSame = acting === session.acting && ids.length === session.ownClientIds.size && ids.every(id => session.ownClientIds.has(id));
	if (!isSame) store.setState({session: {...session, acting, ownClientIds: new Set(ids)}});
}

/** A defect in a background loop ends the program with a message instead of a screen that stands still. */
function raiseLater(error: unknown): void {
	setImmediate(() => {
		throw error;
	});
}
