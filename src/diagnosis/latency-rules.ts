import {clientKind} from '../redis/parse/client-kind.ts';
import {knownScriptName} from '../redis/parse/known-scripts.ts';
import type {SlowlogEntry} from '../redis/parse/slowlog.ts';
import {type Snapshot, serverClockMs} from '../store/snapshot.ts';
import type {ConsoleState} from '../store/store.ts';
import {formatClock, formatCount, formatMicros, formatPercent, formatRate, formatTook, roughly} from '../text/format.ts';
import type {Rule} from './rule.ts';
import {median, samplesSince} from './samples.ts';
import {hysteresisRatio, type Thresholds} from './thresholds.ts';

const everyone = ['every client of this server'] as const;

/** So many of the last probes are looked at, and so many slow ones make a finding; one alone says nothing. */
const judgedProbes = 10;
const slowProbes = 3;
/** Probes that are refused (LOADING, MISCONF) say nothing of the time a command takes, and are not kept. */
const freshMs = 30_000;

const latencyHigh: Rule = {
	id: 'latency.high',
	needs: 'answers',
	judge({state: {snapshot, nowMs}, thresholds, isStanding}) {
		const recentMs = snapshot.roundTrips.flatMap(({atMs, ms}) => (atMs > nowMs - freshMs ? [ms] : [])).slice(-judgedProbes);
		const slow = recentMs.filter(ms => ms >= thresholds.latencyHighMs * (isStanding ? hysteresisRatio : 1));
		if (slow.length < (isStanding ? 1 : slowProbes)) return undefined;
		const fastestMs = Math.min(...recentMs);
		const isAlways = fastestMs >= thresholds.latencyHighMs / 2;
		return {
			severity: 'P1',
			title: `${formatCount(slow.length)} of the last ${formatCount(recentMs.length)} probes took ${formatTook(Math.min(...slow))} to ${formatTook(Math.max(...slow))}`,
			evidence: `PING there and back: median ${formatTook(median(recentMs) ?? 0)}, fastest ${formatTook(fastestMs)}`,
			meaning: [
				'Measured from here: the network, the server and this machine are all in it.',
				isAlways
					? 'Even the fastest one was slow: that looks like a long or bad line, but a server that is never free looks the same from here.'
					: 'Others were quick, so it is not the distance: slow commands, forks, swapping, or a line that stalls. The slowlog tells which commands took long.',
			],
			components: everyone,
			remedies: ['config.slowlog-log-slower-than'],
			over: `${judgedProbes} probes in a row are answered within ${formatMicros(thresholds.latencyHighMs * 1000)}`,
		};
	},
};

/** What slowlog-log-slower-than 0 lets in is not slow. */
const leastSlowMicros = 1000;

/** Since `fromMs` by the server's clock, without the console's own. */
function slowSince({slowlog}: Snapshot, fromMs: number): readonly SlowlogEntry[] {
	return (slowlog.data?.entries ?? []).filter(
		({atMs, durationMicros, clientName}) => atMs > fromMs && durationMicros >= leastSlowMicros && !isConsole(clientName),
	);
}

const isConsole = (name: string): boolean => clientKind({name, flags: '', lastCommand: '', isSubscribed: false}) === 'console';

/** Half as many keep it standing: a count over a minute goes up and down by some. */
const calmRatio = 0.5;
const minuteMs = 60_000;

const slowlogBurst: Rule = {
	id: 'slowlog.burst',
	needs: 'answers',
	judge({state: {snapshot, nowMs}, thresholds, isStanding}) {
		const entries = slowSince(snapshot, serverClockMs(snapshot, nowMs) - minuteMs);
		if (entries.length < thresholds.slowlogBurstPerMinute * (isStanding ? calmRatio : 1)) return undefined;
		const [shape, count] = mostFrequent(entries);
		const totalMicros = entries.reduce((sum, {durationMicros}) => sum + durationMicros, 0);
		return {
			severity: 'P2',
			title: `${formatCount(entries.length)} slow commands in the last minute`,
			evidence: `most often ${shape} (${formatCount(count)}); together ${formatMicros(totalMicros)}, ${formatPercent(totalMicros / 1000 / minuteMs)} of the time${slowerThan(snapshot)}`,
			meaning: [
				'Commands are carried out one after the other: while a slow one runs, all others wait.',
				'The slowlog in the Scripts pane groups them by shape (a) and tells who sent them.',
			],
			components: everyone,
			remedies: [],
			over: `fewer than ${formatCount(Math.ceil(thresholds.slowlogBurstPerMinute * calmRatio))} new entries in a minute`,
		};
	},
};

function mostFrequent(entries: readonly SlowlogEntry[]): readonly [shape: string, count: number] {
	const counts = new Map<string, number>();
	for (const {shape} of entries) counts.set(shape, (counts.get(shape) ?? 0) + 1);
	return [...counts].sort((a, b) => b[1] - a[1])[0] ?? ['', 0];
}

