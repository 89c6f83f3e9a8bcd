import type {ServerInfo} from '../../redis/parse/server-info.ts';
import type {Finding} from '../../store/finding.ts';
import {isSinceStart} from '../../store/saves.ts';
import {type Snapshot, serverClockMs} from '../../store/snapshot.ts';
import {formatClock, formatCount, formatMicros, formatPercent, formatSeconds, plural} from '../../text/format.ts';
import {type LinePart, line, type Span} from '../kit/line.ts';
import {fact, fault, marks, more, type Ranked, unknown} from './ranked-lines.ts';

export type HaInput = {
	readonly snapshot: Snapshot;
	readonly findings: readonly Finding[];
	readonly nowMs: number;
	readonly ascii: boolean;
};

/** What there is on disk if the server ends now, and what saving costs. */
export function persistenceLines(info: ServerInfo, input: HaInput): readonly Ranked[] {
	return [
		...loading(info, input),
		...lastSave(info, input),
		changes(info, input),
		...marks(input.findings, 'persistence.stale'),
		fact(2, 'save points', ...savePoints(input.snapshot)),
		underWay(info, input),
		fact(0, 'AOF', ...aof(info)),
		...marks(input.findings, 'persistence.off', ...(isSnapshotFailure(info) ? [] : failures)),
		fact(3, 'last fork', ...lastFork(info, input)),
	];
}

/** What cannot be written: told below the snapshot or below the append-only file, whichever has failed. */
const failures = ['persistence.misconf', 'persistence.bgsave-failed'] as const;

const isSnapshotFailure = ({lastSaveOk, aofEnabled, aofLastWriteOk}: ServerInfo): boolean =>
	lastSaveOk === false && !(aofEnabled === true && aofLastWriteOk === false);

function loading({loading: load}: ServerInfo, {ascii, findings}: HaInput): readonly Ranked[] {
	if (!load) return [];
	const {percent, etaSeconds} = load;
	const share = percent === undefined ? unknown : `${formatPercent(percent / 100, {ascii})} of the data is read`;
	const toGo = etaSeconds === undefined ? '' : `, about ${formatSeconds(etaSeconds, {ascii})} to go (the server's guess)`;
	return [fact(0, 'loading', share, toGo), ...marks(findings, 'server.loading')];
}

function lastSave(info: ServerInfo, input: HaInput): readonly Ranked[] {
	return [
		fact(0, 'last save', ...lastSaveWords(info, input)),
		...(isSnapshotFailure(info) ? marks(input.findings, ...failures) : []),
		...misconf(input.snapshot, info.lastSaveOk),
	];
}

function lastSaveWords(info: ServerInfo, {snapshot, nowMs, ascii}: HaInput): readonly LinePart[] {
	const {lastSaveAtSeconds: saved, lastSaveTookSeconds: took, lastSaveOk} = info;
	const ago = saved === undefined ? undefined : Math.max(0, Math.floor(serverClockMs(snapshot, nowMs) / 1000 - saved));
	const when = saved === undefined ? unknown : `${formatClock(saved * 1000, {ascii})}, ${formatSeconds(ago, {ascii})} ago`;
	if (lastSaveOk === false) return [{text: 'FAILED', tone: 'bad'}, `; the last good one${isSinceStart(info) ? ', or its start,' : ''} `, when];
	if (took === undefined && isSinceStart(info)) return ['none since its start, ', when];
	return [when, took !== undefined && `, took ${wholeSeconds(took)}`, '   ', lastSaveOk === undefined ? unknown : {text: 'ok', tone: 'good'}];
}

/** What a save that fails does to those who write. */
function misconf({server}: Snapshot, lastSaveOk: boolean | undefined): readonly Ranked[] {
	if (server.kind === 'MISCONF') return [fault('Writes and PING get MISCONF; reads go on'), more(2, {text: `in its words: ${server.detail}`, tone: 'dim'})];
	return lastSaveOk === false && server.kind === 'OK' ? [more(1, {text: 'writes are taken all the same', tone: 'dim'})] : [];
}

const wholeSeconds = (seconds: number): string => (seconds < 1 ? 'less than 1s' : formatSeconds(seconds));

