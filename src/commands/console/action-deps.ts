import {randomUUID} from 'node:crypto';
import type {RoundSender, ServerDeps} from '../../actions/deps.ts';
import {messageOf, NotSentError, ServerRefusedError} from '../../errors.ts';
import {appendAudit} from '../../incident/audit.ts';
import type {Observer} from '../../poll/observer.ts';
import type {QueueWatcher} from '../../poll/queue-watcher.ts';
import type {Change} from '../../poll/sources.ts';
import type {Link} from '../../redis/link.ts';
import type {SentinelGroup} from '../../redis/sentinel-group.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {addEvents} from '../../store/timeline.ts';
import type {Connections} from './connections.ts';
import type {Programs} from './programs.ts';
import {sampleMonitor} from './sample-monitor.ts';
import type {SessionOptions} from './session.ts';

type Parts = {
	readonly options: SessionOptions;
	readonly store: ConsoleStore;
	readonly observer: Observer;
	readonly watcher: QueueWatcher;
	readonly apply: (change: Change) => void;
	readonly connections: Pick<Connections, 'act' | 'queues' | 'nameOf'>;
	/** Those that watch this server; undefined where none is known. */
	readonly sentinels: SentinelGroup | undefined;
	readonly auditTarget: string;
	readonly programs: Programs | undefined;
	/** The session is closed. */
	readonly end: AbortSignal;
};

/** What actions may do to this server, and where they leave their traces. */
export function actionDeps({options, store, observer, watcher, apply, connections, sentinels, auditTarget, programs, end}: Parts): ServerDeps {
	const {clock, operator, host, auditFile} = options;
	const keep: ServerDeps['keep'] = ({title, lines}) => {
		const event = {atMs: clock.now(), kind: 'action' as const, severity: undefined, text: title, details: lines};
		store.setState(({timeline}) => ({timeline: addEvents(timeline, [event])}));
	};
	/** Undefined in read-only mode. */
	const act = () => connections.act;
	/** As the connection that acts, so every other way is closed to a read-only console and to a dry run. */
	const refuseUnlessActing = () => {
		if (options.isDryRun || store.getState().session.mode === 'read-only') throw new NotSentError('this console is read-only');
	};
	const look: ServerDeps['look'] = (argvs, encoding) => {
		// A full server may have let in the connection that acts and not the one of the queues: what knows no database is asked there.
		const acting = connections.act;
		const canAct = connections.queues.status.kind !== 'open' && acting?.status.kind === 'open' && argvs.every(isAboutServer);
		return canAct ? acting.sendAll(argvs, lookDeadlineMs, encoding) : watcher.askIn(argvs, encoding);
	};
	return {
		store,
		clock,
		async send(argv, deadlineMs) {
			try {
				return await actingLink(act).send(argv, deadlineMs);
			} catch (error) {
				if (error instanceof ServerRefusedError && error.code === 'UNKILLABLE') apply((snapshot, nowMs) => ({...snapshot, unkillableSinceMs: nowMs}));
				throw error;
			}
		},
		openRounds: encoding => roundsOver(actingLink(act), act, encoding),
		async sendToSentinel(node, argv, deadlineMs, stop) {
			refuseUnlessActing();
			if (!sentinels) throw new NotSentError('no Sentinel is known');
			return sentinels.send(node, argv, deadlineMs, stop);
		},
		lookAtSentinels: async argvs => (await sentinels?.ask(argvs)) ?? [],
		async runProgram(argv, program, onOutput, signal) {
			refuseUnlessActing();
			if (!programs) throw new NotSentError('no programs are run from here');
			return programs.run(argv, program, onOutput, signal);
		},
		async sample(sampling, onSeen, signal) {
			refuseUnlessActing();
			const name = connections.nameOf('monitor');
			return sampleMonitor({target: options.target, name, clock, store, look}, sampling, onSeen, AbortSignal.any([signal, end]));
		},
		look,
		refresh: evidence => observer.refresh(evidence),
		async audit(note) {
			try {
				await appendAudit(auditFile, {at: new Date(clock.now()).toISOString(), operator, host, target: auditTarget, ...note});
			} catch (error) {
				if (options.isAudited ?? true) throw error;
				const title = `${note.action}: the audit log has no ${note.phase} of it (--no-audit)`;
				keep({title, lines: [messageOf(error), `audit id ${note.id}`]});
				options.onUnaudited?.(`${title}: ${messageOf(error)}`);
			}
		},
		keep,
		newId: () => randomUUID(),
	};
}

const lookDeadlineMs = 10_000;
const serverCommands: ReadonlySet<string> = new Set(['CLIENT', 'ACL', 'SLOWLOG', 'LATENCY', 'INFO', 'CONFIG', 'TIME']);

const isAboutServer = ([command = '']: readonly string[]): boolean => serverCommands.has(command);

function actingLink(act: () => Link | undefined): Link {
	const link = act();
	if (!link) throw new NotSentError('this console is read-only');
	return link;
}

/** A connection that has been made anew is in database 0, and may be to another process: a batch does not go on there. */
function roundsOver(link: Link, act: () => Link | undefined, encoding: 'utf8' | 'bytes'): RoundSender {
	const {status} = link;
	return {
		async send(argvs, deadlineMs) {
			if (act() !== link || link.status !== status) throw new NotSentError('the connection that acts was lost');
			return link.sendAll(argvs, deadlineMs, encoding);
		},
	};
}
