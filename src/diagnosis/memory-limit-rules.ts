import type {ServerInfo} from '../redis/parse/server-info.ts';
import {type MemoryRoom, memoryRoom, memoryTrend, trendWords} from '../store/memory-outlook.ts';
import {refusedLatelyMs, refusesWrites} from '../store/server-state.ts';
import type {Snapshot} from '../store/snapshot.ts';
import type {ConsoleState} from '../store/store.ts';
import {formatBytes, formatCount, formatPercent, roughly} from '../text/format.ts';
import type {Rule} from './rule.ts';
import {samplesSince} from './samples.ts';
import {hysteresisRatio} from './thresholds.ts';

const writers = ['every client that writes'] as const;

const ofLimit = ({usedBytes, limitBytes, limit}: MemoryRoom): string =>
	`${formatBytes(usedBytes)} of ${formatBytes(limitBytes)}${limit === 'machine' ? ' (all that the machine has)' : ''}`;

/** What happens at the limit, by policy. */
function atLimit(room: MemoryRoom, policy: string | undefined): string {
	if (room.limit === 'machine')
		return 'Without maxmemory nothing stops it there: the machine swaps, or the kernel ends the process and what was not saved is lost.';
	if (policy === undefined) return 'At the limit writes are refused or keys are evicted, by a policy that is not known here.';
	if (policy === 'noeviction') return 'At the limit every command that needs memory is refused with OOM (noeviction).';
	if (isCachePolicy(policy)) return `At the limit keys of any kind are evicted (${policy}): right for a cache, a loss for queues and sessions.`;
	return `At the limit keys with a time to live are evicted (${policy}); once none is left, writes are refused with OOM.`;
}

const isCachePolicy = (policy: string | undefined): boolean => policy?.startsWith('allkeys-') ?? false;

/** To be full is what such a server is made for. */
const isCache = ({limit}: MemoryRoom, policy: string | undefined): boolean => limit === 'maxmemory' && isCachePolicy(policy);

/** Used memory dances around the limit while clients go on trying; it is over when neither it nor a refusal was seen there for a while. */
function isFull({snapshot, nowMs, findings}: ConsoleState, info: ServerInfo): boolean {
	if (refusesWrites(info, snapshot.oomRefusedAtMs, nowMs)) return true;
	const room = memoryRoom(info);
	if (info.role === 'replica' || room?.limit !== 'maxmemory' || room.usedBytes < room.limitBytes * hysteresisRatio) return false;
	return findings.some(({id}) => id === 'server.oom') && wasOver(snapshot, info, room, nowMs);
}

function wasOver({history}: Snapshot, {maxMemoryPolicy, notCountedForEvictBytes = 0}: ServerInfo, {limitBytes}: MemoryRoom, nowMs: number): boolean {
	const recent = samplesSince(history, 'usedMemoryBytes', nowMs - refusedLatelyMs);
	return maxMemoryPolicy === 'noeviction' && recent.some(({value}) => value - notCountedForEvictBytes > limitBytes);
}

const serverOom: Rule = {
	id: 'server.oom',
	needs: 'answers',
	judge({state}) {
		const info = state.snapshot.info.data;
		const room = info && memoryRoom(info);
		if (!info || !room || !isFull(state, info)) return undefined;
		const refused = info.errorStats?.get('OOM');
		const policy = info.maxMemoryPolicy ?? 'policy not known';
		return {
			severity: 'P0',
			title: 'Out of memory: writes are refused',
			evidence: [`${ofLimit(room)}, ${policy}`, refused ? `${formatCount(refused)} commands refused with OOM so far` : '']
				.filter(text => text !== '')
				.join('; '),
			meaning: [
				'Every command that needs memory is refused; reading, deleting and expiring go on.',
				policy === 'noeviction' ? 'Nothing may be evicted to make room (noeviction).' : `The policy ${policy} finds too little to evict.`,
				'Room comes from a higher maxmemory, if the machine has it, or from deleting what is not needed. A policy that evicts may take jobs and sessions too.',
			],
			components: writers,
			remedies: ['config.maxmemory', 'keys.unlink', 'queue.clean', 'config.maxmemory-policy'],
			over: `used memory stays below maxmemory and no command is refused with OOM for ${refusedLatelyMs / 1000} s`,
		};
	},
};

