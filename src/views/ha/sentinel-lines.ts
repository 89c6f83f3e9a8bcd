import {failoverOutlook, quorumRefusal} from '../../store/failover-outlook.ts';
import {countdownMeaning, countdownText} from '../../store/failover-words.ts';
import {type Candidate, ranked} from '../../store/promotable.ts';
import {masterAddress, type Seeing, type SentinelEvent, type SentinelSight, type SentinelWatch, seeing} from '../../store/sentinel-watch.ts';
import {formatClock, formatSeconds} from '../../text/format.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import {type LinePart, line, type Span, type Tone} from '../kit/line.ts';
import type {HaInput} from './persistence-lines.ts';
import {fact, heading, marks, more, type Ranked, unknown} from './ranked-lines.ts';

/** Those who would act if this server were lost: what each of them sees, what they could do, and what they did last. */
export function sentinelLines(input: HaInput): readonly Ranked[] {
	const {sentinels: watch} = input.snapshot;
	if (!watch) return [];
	const sights = seeing(watch);
	return [
		heading('Sentinel', {text: ` ${watch.master}`, tone: 'strong'}, ...quorumWords(watch, sights)),
		...marks(input.findings, 'sentinel.no-quorum'),
		...countdown(input),
		...masterLine(watch, sights),
		...watch.sights.map(sight => sightLine(sight, input)),
		...replicaLines(sights, input.ascii),
		...watch.events.slice(-shownEvents).map((event, index, shown) => eventLine(event, shown.length - index)),
	];
}

const shownEvents = 8;
const dim = (text: string): Span => ({text, tone: 'dim'});

function quorumWords(watch: SentinelWatch, sights: readonly Seeing[]): readonly LinePart[] {
	const [first] = sights;
	const counts = `   ${sights.length} of ${watch.sights.length} answer`;
	if (!first) return [watch.sights.length === 0 ? dim('   not asked yet') : {text: counts, tone: 'bad'}];
	const isWhole = sights.length === watch.sights.length;
	const isReached = quorumRefusal(sights) === undefined;
	return [
		{text: counts, tone: isWhole ? 'plain' : 'warn'},
		`, quorum ${first.master.quorum ?? '?'} `,
		first.quorum === undefined ? dim('not checked') : isReached ? {text: 'can be reached', tone: 'good'} : {text: 'CANNOT be reached', tone: 'bad'},
	];
}

function countdown({snapshot, nowMs}: HaInput): readonly Ranked[] {
	const outlook = failoverOutlook(snapshot, nowMs);
	if (!outlook) return [];
	const [loss, ...rest] = countdownMeaning(outlook, snapshot, nowMs);
	return [
		fact(0, 'will act', {text: countdownText(outlook, nowMs), tone: 'bad'}),
		...(loss === undefined ? [] : [more(1, {text: loss, tone: 'bad'})]),
		...rest.map(text => more(3, dim(text))),
	];
}

/** Where they see it elsewhere than where the console looks, or do not agree. */
function masterLine(watch: SentinelWatch, sights: readonly Seeing[]): readonly Ranked[] {
	const best = masterAddress(watch);
	const others = new Set(sights.map(({master}) => master.address));
	if (best === undefined || (best === watch.following && others.size === 1)) return [];
	return [fact(0, 'master', {text: best, tone: 'strong'}, others.size > 1 && {text: '   they do not agree yet', tone: 'warn'})];
}

const loudFlags: Readonly<Record<string, Tone>> = {s_down: 'bad', o_down: 'bad', failover_in_progress: 'bad', disconnected: 'warn', script_kill_sent: 'warn'};

/** ` 10.0.3.1:26379   master  down-after 30s  PONG 0.4s ago`, from the edge: flags are long when they matter. */
function sightLine(sight: SentinelSight, input: HaInput): Ranked {
	return {rank: 2, content: line(` ${sight.node.padEnd(nodeWidth)}  `, ...sightWords(sight, input))};
}

const nodeWidth = 15;

function sightWords({atMs, master, error}: SentinelSight, {nowMs, ascii}: HaInput): readonly LinePart[] {
	const heard = atMs === undefined ? '' : `; last heard ${formatClock(atMs, {ascii})}`;
	if (error !== undefined) return [{text: 'NO ANSWER', tone: 'bad'}, dim(`  ${error}${heard}`)];
	if (!master || atMs === undefined) return [{text: 'does not watch this master', tone: 'warn'}];
	const downAfter = master.downAfterMs === undefined ? unknown : formatSeconds(master.downAfterMs / 1000, {ascii});
	return [...flagWords(master.flags), dim('  down-after '), downAfter, dim('  PONG '), ...replyWords(master, nowMs - atMs, ascii)];
}

const flagWords = (flags: readonly string[]): readonly LinePart[] =>
	flags.flatMap((flag, index) => [index === 0 ? '' : ',', {text: flag, tone: loudFlags[flag] ?? 'plain'}]);

/** A fresh reply of any kind beside an old valid one is what BUSY looks like from there. */
function replyWords({pingOwedMs, lastOkPingMs, lastPingMs}: Seeing['master'], ageMs: number, ascii: boolean): readonly LinePart[] {
	if (lastOkPingMs === undefined) return [unknown];
	const isOwed = pingOwedMs >= owedMs;
	const isAnswering = isOwed && lastPingMs !== undefined && lastPingMs < answeringWithinMs;
	const ago: Span = {text: `${formatSeconds((lastOkPingMs + Math.max(0, ageMs)) / 1000, {ascii})} ago`, tone: isOwed ? 'bad' : 'plain'};
	return [ago, isAnswering && dim(' (BUSY now)')];
}

const owedMs = 300;
const answeringWithinMs = 2000;

/** As one of them sees them, in the order in which they would be promoted. */
function replicaLines(sights: readonly Seeing[], ascii: boolean): readonly Ranked[] {
	const [latest] = sights.toSorted((a, b) => b.atMs - a.atMs);
	if (!latest) return [];
	const candidates = ranked(latest.replicas, latest.master);
	if (candidates.length === 0) return [fact(2, 'would promote', {text: 'nobody: they know no replica', tone: 'warn'})];
	return candidates.slice(0, shownReplicas).map((candidate, index) => candidateLine(candidate, index === 0, ascii));
}

function candidateLine({address, unfit, priority}: Candidate, isFirst: boolean, ascii: boolean): Ranked {
	const words: readonly LinePart[] =
		unfit === undefined
			? [{text: address, tone: isFirst ? 'strong' : 'plain'}, dim(`  priority ${priority ?? glyphsFor(ascii).none}`)]
			: [{text: `${address}  no: ${unfit}`, tone: 'warn'}];
	return isFirst ? fact(2, 'would promote', ...words) : more(4, ...words);
}

const shownReplicas = 3;

/** The last one says most; the older they are the sooner they go. */
function eventLine({atMs, name, about, moved, more: rest, node}: SentinelEvent, age: number): Ranked {
	const what = moved ? `${moved.from} to ${moved.to}` : about ? `${about.kind} ${about.address}${rest === '' ? '' : ` ${rest}`}` : rest;
	return more(age <= 2 ? 3 : 6, dim(`${formatClock(atMs)} `), {text: name, tone: name.startsWith('-') ? 'plain' : 'strong'}, ` ${what}`, dim(`  said ${node}`));
}
