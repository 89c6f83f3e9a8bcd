import {formatSeconds, formatStopwatch} from '../text/format.ts';
import {type FailoverOutlook, failoverOutlook} from './failover-outlook.ts';
import {runningNow} from './running.ts';
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
	const {phase, heir, obstacle, switchAtMs, odownAtMs} = outlook;
	if (phase === 'failover' || phase === 'odown') {
		const isLate = switchAtMs !== undefined && nowMs - switchAtMs > overdueMs;
		return [
			...(obstacle === undefined ? [`${lossText(snapshot)}; a kill no longer stops it`] : [obstacle]),
			...(isLate ? ['it is overdue: one that has failed is tried again after twice the failover-timeout'] : []),
		];
	}
	const kinds = runningNow(snapshot)?.kind;
	const isScript = kinds === 'script' || kinds === 'function';
	const last = odownAtMs !== undefined && switchAtMs !== undefined ? `+odown ${inWords(odownAtMs, nowMs)}, switch ${inWords(switchAtMs, nowMs)}` : '';
	const promoted = heir === undefined || obstacle !== undefined ? '' : `${last === '' ? '' : `${last}, `}to ${heir}`;
	return [
		...(obstacle === undefined ? [lossText(snapshot)] : []),
		...(promoted === '' ? [] : [promoted]),
		...(isScript && snapshot.unkillableSinceMs === undefined && obstacle === undefined
			? ['a script that only reads is killed by Sentinel at +sdown, and the failover comes all the same']
			: []),
	];
}

/** What a failover would take away. */
export function lossText(snapshot: Snapshot): string {
	const running = runningNow(snapshot);
	if (snapshot.unkillableSinceMs !== undefined) return 'what this script has written will be LOST';
	if (running?.kind === 'script' || running?.kind === 'function') return `if this ${running.kind} writes, that will be LOST`;
	return 'what no replica has received will be lost';
}

/** For the evidence of other findings: `Sentinel fails over in 12s`; '' while nothing is to come. */
export function failoverInText(snapshot: Snapshot, nowMs: number): string {
	const outlook = failoverOutlook(snapshot, nowMs);
	if (!outlook || outlook.obstacle !== undefined) return '';
	if (outlook.phase === 'failover' || outlook.phase === 'odown') return 'Sentinel is failing over';
	const leftMs = Math.max(0, outlook.sdownAtMs - nowMs);
	return outlook.phase === 'sdown' ? 'Sentinel is about to fail over' : `Sentinel fails over in ${formatSeconds(Math.ceil(leftMs / 1000))}`;
}
