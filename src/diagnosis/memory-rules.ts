import {formatBytes, formatCount, formatPercent} from '../text/format.ts';
import {memoryLimitRules} from './memory-limit-rules.ts';
import type {Rule} from './rule.ts';
import {mean, samplesSince} from './samples.ts';
import {hysteresisRatio} from './thresholds.ts';

const memoryFragmented: Rule = {
	id: 'memory.fragmented',
	needs: 'answers',
	judge({state, thresholds, isStanding}) {
		const {usedMemoryBytes, usedMemoryRssBytes} = state.snapshot.info.data ?? {};
		if (!usedMemoryBytes || usedMemoryRssBytes === undefined) return undefined;
		const slack = isStanding ? hysteresisRatio : 1;
		const ratio = usedMemoryRssBytes / usedMemoryBytes;
		const lostBytes = usedMemoryRssBytes - usedMemoryBytes;
		if (ratio < thresholds.memoryFragmentationRatio * slack || lostBytes < thresholds.memoryFragmentedBytes * slack) return undefined;
		return {
			severity: 'P2',
			title: `The process holds ${ratio.toFixed(1)} times the memory that it uses`,
			evidence: `${formatBytes(usedMemoryRssBytes)} resident for ${formatBytes(usedMemoryBytes)} used: ${formatBytes(lostBytes)} more`,
			meaning: [
				'Memory that was freed has not gone back to the machine: fragments, or what a peak has left behind. maxmemory does not see it.',
				'MEMORY PURGE gives back what the allocator has whole pages of; fragments it cannot give back.',
			],
			components: ['the machine: what else runs on it'],
			remedies: ['memory.purge'],
			over: `resident memory is below ${thresholds.memoryFragmentationRatio} times the used memory, or the difference below ${formatBytes(thresholds.memoryFragmentedBytes)}`,
		};
	},
};

const burstMs = 10_000;
const calmMs = 60_000;

const memoryEvicting: Rule = {
	id: 'memory.evicting',
	needs: 'answers',
	judge({state: {snapshot, nowMs}, thresholds, isStanding}) {
		const info = snapshot.info.data;
		const perSecond = (ms: number) => mean(samplesSince(snapshot.history, 'evictedPerSecond', nowMs - ms).map(({value}) => value)) ?? 0;
		const limit = thresholds.memoryEvictedKeysPerSecond * (isStanding ? hysteresisRatio : 1);
		// Evictions come in bursts: it is over when a whole minute has seen fewer than one burst that would have been found.
		const inMinute = isStanding ? (perSecond(calmMs) * calmMs) / burstMs : 0;
		// With noeviction it has ended, whatever was evicted a moment ago.
		if (!info || info.maxMemoryPolicy === 'noeviction' || Math.max(perSecond(burstMs), inMinute) < limit) return undefined;
		const policy = info.maxMemoryPolicy ?? 'policy not known';
		const isCache = policy.startsWith('allkeys-');
		return {
			severity: isCache ? 'P2' : 'P1',
			title: `${formatCount(Math.ceil(Math.max(perSecond(burstMs), perSecond(calmMs))))} keys a second are evicted to make room`,
			evidence: [
				`${formatBytes(info.usedMemoryBytes)} of ${formatBytes(info.maxMemoryBytes)}, ${policy}`,
				`${formatCount(info.evictedKeys)} evicted so far`,
				snapshot.vitals.hitRate === undefined ? '' : `hit rate ${formatPercent(snapshot.vitals.hitRate)}`,
			]
				.filter(text => text !== '')
				.join('; '),
			meaning: [
				isCache
					? `Keys of any kind are deleted before their time (${policy}). A cache is meant to run like that; jobs of a queue, sessions and locks that live here are lost.`
					: `Keys with a time to live are deleted before it has run out (${policy}): sessions, rate limits, locks.`,
				'If the hit rate falls as well, the cache is too small for what is asked of it.',
			],
			components: ['whoever reads a key that has been evicted'],
			remedies: ['config.maxmemory', 'keys.unlink', 'config.maxmemory-policy'],
			over: 'a minute passes almost without an eviction',
		};
	},
};

export const memoryRules: readonly Rule[] = [...memoryLimitRules, memoryEvicting, memoryFragmented];
