import {type FailoverOutlook, failoverOutlook, quorumRefusal} from '../store/failover-outlook.ts';
import {countdownText} from '../store/failover-words.ts';
import type {Finding} from '../store/finding.ts';
import {runningNow} from '../store/running.ts';
import {isOfMaster, masterAddress, seeing} from '../store/sentinel-watch.ts';
import type {Snapshot} from '../store/snapshot.ts';
import type {ConsoleState} from '../store/store.ts';
import {formatClock, formatSeconds, plural} from '../text/format.ts';
import type {Rule} from './rule.ts';
import {hysteresisRatio, type Thresholds} from './thresholds.ts';

/** The outlook once a failover is as near as the threshold says; what has been near stays so until it is clearly further away. */
function nearFailover({snapshot, nowMs}: ConsoleState, {sentinelFailoverNearSeconds}: Thresholds, isStanding: boolean): FailoverOutlook | undefined {
	const outlook = failoverOutlook(snapshot, nowMs);
	if (!outlook || outlook.obstacle !== undefined) return undefined;
	const leftSeconds = (outlook.sdownAtMs - nowMs) / 1000;
	const lineSeconds = isStanding ? sentinelFailoverNearSeconds / hysteresisRatio : sentinelFailoverNearSeconds;
	return outlook.phase !== 'counting' || leftSeconds <= lineSeconds ? outlook : undefined;
}

/** Nobody says anything: what was so is so as far as anybody knows. */
function unheard({snapshot: {sentinels: watch}, findings}: ConsoleState, id: string): Finding | undefined {
	return watch && seeing(watch).length === 0 ? findings.find(finding => finding.id === id && finding.node === undefined) : undefined;
}

/** The master of which the Sentinels speak, where the console looks at another server of its group. */
const otherMaster = ({sentinels: watch}: Pick<Snapshot, 'sentinels'>): string | undefined => (watch && !isOfMaster(watch) ? masterAddress(watch) : undefined);

const isBegun = ({phase}: FailoverOutlook): boolean => phase === 'odown' || phase === 'failover';

/** Whole seconds, so that the strip is not drawn anew ten times in one. */
const inSeconds = (atMs: number, nowMs: number): string => (atMs <= nowMs ? 'any moment' : `in ${formatSeconds(Math.ceil((atMs - nowMs) / 1000))}`);

const failoverNear: Rule = {
	id: 'sentinel.failover-near',
	judge({state, thresholds, isStanding}) {
		const {nowMs, snapshot} = state;
		const stood = unheard(state, 'sentinel.failover-near');
		if (stood) return stood;
		const outlook = nearFailover(state, thresholds, isStanding);
		if (!outlook) return undefined;
		const {phase, downAfterMs} = outlook;
		const isLate = phase !== 'counting';
		return {
			severity: 'P1',
			evidence: `${isLate ? countdownText(outlook, nowMs).replace(/:? ?\+odown in [\d.]+s/, '') : `down-after ${seconds(downAfterMs)}`}; ${readersText(outlook)}`,
			...(otherMaster(snapshot) === undefined ? ofThisServer(outlook, state) : ofMaster(`the master ${otherMaster(snapshot)}`, outlook, nowMs)),
		};
	},
};

type Told = Pick<Finding, 'title' | 'meaning' | 'components' | 'remedies' | 'over'>;

const ofThisServer = (outlook: FailoverOutlook, state: ConsoleState): Told => ({
	title: isBegun(outlook) ? 'Sentinel is failing over' : `Sentinel fails over ${inSeconds(outlook.sdownAtMs, state.nowMs)}`,
	meaning: meaningOf(outlook),
	components: ['every client of this server'],
	remedies: isBegun(outlook) ? [] : remediesFor(state),
	over: 'the server answers the Sentinels again, or another one is the master',
});

/** Seen from a replica: actions go to the one that is looked at, and would end there what blocks nobody. */
const ofMaster = (master: string, outlook: FailoverOutlook, nowMs: number): Told => ({
	title: isBegun(outlook) ? `Sentinel is failing over ${master}` : `Sentinel fails over ${master} ${inSeconds(outlook.sdownAtMs, nowMs)}`,
	meaning: [...meaningOf(outlook), 'What blocks it is ended there: the console looks at another server of its group.'],
	components: [`every client of ${master}`],
	remedies: [],
	over: `${master} answers the Sentinels again, or another one is the master`,
});

const meaningOf = (outlook: FailoverOutlook): readonly string[] => [
	...(outlook.heir === undefined ? [] : [`${outlook.heir} becomes the master. What no replica has received of the old one is lost.`]),
	'A script that only reads is killed by Sentinel itself within a second after +sdown, and the failover comes all the same.',
	isBegun(outlook)
		? 'A kill no longer stops it: it is carried out even if the server answers again meanwhile.'
		: 'It is called off only by a valid reply before +sdown, or by more time: a higher down-after counts at once.',
];

