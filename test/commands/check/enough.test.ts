import {describe, expect, it} from 'vitest';
import {follow, isEnough, newCourse} from '../../../src/commands/check/enough.ts';
import {emptyResource, received, refused} from '../../../src/store/resource.ts';
import type {StateKind} from '../../../src/store/server-state.ts';
import type {Snapshot} from '../../../src/store/snapshot.ts';
import {noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';
import {queueStatus} from '../../helpers/queue-status.ts';

const startMs = noonMs - 5000;
const ended = {phase: 'ended', keys: 10, endedAtMs: noonMs - 2000, isComplete: true, unknown: []} as const;

/** Everything read, INFO twice, no queues. */
const whole: Partial<Snapshot> = {
	settings: received(new Map(), noonMs),
	slowlog: received({entries: [], rejectedCount: 0}, noonMs),
	clients: received({clients: [], rejectedCount: 0, rejected: []}, noonMs),
	permissions: received(new Map(), noonMs),
	commandStats: received([], noonMs),
	queues: received([], noonMs),
	queueSearch: ended,
};
const course = {startedAtMs: startMs, firstInfoAtMs: noonMs - 1000, firstLookAtMs: new Map<string, number>()};
const judge = (parts: StateParts, from = course) => isEnough(stateWith({...parts, snapshot: {...whole, ...parts.snapshot}}), from, noonMs);

describe('enough is known', () => {
	it('when all has been read, INFO twice', () => {
		expect(judge({})).toBe(true);
		expect(judge({}, {...course, firstInfoAtMs: noonMs})).toBe(false);
	});

	it.each(['settings', 'slowlog', 'clients', 'permissions', 'commandStats'] as const)('not while %s is missing; a refusal is an answer', name => {
		expect(judge({snapshot: {[name]: emptyResource}})).toBe(false);
		expect(judge({snapshot: {[name]: refused(emptyResource, 'X', 'NOPERM')}})).toBe(true);
	});

	it('without INFO when that is refused', () => {
		expect(judge({snapshot: {info: refused(emptyResource, 'INFO', 'NOPERM')}}, {...course, firstInfoAtMs: undefined as never})).toBe(true);
	});

	it('when queues have been looked for, and at each twice, a second apart', () => {
		const queues = received([queueStatus({id: 'bull:a'}), queueStatus({id: 'bull:b'})], noonMs);
		const seen = (aMs: number, bMs: number) => ({
			...course,
			firstLookAtMs: new Map([
				['bull:a', noonMs - aMs],
				['bull:b', noonMs - bMs],
			]),
		});
		expect(judge({snapshot: {queues}}, seen(1000, 1500))).toBe(true);
		expect(judge({snapshot: {queues}}, seen(1000, 999))).toBe(false);
		expect(judge({snapshot: {queueSearch: {...ended, phase: 'running'}}})).toBe(false);
		// What was known before the search ended is not all.
		expect(judge({snapshot: {queues: received([], noonMs - 2500)}})).toBe(false);
		expect(judge({snapshot: {queues: emptyResource, queueSearch: {...ended, isComplete: false}}})).toBe(true);
	});

	it.each<[StateKind, boolean]>([
		['LOADING', true],
		['MASTERDOWN', true],
		['CLUSTERDOWN', true],
		['NOREPLICAS', false],
		['MISCONF', false],
		['OOM', false],
	])('in %s without queues: %s', (kind, isWhole) => {
		expect(judge({server: {kind}, snapshot: {queues: emptyResource, queueSearch: {...ended, phase: 'none'}}})).toBe(isWhole);
	});

	it.each<[StateKind, number]>([
		['SILENT', 4000],
		['BUSY', 1000],
		['DOWN', 1000],
		['UNREACHABLE', 1000],
		['WRONGPASS', 0],
		['NOAUTH', 0],
	])('in %s after it has stood for %i ms', (kind, ms) => {
		expect(judge({server: {kind, sinceMs: noonMs - ms}, snapshot: {info: emptyResource}})).toBe(true);
		expect(judge({server: {kind, sinceMs: noonMs - ms + 1}, snapshot: {info: emptyResource}})).toBe(false);
	});

	it('in BUSY by a function when its name has been asked for', () => {
		const server = {kind: 'BUSY', running: 'function', sinceMs: noonMs - 5000} as const;
		expect(judge({server})).toBe(false);
		expect(judge({server, snapshot: {functionStats: received({running: undefined, engines: []} as never, noonMs)}})).toBe(true);
	});

	it('of a full server without a connection after a second, and from inside without one for queues after three', () => {
		const broken = {contact: {link: 'broken'}, snapshot: {info: emptyResource}} as const;
		expect(judge({...broken, server: {kind: 'MAXCLIENTS', sinceMs: noonMs - 1000}})).toBe(true);
		expect(judge({...broken, server: {kind: 'MAXCLIENTS', sinceMs: noonMs - 999}})).toBe(false);
		const inside = {server: {kind: 'MAXCLIENTS'}, session: {ownClientIds: new Set(['1'])}, snapshot: {queueSearch: {...ended, phase: 'none'}}} as const;
		expect(judge(inside, {...course, startedAtMs: noonMs - 3000})).toBe(true);
		expect(judge(inside, {...course, startedAtMs: noonMs - 2999})).toBe(false);
	});

	it('never while the first connection is on its way', () => {
		expect(judge({server: {kind: 'CONNECTING', sinceMs: 0}})).toBe(false);
	});
});

it('notes the first look at INFO, and at each queue', () => {
	const first = follow(newCourse(startMs), stateWith({snapshot: {queues: received([queueStatus({id: 'a'})], noonMs)}}));
	const second = follow(
		first,
		stateWith({nowMs: noonMs + 1000, snapshot: {queues: received([queueStatus({id: 'a'}), queueStatus({id: 'b'})], noonMs + 1000)}}),
	);
	expect(second).toEqual({
		startedAtMs: startMs,
		firstInfoAtMs: noonMs,
		firstLookAtMs: new Map([
			['a', noonMs],
			['b', noonMs + 1000],
		]),
	});
});