function slowerThan({settings}: Snapshot): string {
	const micros = Number(settings.data?.get('slowlog-log-slower-than') ?? Number.NaN);
	return micros >= leastSlowMicros ? `; each slower than ${formatMicros(micros)}` : '';
}

const slowScriptMs = 300_000;

const scriptSlow: Rule = {
	id: 'script.slow',
	needs: 'answers',
	judge({state: {snapshot, nowMs}, thresholds}) {
		const scripts = slowSince(snapshot, serverClockMs(snapshot, nowMs) - slowScriptMs).filter(
			({isScript, durationMicros}) => isScript && durationMicros >= thresholds.scriptSlowMs * 1000,
		);
		const slowest = scripts.toSorted((a, b) => b.durationMicros - a.durationMicros)[0];
		if (!slowest) return undefined;
		const {shape, scriptSha, durationMicros, atMs, clientAddress, clientName} = slowest;
		const known = scriptSha === undefined ? undefined : knownScriptName(scriptSha);
		return {
			severity: 'P2',
			title: `A script has blocked the server for ${formatMicros(durationMicros)}`,
			evidence: [
				`${shape}${known === undefined ? '' : ` = ${known}`} at ${formatClock(atMs)}`,
				...(clientAddress === '' ? [] : [`from ${clientAddress}${clientName === '' ? '' : ` ${clientName}`}`]),
				...(scripts.length > 1 ? [`${formatCount(scripts.length)} slow ones in ${roughly(slowScriptMs / 1000)}`] : []),
			].join('; '),
			meaning: [
				'While a script runs nothing else does; this one has ended, or was ended.',
				'It takes longer as its data grow: one that takes seconds today is answered BUSY tomorrow.',
			],
			components: everyone,
			remedies: [],
			over: `no script has taken ${formatMicros(thresholds.scriptSlowMs * 1000)} for ${roughly(slowScriptMs / 1000)}`,
		};
	},
};

/** The last samples against those before them. */
const presentSamples = 3;
const leastBaselineSamples = 5;
const leastBaselineShare = 0.2;

/** After a break clients connect anew, and what was counted while nothing ran is no traffic. */
const afterBreakMs = 10_000;

type Pace = {readonly now: number; readonly before: number};

/** Whether the present can be told from a break that has just ended. */
function isSettled({snapshot: {history, breakEndedAtMs}}: ConsoleState): boolean {
	if (breakEndedAtMs === undefined) return true;
	const since = samplesSince(history, 'opsPerSecond', breakEndedAtMs - 1);
	return since.length >= presentSamples && (since.at(-1)?.atMs ?? 0) - breakEndedAtMs >= afterBreakMs;
}

function pace({snapshot: {history}, nowMs}: ConsoleState, {opsDropWindowSeconds}: Thresholds): Pace | undefined {
	const windowMs = opsDropWindowSeconds * 1000;
	const samples = samplesSince(history, 'opsPerSecond', nowMs - windowMs);
	const baseline = samples.slice(0, -presentSamples);
	const [first, last] = [baseline[0], baseline.at(-1)];
	if (!first || !last || baseline.length < leastBaselineSamples || last.atMs - first.atMs < windowMs * leastBaselineShare) return undefined;
	const now = median(samples.slice(-presentSamples).map(({value}) => value));
	const before = median(baseline.map(({value}) => value));
	return now === undefined || before === undefined ? undefined : {now, before};
}

const opsDrop: Rule = {
	id: 'ops.drop',
	needs: 'answers',
	judge({state, thresholds, isStanding}) {
		// While it loads it refuses nearly everything: that is server.loading.
		if (state.snapshot.server.kind === 'LOADING') return undefined;
		if (!isSettled(state)) return state.findings.find(({id}) => id === 'ops.drop');
		const found = pace(state, thresholds);
		if (!found || found.before < thresholds.opsDropMedianPerSecond) return undefined;
		const limit = found.before * thresholds.opsDropRatio * (isStanding ? 1 / hysteresisRatio : 1);
		if (found.now > limit) return undefined;
		const window = roughly(thresholds.opsDropWindowSeconds);
		return {
			severity: 'P1',
			title: `Traffic has fallen to ${formatPercent(found.now / found.before)} of what it was`,
			evidence: `${formatRate(found.now)}, the median of the last ${window} is ${formatRate(found.before)}`,
			meaning: [
				'Clients ask for less, or do not get through: a network, a proxy, a crashed program, workers that are stuck. From here the two look alike.',
				'Less to do is no fault: at night, or after a batch, it is what one expects.',
			],
			components: everyone,
			remedies: [],
			over: `commands a second are above ${formatPercent(thresholds.opsDropRatio)} of the median again, or have been this few for half of ${window}`,
		};
	},
};

export const latencyRules: readonly Rule[] = [latencyHigh, opsDrop, slowlogBurst, scriptSlow];