function changes({changesSinceSave, aofEnabled, aofLastWriteOk, role}: ServerInfo, {ascii}: HaInput): Ranked {
	if (changesSinceSave === undefined) return fact(1, 'changes since', unknown);
	const isLost = aofEnabled === false && role === 'master' && changesSinceSave > 0;
	const isKept = aofEnabled === true && aofLastWriteOk === true && changesSinceSave > 0;
	const fate = isLost ? '   lost if it crashes now' : isKept ? '   the append-only file has them too' : '';
	return fact(1, 'changes since', formatCount(changesSinceSave, {ascii}), {text: fate, tone: 'dim'});
}

function savePoints({settings}: Snapshot): readonly LinePart[] {
	const points = settings.data?.get('save');
	if (points === undefined) return [settings.refused ? {text: `not known: ${settings.refused.command} is refused`, tone: 'dim'} : unknown];
	if (points === '') return [{text: 'none: no snapshot is taken by itself', tone: 'warn'}];
	const numbers = points.split(' ').map(Number);
	const pairs = Array.from({length: Math.floor(numbers.length / 2)}, (_, pair) => [numbers[pair * 2] ?? 0, numbers[pair * 2 + 1] ?? 0] as const);
	return [pairs.map(([seconds, count]) => `${plural(count, 'change')} in ${roundTime(seconds)}`).join(', or ')];
}

/** Save points are round figures mostly: `1 h`, `5 min`, `90 s`. */
function roundTime(seconds: number): string {
	if (seconds > 0 && seconds % 3600 === 0) return `${seconds / 3600} h`;
	return seconds > 0 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function underWay(info: ServerInfo, {ascii}: HaInput): Ranked {
	const {saveInProgress, savingForSeconds, aofRewriteInProgress, aofRewritingForSeconds, aofRewriteScheduled} = info;
	if (saveInProgress === undefined && aofRewriteInProgress === undefined) return fact(3, 'under way', unknown);
	const next = aofRewriteScheduled === true && '; a rewrite of the append-only file is to follow';
	if (saveInProgress) return fact(0, 'under way', {text: 'a snapshot', tone: 'strong'}, progress(info, savingForSeconds, ascii), next);
	if (aofRewriteInProgress)
		return fact(0, 'under way', {text: 'a rewrite of the append-only file', tone: 'strong'}, progress(info, aofRewritingForSeconds, ascii), next);
	return next ? fact(0, 'under way', 'a rewrite of the append-only file is to follow') : fact(6, 'under way', {text: 'nothing', tone: 'dim'});
}

function progress({savedKeys, keysToSave}: ServerInfo, seconds: number | undefined, ascii: boolean): string {
	const lasting = seconds === undefined ? '' : ` for ${formatSeconds(seconds, {ascii})}`;
	if (savedKeys === undefined || !keysToSave) return `${lasting}, how far is not known`;
	return `${lasting}, ${formatPercent(savedKeys / keysToSave, {ascii})} (${formatCount(savedKeys, {ascii})} of ${formatCount(keysToSave, {ascii})} keys)`;
}

function aof({aofEnabled, aofLastWriteOk, aofLastRewriteOk, aofLastRewriteTookSeconds: took}: ServerInfo): readonly LinePart[] {
	if (aofEnabled === undefined) return [unknown];
	if (!aofEnabled) return ['off'];
	const rewritten =
		took === undefined ? {text: 'not rewritten yet', tone: 'dim' as const} : verdict(aofLastRewriteOk, `last rewrite ok, took ${wholeSeconds(took)}`, '');
	return [
		'on   ',
		verdict(aofLastWriteOk, 'last write ok', 'the last write has FAILED'),
		'   ',
		line(aofLastRewriteOk === false ? {text: 'the last rewrite has FAILED', tone: 'bad'} : rewritten),
	];
}

function verdict(isOk: boolean | undefined, good: string, bad: string): Span {
	if (isOk === undefined) return unknown;
	return isOk ? {text: good, tone: 'good'} : {text: bad, tone: 'bad'};
}

function lastFork({latestForkMicros: micros}: ServerInfo, {ascii}: HaInput): readonly LinePart[] {
	if (micros === undefined) return [unknown];
	if (micros === 0) return [{text: 'none yet', tone: 'dim'}];
	return [formatMicros(micros, {ascii}), {text: ': so long the server stood still for it', tone: 'dim'}];
}
