import {createStore, type StoreApi} from 'zustand/vanilla';
import type {WatchedMaster} from '../redis/parse/sentinel.ts';
import type {Danger} from './dialog.ts';
import type {Finding} from './finding.ts';
import type {Fleet} from './fleet.ts';
import type {Incident} from './incident.ts';
import type {OpenedQueue} from './opened-queue.ts';
import type {Playback} from './playback.ts';
import {noRecovery, type Recovery} from './recovery.ts';
import {emptySnapshot, type Snapshot} from './snapshot.ts';
import {noSurvey, type SurveyState} from './survey.ts';
import type {Timeline} from './timeline.ts';
import {initialUi, type PaneName, type UiState} from './ui.ts';
import type {UndoStatus, WayBack} from './ways-back.ts';

/** Who looks at what, and what they may do. */
export type Session = {
	readonly target: {
		readonly name: string;
		readonly address: string;
		readonly environment: string | undefined;
		readonly db: number;
		/** Whom the console logs in as; undefined: the default user. */
		readonly user?: string | undefined;
	};
	/** The server that the console was opened for, while it looks at another one of the same group; undefined at home. */
	readonly home?: {readonly name: string; readonly address: string} | undefined;
	readonly mode: 'guarded' | 'read-only';
	/** `FILE:LINE` of the config that says `read-only: locked`: then it stays read-only. */
	readonly lockedBy?: string | undefined;
	/** `alice`, or `alice from 10.0.0.9` over SSH. */
	readonly operator: string;
	readonly intervalMs: number;
	/** A server beside the one that is looked at: it is read over one connection, as often as the number of such servers allows. */
	readonly isLight?: true;
	/** Ids of the console's own connections on this server. */
	readonly ownClientIds: ReadonlySet<string>;
	readonly auditFile: string;
	/** False: what cannot be written to it is done all the same. */
	readonly isAudited?: boolean;
	/** What is not as usual with the recording. */
	readonly recording?: 'none' | 'redacted' | undefined;
	/** The connection that acts: open, on its way, or not wanted (read-only). */
	readonly acting: 'open' | 'opening' | 'none';
	/** Since when the one that is open stands; another number is another connection. */
	readonly actingSinceMs?: number | undefined;
	/** Those that watch this server; undefined where none is known. */
	readonly sentinels?: Sentinels | undefined;
	/** What keys are for, as the config file says. */
	readonly components: readonly Component[];
};

/** The Sentinels of one master, as they were when they were last asked. */
export type Sentinels = {
	/** The name under which they watch it. */
	readonly master: string;
	/** `host:port`, those that were given first. */
	readonly nodes: readonly string[];
	/** What those that answered see of the master, by node. */
	readonly views: ReadonlyMap<string, WatchedMaster>;
};

/** A part of the application, told by its keys (Redis patterns). */
export type Component = {
	readonly name: string;
	readonly keys: readonly string[];
	/** What users notice when it fails. */
	readonly impact: string | undefined;
	/** Its keys may be offered for deletion. */
	readonly isClearable: boolean;
};

/** An action as footer, palette and findings show it: what it is, and why it cannot run now. */
export type ActionStatus = {
	readonly id: string;
	readonly title: string;
	readonly danger: Danger;
	readonly sends: string;
	readonly pane: PaneName;
	/** Undefined: it can. */
	readonly refusal: string | undefined;
	/** It only wants a row to be chosen first. */
	readonly needsChoice: boolean;
	/** Refused whatever it would act on: the console is read-only, or shows another moment than now. */
	readonly isReadOnly: boolean;
	/** It acts on the row under the cursor, or on those that are marked. */
	readonly takesRow: boolean;
	/** It has fields to be filled in before its dialog. */
	readonly asks: boolean;
};

/** A field of an action's form: what it is called, what would be right, and what is in it. */
export type ParamStatus = {readonly name: string; readonly hint: string; readonly value: string; readonly choices?: 'reasons'};

export type ConsoleState = {
	readonly nowMs: number;
	readonly session: Session;
	readonly snapshot: Snapshot;
	/** Worst first. */
	readonly findings: readonly Finding[];
	/** The servers beside the one that is looked at; undefined where there is none. */
	readonly fleet: Fleet | undefined;
	readonly actions: readonly ActionStatus[];
	/** What was done here, in this session or before, and has not been taken back; oldest first. */
	readonly waysBack: readonly WayBack[];
	/** Those of them that are offered, newest first, each with why it cannot be gone now. */
	readonly undos: readonly UndoStatus[];
	/** Undefined before the server has first answered, or failed to. */
	readonly incident: Incident | undefined;
	readonly recovery: Recovery;
	readonly survey: SurveyState;
	/** What has been read of the queue that is open. */
	readonly opened: OpenedQueue | undefined;
	/** What has happened since the console was opened. */
	readonly timeline: Timeline;
	/** A recording is shown; undefined: the present. */
	readonly playback: Playback | undefined;
	readonly ui: UiState;
};

export type ConsoleStore = StoreApi<ConsoleState>;

export function createConsoleStore(session: Session, nowMs: number): ConsoleStore {
	return createStore<ConsoleState>(() => ({
		nowMs,
		session,
		snapshot: emptySnapshot(nowMs),
		findings: [],
		fleet: undefined,
		actions: [],
		waysBack: [],
		undos: [],
		incident: undefined,
		recovery: noRecovery,
		survey: noSurvey,
		opened: undefined,
		timeline: [],
		playback: undefined,
		ui: initialUi,
	}));
}

/** What the panes show: the present, or what a freeze has kept. */
export function shownSnapshot(state: ConsoleState): Snapshot {
	return state.ui.frozen?.snapshot ?? state.snapshot;
}

/** Why it cannot be switched to guarded; `where` is the place in the config file. */
export const lockedText = (where: string): string => `This target is locked read-only by ${where}`;

export const shownSurvey = ({ui, survey}: ConsoleState): SurveyState => ui.frozen?.survey ?? survey;

/** Name and address, as the audit log calls a server. */
export const targetText = ({name, address}: Pick<Session['target'], 'name' | 'address'>): string => (name === address ? address : `${name} ${address}`);

export const isProduction = ({target}: Session): boolean => target.environment === 'production';
