import {describe, expect, it} from 'vitest';
import {createApply} from '../../src/poll/apply.ts';
import {Link} from '../../src/redis/link.ts';
import {appendSample, emptyHistory} from '../../src/store/history.ts';
import type {Snapshot} from '../../src/store/snapshot.ts';
import {noonMs, serverState, storeWith} from '../helpers/fixtures.ts';
import {clusterOf, fleetNode} from '../helpers/fleet.ts';

const endpoint = {kind: 'tcp' as const, host: '127.0.0.1', port: 1};
const target = {name: 'n', endpoint, username: undefined, password: undefined, db: 0, tls: undefined, environment: undefined};

it.each<[string, number, number, number]>([
	['as often as usual a silence leaves its gap', 1, 2000, 2],
	['four times less often that is no silence', 4, 5000, 1],
	['four times less often there are silences too', 4, 6000, 2],
])('where INFO is asked %s', (_how, factor, passedMs, samples) => {
	const history = appendSample(emptyHistory, noonMs, {opsPerSecond: 7});
	const store = storeWith({session: {intervalMs: 1000}, snapshot: {history, slowed: new Map([['info', factor]])}});
	const clock = {now: () => noonMs + passedMs, sleep: () => Promise.resolve()};
	createApply({store, link: new Link({target, name: 'test', clock}), clock, patienceMs: () => 1000, diagnose: () => []})(snapshot => snapshot);
	expect(store.getState().snapshot.history.atMs).toHaveLength(samples);
});

describe('a state in which the console comes upon a server', () => {
	const status = (kind: 'broken' | 'greeting') =>
		kind === 'broken' ? {kind, sinceMs: noonMs, failure: {kind: 'down', detail: 'refused'}, nextTryAtMs: noonMs} : {kind, sinceMs: noonMs};
	type Scene = {
		readonly link: 'broken' | 'greeting';
		readonly before?: 'CONNECTING' | 'OK';
		readonly seen: 'DOWN' | 'SILENT' | 'OK';
		readonly heardAtMs?: number;
	};
	const sinceMs = ({link, before = 'CONNECTING', seen, heardAtMs}: Scene) => {
		const server = serverState({kind: before, sinceMs: noonMs - 1000});
		const store = storeWith({snapshot: {server}});
		const {address} = store.getState().session.target;
		store.setState({fleet: clusterOf([{...fleetNode({server: serverState({kind: seen, sinceMs: noonMs - 20_000})}), address}])});
		const clock = {now: () => noonMs + 3000, sleep: () => Promise.resolve()};
		const quiet = link === 'greeting' ? noonMs : undefined;
		const heard = {status: status(link), quietSinceMs: quiet, lastReplyAtMs: heardAtMs} as unknown as Link;
		const apply = createApply({store, link: heard, clock, patienceMs: () => 1000, diagnose: () => []});
		apply(snapshot => snapshot);
		apply(snapshot => snapshot);
		const {server: now} = store.getState().snapshot;
		return [now.kind, (now.sinceMs - noonMs) / 1000];
	};

	it.each<[string, Scene, string, number]>([
		['DOWN, as the light connection saw it', {link: 'broken', seen: 'DOWN'}, 'DOWN', -20],
		['silent, as the light connection saw it', {link: 'greeting', seen: 'SILENT'}, 'SILENT', -20],
		['DOWN, and seen as something else', {link: 'broken', seen: 'OK'}, 'DOWN', 3],
		['DOWN, and it was well here', {link: 'broken', before: 'OK', seen: 'DOWN'}, 'DOWN', 3],
		['silent, and something was heard here', {link: 'greeting', seen: 'SILENT', heardAtMs: noonMs - 2000}, 'SILENT', -2],
	])('lasts since then: %s', (_what, scene, kind, seconds) => expect(sinceMs(scene)).toEqual([kind, seconds]));
});

describe('what can wait for the next change', () => {
	const scene = (kind: 'OK' | 'BUSY') => {
		let nowMs = noonMs;
		let isBroken = false;
		const store = storeWith({snapshot: {server: serverState({kind})}});
		const clock = {now: () => nowMs, sleep: () => Promise.resolve()};
		const open = {kind: 'open', sinceMs: noonMs - 60_000};
		const broken = {kind: 'broken', sinceMs: noonMs, failure: {kind: 'down', detail: 'refused'}, nextTryAtMs: noonMs + 500};
		const link = {
			get status() {
				return isBroken ? broken : open;
			},
			quietSinceMs: undefined,
			lastReplyAtMs: noonMs,
		} as unknown as Link;
		const breakLink = () => {
			isBroken = true;
		};
		const changes: (readonly number[])[] = [];
		store.subscribe(({snapshot}) => changes.push(snapshot.roundTrips.map(({atMs}) => atMs - noonMs)));
		const apply = createApply({store, link, clock, patienceMs: () => 1000, diagnose: () => []});
		const told = (snapshot: Snapshot, atMs: number): Snapshot => ({...snapshot, roundTrips: [...snapshot.roundTrips, {atMs, ms: 1}]});
		const later = (ms: number) => {
			nowMs = noonMs + ms;
		};
		return {apply, told, later, changes, breakLink, server: () => store.getState().snapshot.server.kind};
	};

	it('is carried out together, each as of when it was told, and once', () => {
		const {apply, told, later, changes} = scene('OK');
		apply.withNext(told);
		later(5);
		apply.withNext(told);
		later(9);
		expect(changes).toEqual([]);
		apply(told);
		apply.flush();
		expect(changes).toEqual([[0, 5, 9]]);
		apply.withNext(told);
		apply.flush();
		expect(changes[1]).toEqual([0, 5, 9, 9]);
	});

	it('is not lost with the connection that told it, and tells of no server that answers', () => {
		const {apply, told, later, changes, breakLink, server} = scene('OK');
		apply.withNext(told);
		breakLink();
		later(9);
		apply.flush();
		expect(changes).toEqual([[0]]);
		expect(server()).toBe('DOWN');
	});

	it('waits for nothing while the server is in trouble', () => {
		const {apply, told, changes} = scene('BUSY');
		apply.withNext(told);
		expect(changes).toHaveLength(1);
	});
});
