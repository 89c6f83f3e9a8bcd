import {classifyError} from '../redis/parse/errors.ts';
import type {ServerInfo} from '../redis/parse/server-info.ts';
import {isSinceStart} from '../store/saves.ts';
import {type Snapshot, serverClockMs} from '../store/snapshot.ts';
import {formatClock, formatCount, formatSeconds} from '../text/format.ts';
import type {Rule} from './rule.ts';

const writers = ['every client that writes'] as const;
const unsaved = ['what has been written since the last save'] as const;

type Cause = 'rdb' | 'aof' | 'other';

/** Why writes are refused with MISCONF, in the server's own words. */
function misconfCause({server}: Snapshot): Cause | undefined {
	if (server.kind !== 'MISCONF') return undefined;
	const error = classifyError(server.detail);
	return error.kind === 'misconf' ? error.cause : 'other';
}

const misconfWords: Readonly<Record<Cause, {readonly what: string; readonly remedies: readonly string[]}>> = {
	rdb: {what: 'the last snapshot could not be written', remedies: ['config.stop-writes-on-bgsave-error', 'persistence.bgsave', 'config.save']},
	aof: {what: 'the append-only file cannot be written', remedies: ['config.appendonly']},
	other: {what: 'saving to disk fails', remedies: ['config.stop-writes-on-bgsave-error', 'persistence.bgsave']},
};

const persistenceMisconf: Rule = {
	id: 'persistence.misconf',
	needs: 'answers',
	judge({state: {snapshot, nowMs}}) {
		const cause = misconfCause(snapshot);
		if (!cause) return undefined;
		const {what, remedies} = misconfWords[cause];
		return {
			severity: 'P0',
			title: `Writes are refused: ${what}`,
			evidence: [sinceSave(snapshot, nowMs), snapshot.server.detail].filter(text => text !== '').join('; '),
			meaning: [
				'Every write and even PING is answered MISCONF; reads go on. Health checks that PING take the server for dead.',
				'Why it cannot write, only the log and the machine tell: a full disk, rights, too little memory to fork.',
				cause === 'aof'
					? 'It tries again by itself, every second; without the append-only file writes are taken at once, and are lost in a crash.'
					: 'A save that succeeds ends it. Writes taken without one (stop-writes-on-bgsave-error no) are lost in a crash.',
			],
			components: writers,
			remedies,
			over: 'PING is answered with PONG, and the last save or AOF write is ok',
		};
	},
};

/** `last save 14:03:22Z, 1,204 changes since`; '' where it is not known. */
function sinceSave(snapshot: Snapshot, nowMs: number): string {
	const {lastSaveAtSeconds, changesSinceSave} = snapshot.info.data ?? {};
	if (lastSaveAtSeconds === undefined) return '';
	const ago = formatSeconds(Math.max(0, Math.floor(serverClockMs(snapshot, nowMs) / 1000 - lastSaveAtSeconds)));
	const changes = changesSinceSave === undefined ? '' : `, ${formatCount(changesSinceSave)} changes since`;
	const what = snapshot.info.data && isSinceStart(snapshot.info.data) ? 'no good save since the start at' : 'last save';
	return `${what} ${formatClock(lastSaveAtSeconds * 1000)}, ${ago} ago${changes}`;
}

/** What failed last; undefined where all went well, or is not told. */
function failure({lastSaveOk, aofEnabled, aofLastWriteOk, aofLastRewriteOk}: ServerInfo): {readonly what: string; readonly remedy: string} | undefined {
	if (aofEnabled && aofLastWriteOk === false) return {what: 'The append-only file could not be written', remedy: 'config.appendonly'};
	if (lastSaveOk === false) return {what: 'The last snapshot has failed', remedy: 'persistence.bgsave'};
	return aofEnabled && aofLastRewriteOk === false
		? {what: 'The last rewrite of the append-only file has failed', remedy: 'persistence.aof-rewrite'}
		: undefined;
}

const bgsaveFailed: Rule = {
	id: 'persistence.bgsave-failed',
	needs: 'answers',
	judge({state: {snapshot, nowMs}}) {
		const failed = snapshot.info.data && failure(snapshot.info.data);
		if (!failed || misconfCause(snapshot) !== undefined) return undefined;
		return {
			severity: 'P1',
			title: failed.what,
			evidence: sinceSave(snapshot, nowMs),
			meaning: [
				'The server goes on without it; a crash loses what has not been saved.',
				'Why it failed, only the log and the machine tell: a full disk, rights, too little memory to fork.',
			],
			components: unsaved,
			remedies: [failed.remedy],
			over: 'the next one succeeds',
		};
	},
};

/** No answer to CONFIG GET save: not known, which is no statement. */
const hasSavePoints = ({settings}: Snapshot): boolean | undefined => {
	const points = settings.data?.get('save');
	return points === undefined ? undefined : points !== '';
};

