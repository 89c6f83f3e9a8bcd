import {formatSeconds, formatStopwatch} from '../text/format.ts';
import {type FailoverOutlook, failoverOutlook} from './failover-outlook.ts';
import {runningNow} from './running.ts';
import {isOfMaster} from './sentinel-watch.ts';
import type {Snapshot} from './snapshot.ts';

/** `in 4.2s`, or `due now` from the moment on. */
const inWords = (atMs: number, nowMs: number): string => (atMs <= nowMs ? 'due now' : `in ${formatStopwatch(atMs - nowMs)}`);

/** What Sentinel is about to do, in one line: `+sdown in 19.4s, then failover`. */
export function countdownText(outlook: FailoverOutlook, nowMs: number): string {
	const {phase, sdownAtMs, odownAtMs, switchAtMs, downCount, quorum, obstacle} = outlook;
	const then = obstacle === undefined ? 'then failover' : `and no failover: ${obstacle}`;
	if (phase === 'counting') return `+sdown ${inWords(sdownAtMs, nowMs)}, ${then}`;
	if (phase === 'sdown') {
		const agreed = odownAtMs === undefined ? '' : `: +odown ${inWords(odownAtMs, nowMs)}`;
		return `${downCount} of ${quorum ?? '?'} needed take it for down${agreed}, ${then}`;
	}
	if (phase === 'odown') return `+odown, ${obstacle === undefined ? 'failover begins' : then}`;
	return `FAILOVER UNDER WAY${switchAtMs === undefined || switchAtMs <= nowMs ? '' : `: switch in about ${formatStopwatch(switchAtMs - nowMs)}`}`;
}

/** Beyond this estimate it has met something that was not foreseen. */
const overdueMs = 3000;

/** What that will mean for what runs now, and what still changes it; the most important first. */
export function countdownMeaning(outlook: FailoverOutlook, snapshot: Snapshot, nowMs: number): readonly string[] {
	const {phase, obstacle} = outlook;
	if (obstacle !== undefined) return [];
	if (phase === 'failover' || phase === 'odown') return [`${lossText(snapshot)}; a kill no longer stops it`, ...overdueText(outlook, nowMs)];
	return [lossText(snapshot), ...stepsText(outlook, nowMs), ...killText(snapshot)];
}

function overdueText({switchAtMs}: FailoverOutlook, nowMs: number): readonly string[] {
	const isLate = switchAtMs !== undefined && nowMs - switchAtMs > overdueMs;
	return isLate ? ['it is overdue: one that has failed is tried again after twice the failover-timeout'] : [];
}

function stepsText({odownAtMs, switchAtMs, heir}: FailoverOutlook, nowMs: number): readonly string[] {
	if (odownAtMs === undefined || switchAtMs === undefined) return [];
	return [`+odown ${inWords(odownAtMs, nowMs)}, switch ${inWords(switchAtMs, nowMs)}${heir === undefined ? '' : ` to ${heir}`}`];
}

function killText(snapshot: Snapshot): readonly string[] {
	if (!isScript(snapshot) || snapshot.unkillableSinceMs !== undefined) return [];
	return ['if it only reads, Sentinel kills it after +sdown, and the failover comes all the same'];
}

/** One that runs on the master; what runs on a replica is not at stake. */
const isScript = (snapshot: Snapshot): boolean => {
	if (!isAtStake(snapshot)) return false;
	const kind = runningNow(snapshot)?.kind;
	return kind === 'script' || kind === 'function';
};

const isAtStake = ({sentinels: watch}: Snapshot): boolean => watch !== undefined && isOfMaster(watch);

/** What a failover would take away. */
function lossText(snapshot: Snapshot): string {
	if (isAtStake(snapshot) && snapshot.unkillableSinceMs !== undefined) return 'what this script has written will be LOST';
	if (isScript(snapshot)) return 'if it has written, its writes will be LOST';
	return 'what no replica has received will be lost';
}

/** The Sentinels count, and a higher down-after would still keep them from acting. */
export function isCountingDown(snapshot: Snapshot, nowMs: number): boolean {
	const outlook = isAtStake(snapshot) ? failoverOutlook(snapshot, nowMs) : undefined;
	return outlook?.phase === 'counting' && outlook.obstacle === undefined;
}

/** For the evidence of findings about the master: `Sentinel fails over in 12s`; '' while nothing is to come, and on a replica. */
export function failoverInText(snapshot: Snapshot, nowMs: number): string {
	const outlook = isAtStake(snapshot) ? failoverOutlook(snapshot, nowMs) : undefined;
	if (!outlook || outlook.obstacle !== undefined) return '';
	if (outlook.phase === 'failover' || outlook.phase === 'odown') return 'Sentinel is failing over';
	const leftMs = Math.max(0, outlook.sdownAtMs - nowMs);
	return outlook.phase === 'sdown' ? 'Sentinel is about to fail over' : `Sentinel fails over in ${formatSeconds(Math.ceil(leftMs / 1000))}`;
}
