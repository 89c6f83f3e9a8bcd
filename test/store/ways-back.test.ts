import {expect, it} from 'vitest';
import {type DoneRun, offeredWaysBack, stillChanged, type WayBack, wayBackText, withDone} from '../../src/store/ways-back.ts';
import {noonMs} from '../helpers/fixtures.ts';

const change = (auditId: string, from: string, to: string, more: Partial<DoneRun> = {}): DoneRun => ({
	auditId,
	atMs: noonMs - 60_000,
	operator: 'alice',
	action: 'config.maxmemory',
	undo: {action: 'config.maxmemory', on: [], set: {value: from, from: to}},
	undoes: undefined,
	before: {maxmemory: from},
	after: {maxmemory: to},
	...more,
});
const pause = (auditId: string, queue: string, more: Partial<DoneRun> = {}): DoneRun => ({
	...change(auditId, '', ''),
	action: 'queue.pause',
	undo: {action: 'queue.resume', on: [queue], set: {}},
	before: {},
	after: {},
	...more,
});
const resume = (auditId: string, queue: string, more: Partial<DoneRun> = {}): DoneRun =>
	pause(auditId, queue, {action: 'queue.resume', undo: {action: 'queue.pause', on: [queue], set: {}}, ...more});

const after = (...runs: readonly DoneRun[]): readonly WayBack[] => runs.reduce(withDone, [] as readonly WayBack[]);
const offered = (...runs: readonly DoneRun[]) => offeredWaysBack(after(...runs), noonMs).map(({auditId, title}) => `${auditId} ${title}`);

it.each<[string, readonly DoneRun[], readonly string[]]>([
	['a change', [change('1', '100mb', '200mb')], ['1 back to 100mb']],
	['a run without a way back', [change('1', '100mb', '200mb', {undo: undefined})], []],
	['a change that was taken back', [change('1', '100mb', '200mb'), change('2', '200mb', '100mb', {undoes: '1'})], []],
	['a change that was set back by hand', [change('1', '100mb', '200mb'), change('2', '200mb', '100mb')], []],
	['two changes of one thing: the last', [change('1', '100mb', '200mb'), change('2', '200mb', '300mb')], ['2 back to 200mb']],
	[
		'the first again, once the last is taken back',
		[change('1', '100mb', '200mb'), change('2', '200mb', '300mb'), change('3', '300mb', '200mb', {undoes: '2'})],
		['1 back to 100mb'],
	],
	['none of two, once it is as it was before both', [change('1', '100mb', '200mb'), change('2', '200mb', '300mb'), change('3', '300mb', '100mb')], []],
	[
		'not what somebody else has changed in between',
		[change('1', '100mb', '200mb'), change('2', '250mb', '300mb'), change('3', '300mb', '250mb', {undoes: '2'})],
		[],
	],
	[
		'a redo, as any change',
		[change('1', '100mb', '200mb'), change('2', '200mb', '100mb', {undoes: '1'}), change('3', '100mb', '200mb', {undoes: '2'})],
		['3 back to 100mb'],
	],
	[
		'two things, newest first',
		[
			change('1', '100mb', '200mb'),
			change('2', '0', '300', {action: 'config.timeout', before: {timeout: '0'}, after: {timeout: '300'}, undo: {action: 'config.timeout', on: [], set: {}}}),
		],
		['2 back to 0', '1 back to 100mb'],
	],
	[
		'an empty value',
		[change('1', '', '900 1', {action: 'config.save', before: {save: ''}, after: {save: '900 1'}, undo: {action: 'config.save', on: [], set: {}}})],
		['1 back to empty'],
	],
	['each queue for itself', [pause('1', 'orders'), pause('2', 'mail')], ['2 queue.resume mail', '1 queue.resume orders']],
	['a queue that was resumed by hand', [pause('1', 'orders'), pause('2', 'mail'), resume('3', 'orders')], ['2 queue.resume mail']],
	['a queue that was resumed as its undo', [pause('1', 'orders'), resume('2', 'orders', {undoes: '1', undo: undefined})], []],
	[
		'a setting whose name is not the action’s',
		[change('1', '5000', '9000', {before: {'down-after': '5000'}, after: {'down-after': '9000'}})],
		['1 back to down-after 5000'],
	],
	[
		'nothing that has ended by itself',
		[
			change('1', '', '', {action: 'client.pause-writes', undo: {action: 'client.pause-writes', on: [], set: {ms: '0'}, forMs: 60_000}, before: {}, after: {}}),
			change('2', '', '', {action: 'client.unpause', undo: {action: 'client.unblock', on: [], set: {}, forMs: 60_001}, before: {}, after: {}}),
		],
		['2 client.unblock'],
	],
	['nothing of last month', [change('1', '100mb', '200mb', {atMs: noonMs - 30 * 86_400_000})], []],
])('offers %s', (_what, runs, expected) => expect(offered(...runs)).toEqual(expected));

it('says when, and by whom', () => {
	const [set] = after(change('1', '100mb', '200mb'));
	const [paused] = after(pause('1', 'orders', {atMs: noonMs - 86_400_000}));
	expect(set && wayBackText(set, noonMs)).toBe('back to 100mb (set at 11:59:00Z by alice)');
	expect(paused && wayBackText(paused, noonMs)).toBe('queue.resume orders (done at 2024-12-31 12:00:00Z by alice)');
});

it.each<[string, string | undefined, readonly string[]]>([
	['as it was set last', '300mb', ['1', '2', 't']],
	['as somebody else has set it', '7mb', ['1', '2', 't']],
	['not known', undefined, ['1', '2', 't']],
	['as it was before the last change', '200mb', ['1', 't']],
	['as it was before both', '100mb', ['t']],
])('where the setting is %s, what stands is', (_what, now, standing) => {
	const ways = after(
		change('1', '100mb', '200mb'),
		change('2', '200mb', '300mb'),
		change('t', '0', '300', {action: 'config.timeout', before: {timeout: '0'}, after: {timeout: '300'}, undo: {action: 'config.timeout', on: [], set: {}}}),
	);
	const settings = new Map([['timeout', '300'], ...(now === undefined ? [] : [['maxmemory', now] as const])]);
	expect(stillChanged(ways, settings).map(({auditId}) => auditId)).toEqual(standing);
});

it('holds nothing to be put back that is no setting', () => {
	expect(stillChanged(after(pause('p', 'a')), new Map())).toHaveLength(1);
	expect(stillChanged(after(change('1', '100mb', '200mb')), undefined)).toHaveLength(1);
});