type Kept = 'snapshots' | 'nothing' | 'unknown';

/** Without an append-only file: what is left to begin with after a crash. Undefined: not read yet. */
function keptWithoutAof(snapshot: Snapshot): Kept | undefined {
	const isSaving = hasSavePoints(snapshot);
	if (isSaving === undefined) return snapshot.settings.refused ? 'unknown' : undefined;
	return isSaving ? 'snapshots' : 'nothing';
}

type OffWords = {
	readonly title: string;
	readonly meaning: readonly string[];
	readonly components: readonly string[];
	readonly remedies: readonly string[];
	readonly over: string;
};

const offWords: Readonly<Record<Kept, OffWords>> = {
	snapshots: {
		title: 'The append-only file is off: a crash loses what changed since the last snapshot',
		meaning: ['Snapshots keep what there was when they were taken; all writes after the last one are lost with the process.'],
		components: unsaved,
		remedies: ['config.appendonly'],
		over: 'the append-only file is on',
	},
	nothing: {
		title: 'Nothing is saved by itself: a restart begins empty, or with an old snapshot',
		meaning: [
			'Right for a cache; for queues, sessions and locks a restart loses all of them.',
			'With replicas it is worse: a master that restarts empty empties its replicas too.',
		],
		components: ['everything that is kept here'],
		remedies: ['config.appendonly', 'config.save', 'persistence.bgsave'],
		over: 'the append-only file is on, or save points are set',
	},
	unknown: {
		title: 'The append-only file is off',
		meaning: ['Whether snapshots are taken by themselves could not be read. What has been written since the last one is lost in a crash.'],
		components: unsaved,
		remedies: ['config.appendonly'],
		over: 'the append-only file is on',
	},
};

const persistenceOff: Rule = {
	id: 'persistence.off',
	needs: 'answers',
	judge({state: {snapshot}}) {
		const info = snapshot.info.data;
		const kept = keptWithoutAof(snapshot);
		// Whether a replica has to keep anything itself is for its master's set-up to say.
		if (info?.aofEnabled !== false || kept === undefined || info.role === 'replica') return undefined;
		const keys = info.keyspace?.reduce((sum, {keys: count}) => sum + count, 0);
		const facts = ['appendonly no', savePoints(snapshot), keys === undefined ? '' : `${formatCount(keys)} keys`];
		return {severity: 'P2', evidence: facts.filter(text => text !== '').join('; '), ...offWords[kept]};
	},
};

const persistenceStale: Rule = {
	id: 'persistence.stale',
	needs: 'answers',
	judge({state: {snapshot, nowMs}, thresholds}) {
		const info = snapshot.info.data;
		// With an append-only file, or where no snapshots are to be taken, the age of the last one says nothing.
		// Whether a replica has to keep anything itself is for its master's set-up to say.
		if (!info || info.role === 'replica' || info.aofEnabled === true || hasSavePoints(snapshot) === false) return undefined;
		// The save points come a moment after the first INFO.
		if (!snapshot.settings.data && !snapshot.settings.refused) return undefined;
		const {lastSaveAtSeconds, changesSinceSave} = info;
		if (lastSaveAtSeconds === undefined || !changesSinceSave) return undefined;
		const ageSeconds = serverClockMs(snapshot, nowMs) / 1000 - lastSaveAtSeconds;
		if (ageSeconds < thresholds.persistenceStaleSeconds) return undefined;
		return {
			severity: 'P2',
			title: `No snapshot for ${formatSeconds(Math.floor(ageSeconds))}, and ${formatCount(changesSinceSave)} changes since`,
			evidence: [
				`${isSinceStart(info) ? 'none since the start at' : 'last one at'} ${formatClock(lastSaveAtSeconds * 1000)}`,
				info.saveInProgress ? 'one is being taken now' : '',
				savePoints(snapshot),
			]
				.filter(text => text !== '')
				.join('; '),
			meaning: [
				'A crash now loses all of these changes.',
				hasSavePoints(snapshot) === undefined
					? 'The save points could not be read: maybe no snapshots are wanted here.'
					: 'With few changes the save points may ask for no more than this; with many, or a save that never ends, something is wrong.',
			],
			components: unsaved,
			remedies: ['persistence.bgsave', 'config.save', 'config.appendonly'],
			over: 'a snapshot has been taken',
		};
	},
};

const savePoints = ({settings}: Snapshot): string => {
	const points = settings.data?.get('save');
	if (points === undefined) return 'save points not known';
	return points === '' ? 'no save points' : `save ${points}`;
};

export const persistenceRules: readonly Rule[] = [persistenceMisconf, bgsaveFailed, persistenceOff, persistenceStale];
