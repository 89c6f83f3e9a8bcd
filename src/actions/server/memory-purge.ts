import {formatBytes, formatPercent} from '../../text/format.ts';
import {mayRun, serverAnswers, takesWork} from '../checks.ts';
import {defineAction} from '../define-action.ts';

type Target = {readonly rssBytes: number | undefined};

/** Have the allocator give free pages back to the machine. */
export const memoryPurge = defineAction<Target>({
	id: 'memory.purge',
	title: 'Give free memory back to the machine',
	danger: 'disruptive',
	pane: 'memory',
	doc: {
		sends: 'MEMORY PURGE',
		does: 'jemalloc gives back the pages that nothing lives in; fragments stay. With another allocator (libc) it does nothing, and is refused here',
		cost: 'in one go; below 1 ms where the allocator has given back by itself already, as it mostly has, and more for each GiB that it has not',
		verify: 'resident memory has fallen, or there was nothing to give back',
		undo: 'not needed: no data are touched',
	},

	rereads: ['info'],
	target: ({snapshot: {info}}) => ({rssBytes: info.data?.usedMemoryRssBytes}),

	facts(_target, {snapshot: {info, memoryStats}}) {
		const {usedMemoryBytes, usedMemoryRssBytes, allocator} = info.data ?? {};
		const ratio = usedMemoryBytes && usedMemoryRssBytes !== undefined ? `, ${formatPercent(usedMemoryRssBytes / usedMemoryBytes)} of it` : '';
		return [
			['memory', `${formatBytes(usedMemoryBytes)} used, ${formatBytes(usedMemoryRssBytes)} resident${ratio}`],
			['fragments', `${formatBytes(memoryStats?.allocatorFragmentationBytes)}: these cannot be given back`],
			['allocator', allocator ?? 'not told'],
		];
	},

	checks(_target, now) {
		const {allocator} = now.snapshot.info.data ?? {};
		return [
			serverAnswers(now),
			takesWork(now),
			{
				label: 'the allocator can do it',
				ok: allocator === undefined ? undefined : allocator.startsWith('jemalloc'),
				reason: `The allocator is ${allocator}: with it MEMORY PURGE does nothing. Only jemalloc gives pages back`,
			},
			mayRun(now, 'MEMORY PURGE'),
		];
	},

	plan: () => [['MEMORY', 'PURGE']],
	effect: () => [
		'pages that nothing lives in go back to the machine; used memory and maxmemory do not change',
		'what is written next has to ask the machine for pages again',
	],
	affects: () => 'everybody for the moment that it takes',
	cost: (_target, {snapshot: {info}}) => {
		const {usedMemoryBytes, usedMemoryRssBytes} = info.data ?? {};
		const most = usedMemoryBytes === undefined || usedMemoryRssBytes === undefined ? undefined : Math.max(0, usedMemoryRssBytes - usedMemoryBytes);
		return `${most === undefined ? 'what is free' : `at most ${formatBytes(most)}`} is given back, in one go; mostly the allocator has done so by itself already`;
	},
	evidence: ['info'],

	verify({rssBytes}, {replies: [reply]}, {snapshot}) {
		if (reply !== 'OK') return {ok: false, detail: `the server replied ${String(reply)}`, isFinal: true};
		const now = snapshot.info.data?.usedMemoryRssBytes;
		if (rssBytes === undefined || now === undefined) return {ok: true, detail: 'the server has done it; resident memory is not told'};
		if (now < rssBytes) return {ok: true, detail: `resident memory is ${formatBytes(now)}, ${formatBytes(rssBytes - now)} less`};
		// The figure is taken ten times a second.
		return {ok: true, isFinal: false, detail: `the server has done it, and there was nothing to give back: resident memory is ${formatBytes(now)}`};
	},

	undo: () => ({none: 'not needed: no data are touched'}),
});