const seconds = (ms: number | undefined): string => (ms === undefined ? '?' : formatSeconds(ms / 1000));

const readersText = ({sentinels, quorum}: FailoverOutlook): string => `quorum ${quorum ?? '?'} of ${plural(sentinels, 'Sentinel')}`;

/** Whatever can end what blocks it, and what gives it time. */
function remediesFor({snapshot}: ConsoleState): readonly string[] {
	const running = runningNow(snapshot);
	const canBeKilled = running !== undefined && running.kind !== 'module' && snapshot.unkillableSinceMs === undefined;
	return canBeKilled ? ['script.kill', 'sentinel.down-after'] : ['sentinel.down-after'];
}

/** A failover takes away what a script has written on the old master, also where that one reports success to its caller (facts, trap 9). */
const lostWritesRisk: Rule = {
	id: 'replication.lost-writes-risk',
	judge({state, thresholds, isStanding}) {
		const {snapshot, nowMs} = state;
		const stood = unheard(state, 'replication.lost-writes-risk');
		if (stood) return stood;
		// What runs on a replica is not what a failover takes away.
		if (otherMaster(snapshot) !== undefined) return undefined;
		const running = runningNow(snapshot);
		const outlook = nearFailover(state, thresholds, isStanding);
		if (!outlook || !running || running.kind === 'unknown') return undefined;
		const {unkillableSinceMs} = snapshot;
		const when = isBegun(outlook) ? 'under way' : inSeconds(outlook.sdownAtMs, nowMs);
		const isKnown = unkillableSinceMs !== undefined;
		return {
			severity: 'P1',
			title: isKnown ? `What the script has written will be LOST: failover ${when}` : `If the script has written, that will be LOST: failover ${when}`,
			evidence: isKnown ? `UNKILLABLE at ${formatClock(unkillableSinceMs)}` : 'whether it has written is not known until a kill is tried',
			meaning: [
				'What a script writes reaches the replicas when it ends. By then another server is the master.',
				'Its caller is told that all went well. Some ten seconds later the old master is made a replica, and what it wrote is gone.',
				isBegun(outlook) ? 'This can no longer be stopped: what it wrote must be written again on the new master.' : whatSavesIt(isKnown),
			],
			components: ['whoever relies on what this script writes'],
			remedies: isBegun(outlook) ? [] : isKnown ? ['sentinel.down-after'] : remediesFor(state),
			over: 'the script has ended before the failover, or another server is the master',
		};
	},
};

const whatSavesIt = (isKnown: boolean): string =>
	`${isKnown ? '' : 'A kill that is taken tells that it has written nothing. '}A down-after higher than what the script still needs saves it: it counts at once.`;

const meetWithinMs = 3000;

const noQuorum: Rule = {
	id: 'sentinel.no-quorum',
	judge({state, isStanding}) {
		const {sentinels: watch} = state.snapshot;
		const sights = watch ? seeing(watch) : [];
		const stood = isStanding ? state.findings.find(({id}) => id === 'sentinel.no-quorum') : undefined;
		// Nobody says anything: what was so is so as far as anybody knows.
		if (watch && sights.length === 0) return stood;
		const refusal = quorumRefusal(sights);
		if (!watch || refusal === undefined) return undefined;
		// Sentinels that have just been started meet within two seconds.
		const sinceMs = Math.min(...sights.flatMap(({noQuorumSinceMs}) => noQuorumSinceMs ?? []));
		const haveMet = sights.every(({master: {otherSentinels}}) => otherSentinels !== 0);
		if (!stood && !haveMet && state.nowMs - sinceMs < meetWithinMs) return undefined;
		const [first] = sights;
		const silent = watch.sights.filter(({error}) => error !== undefined).map(({node}) => node);
		return {
			severity: 'P2',
			title: `Sentinel cannot fail over: ${refusal}`,
			evidence: `quorum ${first?.master.quorum ?? '?'} of ${watch.sights.length}${silent.length === 0 ? '' : `; no answer from ${silent.join(', ')}`}`,
			meaning: [
				'If this master is lost now, nobody takes over: too few Sentinels can be reached to agree on it, or to elect one that carries it out.',
				first ? `In the words of ${first.node}: ${first.quorum?.words ?? ''}` : '',
			],
			components: ['every client of this server'],
			remedies: [],
			over: 'SENTINEL CKQUORUM says OK',
		};
	},
};

export const sentinelRules: readonly Rule[] = [failoverNear, lostWritesRisk, noQuorum];