const memoryHigh: Rule = {
	id: 'memory.high',
	needs: 'answers',
	judge({state, thresholds, isStanding}) {
		const info = state.snapshot.info.data;
		const room = info && memoryRoom(info);
		if (!info || !room || isFull(state, info)) return undefined;
		const share = room.usedBytes / room.limitBytes;
		if (share < thresholds.memoryHighRatio * (isStanding ? hysteresisRatio : 1)) return undefined;
		const policy = info.maxMemoryPolicy;
		const isMeant = isCache(room, policy);
		return {
			severity: isMeant ? 'P2' : 'P1',
			title:
				room.limit === 'machine' ? `${formatPercent(share)} of the machine’s memory is taken by this server` : `${formatPercent(share)} of maxmemory is used`,
			evidence: [ofLimit(room), room.limit === 'maxmemory' ? policy : 'no maxmemory is set'].filter(text => text !== undefined).join(', '),
			meaning: [
				atLimit(room, policy),
				isMeant
					? 'If this is a cache and nothing else, that is how it is meant to run.'
					: 'What grows, the Memory pane tells: keys by prefix, big keys, keys without a time to live.',
			],
			components: writers,
			remedies:
				room.limit === 'machine' ? ['keys.unlink', 'queue.clean', 'config.maxmemory'] : ['keys.unlink', 'queue.clean', 'config.maxmemory', 'memory.purge'],
			over: `used memory stays below ${formatPercent(thresholds.memoryHighRatio)} of the limit`,
		};
	},
};

/** An estimate wanders: what has been found ends when the time left is this many times the threshold. */
const estimateSlack = 2;

const memoryGrowing: Rule = {
	id: 'memory.growing',
	needs: 'answers',
	judge({state, thresholds, isStanding}) {
		const {
			server,
			info: {data: info},
		} = state.snapshot;
		// A server that loads grows by what it reads; a cache that fills up does what it is made for.
		if (!info || server.kind === 'LOADING' || isFull(state, info)) return undefined;
		const room = memoryRoom(info);
		const trend = memoryTrend(state.snapshot, state.nowMs);
		if (!room || isCache(room, info.maxMemoryPolicy) || trend?.fullInSeconds === undefined) return undefined;
		const {fullInSeconds} = trend;
		const {text, basis} = trendWords(trend);
		if (fullInSeconds > thresholds.memoryFullWithinSeconds * (isStanding ? estimateSlack : 1)) return undefined;
		return {
			severity: 'P2',
			title: `Memory is ${text}`,
			evidence: `${basis}; ${formatBytes(room.limitBytes - room.usedBytes)} left of ${formatBytes(room.limitBytes)}`,
			meaning: ['The time is an estimate: it holds only as long as the growth does.', atLimit(room, info.maxMemoryPolicy)],
			components: writers,
			remedies: ['keys.unlink', 'queue.clean', 'config.maxmemory'],
			over: `it stops growing, or the time left is more than ${roughly(thresholds.memoryFullWithinSeconds * estimateSlack)}`,
		};
	},
};

const memoryNoLimit: Rule = {
	id: 'memory.no-limit',
	needs: 'answers',
	judge({state}) {
		const info = state.snapshot.info.data;
		if (info?.maxMemoryBytes !== 0) return undefined;
		const {usedMemoryBytes, totalSystemMemoryBytes} = info;
		return {
			severity: 'P2',
			title: 'No memory limit is set',
			evidence: `maxmemory 0; ${formatBytes(usedMemoryBytes)} used${totalSystemMemoryBytes === undefined ? '' : `, the machine has ${formatBytes(totalSystemMemoryBytes)}`}`,
			meaning: [
				'It grows until the machine has nothing left; then it swaps, or the kernel ends it without a save.',
				'With a limit it refuses or evicts in time, and the rest of the machine stays usable. A container may have less than the machine tells.',
			],
			components: writers,
			remedies: ['config.maxmemory'],
			over: 'maxmemory is more than 0',
		};
	},
};

export const memoryLimitRules: readonly Rule[] = [serverOom, memoryHigh, memoryGrowing, memoryNoLimit];
