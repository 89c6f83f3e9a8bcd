import type {MemoryStats} from '../../redis/parse/memory-stats.ts';
import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {memoryRoom, memoryTrend, trendWords} from '../../store/memory-outlook.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import {formatBytes, formatCount, formatPercent, formatRate, formatSeconds} from '../../text/format.ts';
import {flow} from '../kit/flow.ts';
import {type Line, type LinePart, line, lineWidth, type Tone} from '../kit/line.ts';
import {bar} from './bar.ts';

export type UsageInput = {
	readonly snapshot: Snapshot;
	readonly stats: MemoryStats | undefined;
	readonly nowMs: number;
	/** The figures are from before the server stopped answering. */
	readonly isStale: boolean;
	readonly ascii: boolean;
	readonly width: number;
};

/** How full it is, how that goes, and where it goes: the first rows say most. Nothing before the first INFO. */
export function usageLines(input: UsageInput): readonly Line[] {
	const info = input.snapshot.info.data;
	if (!info) return [];
	const lines = [fullness(info, input), trend(info, input), ...flow(pieces(info, input), '   ', input.width)];
	return input.isStale ? lines.map(content => content.map(({text}) => ({text, tone: 'dim' as const}))) : lines;
}

const widestBar = 60;

function fullness(info: ServerInfo, {width, ascii}: UsageInput): Line {
	const used = formatBytes(info.usedMemoryBytes, {ascii});
	const room = memoryRoom(info);
	const policy = info.maxMemoryPolicy ?? 'policy not known';
	if (!room) return line(` used ${used}, limit not known`);
	const share = room.usedBytes / room.limitBytes;
	const limit = formatBytes(room.limitBytes, {ascii});
	const words =
		room.limit === 'maxmemory'
			? `${formatBytes(room.usedBytes, {ascii})} of ${limit}, ${policy}`
			: `used ${used}, no maxmemory: rss of the ${limit} that the machine has`;
	const figures = line({text: ` ${formatPercent(share, {ascii})}`, tone: alarm(share)}, `  ${words}`);
	return line(' ', {text: bar(share, Math.min(widestBar, width - lineWidth(figures, {ascii}) - 2), ascii), tone: alarm(share)}, figures);
}

const alarm = (share: number): Tone => (share >= 0.8 ? (share >= 1 ? 'bad' : 'warn') : 'strong');

function trend(info: ServerInfo, {snapshot, nowMs, ascii}: UsageInput): Line {
	const {currentEvictionExceededMs: overMs, maxMemoryBytes} = info;
	const isOver = maxMemoryBytes !== undefined && maxMemoryBytes > 0 && overMs !== undefined && overMs > 0;
	const over = isOver && {text: ` over the limit for ${formatSeconds(overMs / 1000, {ascii})} `, tone: 'bad' as const};
	const going = memoryTrend(snapshot, nowMs);
	if (!going) return line(over, {text: ' growth is not known before there is a minute of history', tone: 'dim'});
	const {text, basis} = trendWords(going, {ascii});
	const isNear = going.fullInSeconds !== undefined && going.fullInSeconds < 3600;
	return line(over, {text: ` ${text}`, tone: isNear ? 'warn' : 'plain'}, basis !== '' && {text: ` (${basis})`, tone: 'dim'});
}

/** Small facts, the most telling first. */
function pieces(info: ServerInfo, {stats, snapshot, ascii}: UsageInput): readonly Line[] {
	const size = (bytes: number | undefined) => formatBytes(bytes, {ascii});
	const count = (number: number | undefined) => formatCount(number, {ascii});
	const {usedMemoryBytes: used, usedMemoryRssBytes: rss, usedMemoryPeakBytes: peak, fragmentationRatio: ratio, evictedKeys, expiredKeys} = info;
	const spare = rss !== undefined && used !== undefined && rss > used ? ` (${size(rss - used)} more than used)` : '';
	return [
		piece('peak', size(peak), peak !== undefined && used !== undefined && peak > 0 && ` (now ${formatPercent(used / peak, {ascii})} of it)`),
		piece('rss', size(rss)),
		piece('fragmentation', ratio === undefined ? (ascii ? '-' : '–') : ratio.toFixed(2), {text: spare, tone: 'dim'}),
		piece('evicted', `${formatRate(snapshot.vitals.evictedPerSecond, {ascii})}`, {text: ` (${count(evictedKeys)} so far)`, tone: 'dim'}),
		piece('expired', `${count(expiredKeys)}`, {text: ' so far', tone: 'dim'}),
		...(stats ? overhead(stats, used, ascii) : []),
		...databases(info, ascii),
	];
}

const piece = (label: string, value: string, ...more: readonly LinePart[]): Line => line({text: `${label} `, tone: 'dim'}, value, ...more);

/** What is data, and what the rest is made of; the tables of keys and expiry are what remains when all else is taken off. */
function overhead(stats: MemoryStats, used: number | undefined, ascii: boolean): readonly Line[] {
	const {overheadBytes, datasetBytes, startupBytes, clientsBytes, replicasBytes, backlogBytes, aofBufferBytes, clusterLinksBytes, scriptsBytes} = stats;
	const parts: readonly (readonly [string, number | undefined])[] = [
		['clients', clientsBytes],
		['replicas', replicasBytes],
		['backlog', backlogBytes],
		['AOF buffer', aofBufferBytes],
		['scripts', scriptsBytes],
		['cluster', clusterLinksBytes],
		['start', startupBytes],
	];
	const known = parts.reduce((sum, [, bytes]) => sum + (bytes ?? 0), 0);
	const all: typeof parts = [['key tables', overheadBytes === undefined ? undefined : Math.max(0, overheadBytes - known)], ...parts];
	const split = all
		.filter(([, bytes]) => bytes !== undefined && bytes > 0)
		.toSorted(([, a = 0], [, b = 0]) => b - a)
		.map(([name, bytes]) => `${name} ${formatBytes(bytes, {ascii})}`)
		.join(', ');
	const share = (bytes: number | undefined) => (bytes === undefined || !used ? '' : ` ${formatPercent(bytes / used, {ascii})}`);
	return [
		piece('data', `${formatBytes(datasetBytes, {ascii})}${share(datasetBytes)}`),
		piece('overhead', `${formatBytes(overheadBytes, {ascii})}${share(overheadBytes)}`, split !== '' && {text: `: ${split}`, tone: 'dim'}),
		...(stats.lazyfreePendingObjects ? [piece('being freed', `${formatCount(stats.lazyfreePendingObjects, {ascii})} objects`)] : []),
	];
}

const mostDatabases = 8;

function databases({keyspace}: ServerInfo, ascii: boolean): readonly Line[] {
	if (!keyspace) return [];
	if (keyspace.length === 0) return [piece('keys', 'none in any database')];
	const shown = keyspace
		.slice(0, mostDatabases)
		.map(({db, keys, expires}) =>
			piece(`db${db}`, `${formatCount(keys, {ascii})} keys`, keys > 0 && {text: `, ${formatPercent(1 - expires / keys, {ascii})} without TTL`, tone: 'dim'}),
		);
	const more = keyspace.length - shown.length;
	return more > 0 ? [...shown, piece('and', `${more} more databases`)] : shown;
}
