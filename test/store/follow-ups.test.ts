import {expect, it} from 'vitest';
import type {Finding, Severity} from '../../src/store/finding.ts';
import {followUps} from '../../src/store/follow-ups.ts';
import {received} from '../../src/store/resource.ts';
import type {TimelineEvent} from '../../src/store/timeline.ts';
import type {WayBack} from '../../src/store/ways-back.ts';
import {noonMs, type StateParts, stateWith} from '../helpers/fixtures.ts';
import {queueStatus} from '../helpers/queue-status.ts';

const told = (parts: StateParts) => followUps(stateWith(parts)).map(({kind, text, how}) => `${kind}: ${text}${how === undefined ? '' : ` (${how})`}`);
const finding = (id: string, severity: Severity): Finding => ({
	id,
	severity,
	title: 'title',
	evidence: '',
	meaning: [],
	components: [],
	remedies: [],
	over: '',
});
const event = (change: Partial<TimelineEvent>): TimelineEvent => ({id: 1, atMs: noonMs, kind: 'action', severity: undefined, text: '', details: [], ...change});
const maxmemory: WayBack = {
	auditId: 'm',
	atMs: noonMs - 60_000,
	operator: 'alice',
	done: 'config.maxmemory',
	action: 'config.maxmemory',
	choice: {on: [], set: {value: '100mb'}},
	title: 'back to 100mb',
	before: {maxmemory: '100mb'},
	after: {maxmemory: '200mb'},
};
const paused: WayBack = {
	...maxmemory,
	auditId: 'p',
	done: 'queue.pause',
	action: 'queue.resume',
	choice: {on: ['bull:orders'], set: {}},
	title: 'queue.resume bull:orders',
	before: {},
	after: {},
};
const queue = (isPaused: boolean | undefined) => ({snapshot: {queues: received([queueStatus({id: 'bull:orders', name: 'orders', paused: isPaused})], noonMs)}});

const changed = 'change: config.maxmemory was changed at 11:59:00Z by alice and is not taken back';
const undo = '(palette: undo config.maxmemory, back to 100mb)';
const pausedText = 'queue: queue bull:orders was paused at 11:59:00Z by alice (palette: undo queue.pause)';

it.each<[string, StateParts, readonly string[]]>([
	['nothing', {}, []],
	['what is at risk, not what is wrong', {findings: [finding('ops.drop', 'P1'), finding('persistence.off', 'P2')]}, ['finding: P2 persistence.off: title']],
	['a changed setting', {waysBack: [maxmemory]}, [`${changed} ${undo}`]],
	[
		'a changed setting that cannot be set back now',
		{waysBack: [maxmemory], undos: [{...maxmemory, refusal: 'Somebody has changed it since'}]},
		[`${changed} (not now: Somebody has changed it since)`],
	],
	['no setting that is as it was before, whoever has put it back', {waysBack: [maxmemory], settings: {maxmemory: '100mb'}}, []],
	['a setting that somebody has changed once more', {waysBack: [maxmemory], settings: {maxmemory: '50mb'}}, [`${changed} ${undo}`]],
	['of several changes of a setting the last', {waysBack: [{...maxmemory, auditId: 'x', title: 'back to 50mb'}, maxmemory]}, [`${changed} ${undo}`]],
	['a queue that we have paused', {waysBack: [paused], ...queue(true)}, [pausedText]],
	['a queue that has not been looked at yet', {waysBack: [paused]}, [pausedText]],
	['no queue that runs again', {waysBack: [paused], ...queue(false)}, []],
	[
		'what nobody knows the outcome of, first',
		{
			findings: [finding('persistence.off', 'P2')],
			timeline: [
				event({text: 'client.kill unknown: no reply in time', outcome: 'unknown'}),
				event({text: 'client.kill unverified: still listed', outcome: 'unverified'}),
				event({text: 'client.kill done: gone', outcome: 'done'}),
				event({text: 'client.kill sent by alice'}),
				event({kind: 'note', text: 'a note'}),
			],
		},
		[
			'outcome: client.kill unknown: no reply in time (look at the server what became of it)',
			'outcome: client.kill unverified: still listed (look at the server what became of it)',
			'finding: P2 persistence.off: title',
		],
	],
])('tells of %s', (_what, parts, expected) => expect(told(parts)).toEqual(expected));
