import {describe, expect, it} from 'vitest';
import type {ServerInfo} from '../../src/redis/parse/server-info.ts';
import {type Contact, deriveServerState, type ServerState, type StateKind} from '../../src/store/server-state.ts';
import {contact, noonMs, serverInfo, serverState} from '../helpers/fixtures.ts';

const connecting: ServerState = {kind: 'CONNECTING', sinceMs: noonMs, detail: ''};
const healthy = serverState();

type Story = {
	readonly previous?: ServerState;
	readonly heard: Partial<Contact>;
	readonly info?: ServerInfo | undefined;
	readonly oomRefusedAtMs?: number;
	readonly nowMs?: number;
};

const derive = ({previous = healthy, heard, info = serverInfo(), nowMs = noonMs}: Story): ServerState =>
	deriveServerState(previous, contact(heard), {info, oomRefusedAtMs: undefined}, nowMs);

/** Let several things be heard one after the other, as they are in a running console. */
function follow(first: ServerState, ...steps: readonly (Partial<Contact> & {readonly atMs: number})[]): readonly ServerState[] {
	const states: ServerState[] = [];
	for (const {atMs, ...heard} of steps)
		states.push(deriveServerState(states.at(-1) ?? first, contact(heard), {info: serverInfo(), oomRefusedAtMs: undefined}, atMs));
	return states;
}

const kinds = (states: readonly ServerState[]): readonly StateKind[] => states.map(({kind}) => kind);

const failure = (kind: string, detail = 'why') => ({kind, detail, nextTryAtMs: noonMs + 1000});
const busy = {kind: 'busy', running: 'script', detail: 'BUSY …'} as const;
const late = {waitingSinceMs: noonMs - 500, patienceMs: 500};
const full = {connectedClients: 1000, maxClients: 1000};
const overLimit = {usedMemoryBytes: 101, maxMemoryBytes: 100, maxMemoryPolicy: 'noeviction'};

describe('one fact, one state', () => {
	it.each<[StateKind, Partial<Contact>, Partial<ServerInfo>]>([
		['DOWN', {link: 'broken', failure: failure('down')}, {}],
		['DOWN', {link: 'broken', failure: failure('lost')}, {}],
		['DOWN', {link: 'broken', failure: failure('refused')}, {}],
		['DOWN', {link: 'broken', failure: undefined}, {}],
		['UNREACHABLE', {link: 'broken', failure: failure('unreachable')}, {}],
		['UNREACHABLE', {link: 'broken', failure: failure('tls')}, {}],
		['UNREACHABLE', {...late, acceptsTcp: false}, {}],
		['MAXCLIENTS', {link: 'broken', failure: failure('maxclients')}, {}],
		['NOAUTH', {link: 'broken', failure: failure('noauth')}, {}],
		['WRONGPASS', {link: 'broken', failure: failure('wrongpass')}, {}],
		['NOPERM', {link: 'broken', failure: failure('denied')}, {}],
		['SILENT', late, {}],
		['SILENT', {...late, acceptsTcp: true}, {}],
		['SILENT', {...late, link: 'greeting'}, {}],
		['BUSY', {refusal: busy}, {}],
		['LOADING', {refusal: {kind: 'loading', detail: 'LOADING …'}}, {}],
		['MASTERDOWN', {refusal: {kind: 'masterdown', detail: 'MASTERDOWN …'}}, {}],
		['MISCONF', {refusal: {kind: 'misconf', detail: 'MISCONF …'}}, {}],
		['NOAUTH', {refusal: {kind: 'noauth', detail: 'NOAUTH …'}}, {}],
		['NOPERM', {refusal: {kind: 'noperm', detail: 'NOPERM …'}}, {}],
		['LOADING', {}, {loading: {percent: 41, etaSeconds: 3}}],
		['OOM', {}, overLimit],
		['NOREPLICAS', {}, {role: 'master', goodReplicas: 0}],
		['OK', {}, {role: 'master', goodReplicas: 1}],
		['OK', {}, {role: 'master'}],
		['MAXCLIENTS', {}, full],
		['READONLY', {}, {role: 'replica', replicaReadOnly: true}],
		['READONLY', {}, {role: 'replica'}],
		['OK', {}, {role: 'replica', replicaReadOnly: false}],
		['OK', {}, {}],
	])('%s from %j %j', (kind, heard, info) => {
		expect(derive({previous: connecting, heard, info: serverInfo(info)})).toMatchObject({kind});
	});

	it('is OK without INFO: PONG was answered, and INFO may be forbidden', () => {
		expect(deriveServerState(connecting, contact(), {info: undefined, oomRefusedAtMs: undefined}, noonMs)).toMatchObject({kind: 'OK'});
	});

	it.each([
		['the words of the network', {link: 'broken', failure: failure('down', 'connection refused')}, 'connection refused'],
		['the words of the server', {refusal: {kind: 'misconf', detail: 'MISCONF disk full'}}, 'MISCONF disk full'],
	] as const)('keeps %s', (_what, heard, detail) => {
		expect(derive({heard})).toMatchObject({detail});
	});

	it('tells how far loading is', () => {
		const info = serverInfo({loading: {percent: 41, etaSeconds: 3}});
		expect(derive({heard: {refusal: {kind: 'loading', detail: ''}}, info})).toMatchObject({kind: 'LOADING', loadedPercent: 41});
	});

	it('remembers which kind of failure it was: only `down` means that nothing listens', () => {
		expect(derive({heard: {link: 'broken', failure: failure('lost')}})).toMatchObject({kind: 'DOWN', failure: 'lost'});
	});
});

describe('what hides the rest comes first', () => {
	it.each<[StateKind, Partial<Contact>, Partial<ServerInfo>]>([
		['DOWN', {link: 'broken', failure: failure('down'), ...late, refusal: busy}, full],
		['UNREACHABLE', {...late, acceptsTcp: false, refusal: busy}, full],
		['SILENT', {...late, refusal: busy}, full],
		['BUSY', {refusal: busy}, {...full, loading: {percent: 1, etaSeconds: 1}}],
		['MISCONF', {refusal: {kind: 'misconf', detail: ''}}, {...full, ...overLimit}],
		['LOADING', {}, {...full, ...overLimit, loading: {percent: 1, etaSeconds: 1}}],
		['OOM', {}, {...full, ...overLimit, role: 'master', goodReplicas: 0}],
		['NOREPLICAS', {}, {...full, role: 'master', goodReplicas: 0}],
		['MAXCLIENTS', {}, {...full, role: 'replica'}],
	])('%s over the others', (kind, heard, info) => {
		expect(derive({heard, info: serverInfo(info)})).toMatchObject({kind});
	});
});

describe('silence', () => {
	it.each([
		[499, 'OK'],
		[500, 'SILENT'],
	])('a reply awaited for %i ms of 500 is %s', (waitedMs, kind) => {
		expect(derive({heard: {waitingSinceMs: noonMs - waitedMs, patienceMs: 500}})).toMatchObject({kind});
	});

	it('counts from the last reply, not from the question that was not answered', () => {
		const heard = {lastReplyAtMs: noonMs - 900, waitingSinceMs: noonMs - 500, patienceMs: 500};
		expect(derive({heard})).toMatchObject({kind: 'SILENT', sinceMs: noonMs - 900, begunAfterMs: noonMs - 900});
	});

	it('counts on from a late reply, and keeps when the trouble began', () => {
		const states = follow(
			healthy,
			{atMs: noonMs, lastReplyAtMs: noonMs - 900, waitingSinceMs: noonMs - 800},
			{atMs: noonMs + 2000, lastReplyAtMs: noonMs + 2000},
			{atMs: noonMs + 2600, lastReplyAtMs: noonMs + 2000, waitingSinceMs: noonMs + 2001},
		);
		expect(kinds(states)).toEqual(['SILENT', 'SILENT', 'SILENT']);
		expect(states.at(-1)).toMatchObject({sinceMs: noonMs + 2000, begunAfterMs: noonMs - 900});
	});

	it('says so when nothing was ever heard: it may have begun before we looked', () => {
		const heard = {link: 'greeting', linkSinceMs: noonMs - 700, lastReplyAtMs: undefined, probedAtMs: undefined, waitingSinceMs: noonMs - 700} as const;
		expect(derive({previous: connecting, heard})).toMatchObject({
			kind: 'SILENT',
			sinceMs: noonMs - 700,
			begunAfterMs: undefined,
			detail: 'it has not answered since we connected',
		});
	});

	it('does not tell from an earlier connection when it began: the server may be another process now', () => {
		const heard = {link: 'greeting', linkSinceMs: noonMs - 700, lastReplyAtMs: noonMs - 300_000, waitingSinceMs: noonMs - 700} as const;
		expect(derive({previous: serverState({kind: 'DOWN'}), heard})).toMatchObject({kind: 'SILENT', begunAfterMs: undefined});
	});

	it('stays while the next reply is awaited and not late: no flapping', () => {
		const states = follow(
			healthy,
			{atMs: noonMs, ...late},
			{atMs: noonMs + 100, waitingSinceMs: noonMs - 500, patienceMs: 5000},
			{atMs: noonMs + 200, waitingSinceMs: noonMs + 150, patienceMs: 500},
		);
		expect(kinds(states)).toEqual(['SILENT', 'SILENT', 'SILENT']);
	});

	it('a late reply ends the wait and tells nothing: it may have been BUSY, and nobody read it', () => {
		const states = follow(
			healthy,
			{atMs: noonMs, ...late},
			{atMs: noonMs + 4000, lastReplyAtMs: noonMs + 4000},
			{atMs: noonMs + 4001, lastReplyAtMs: noonMs + 4001, probedAtMs: noonMs + 4001, refusal: busy},
		);
		expect(kinds(states)).toEqual(['SILENT', 'SILENT', 'BUSY']);
	});

	it('stays although the last probe was noted a moment after its reply', () => {
		const noted = {lastReplyAtMs: noonMs - 600, probedAtMs: noonMs - 599};
		const states = follow(healthy, {atMs: noonMs, ...noted, ...late}, {atMs: noonMs + 100, ...noted, waitingSinceMs: noonMs - 500, patienceMs: 5000});
		expect(kinds(states)).toEqual(['SILENT', 'SILENT']);
	});

	it('is over with the first probe that is answered in time', () => {
		const states = follow(healthy, {atMs: noonMs, ...late}, {atMs: noonMs + 4001, lastReplyAtMs: noonMs + 4001, probedAtMs: noonMs + 4001});
		expect(states.at(-1)).toEqual({kind: 'OK', sinceMs: noonMs + 4001, detail: ''});
	});

	it('becomes UNREACHABLE when TCP is no longer taken, and SILENT again when it is', () => {
		const waiting = {waitingSinceMs: noonMs - 500};
		const states = follow(
			healthy,
			{atMs: noonMs, ...waiting},
			{atMs: noonMs + 3000, ...waiting, acceptsTcp: false},
			{atMs: noonMs + 6000, ...waiting, acceptsTcp: true},
		);
		expect(kinds(states)).toEqual(['SILENT', 'UNREACHABLE', 'SILENT']);
	});
});

describe('BUSY', () => {
	const silent = serverState({kind: 'SILENT', sinceMs: noonMs - 5000, begunAfterMs: noonMs - 5000, blockedSinceMs: noonMs - 4500});

	it('keeps from the silence before it when the trouble can have begun', () => {
		expect(derive({previous: silent, heard: {refusal: busy}})).toMatchObject({kind: 'BUSY', running: 'script', sinceMs: noonMs, begunAfterMs: noonMs - 5000});
	});

	it('does not claim a beginning when it was there before we looked', () => {
		expect(derive({previous: connecting, heard: {refusal: busy}}).begunAfterMs).toBeUndefined();
	});

	it.each(['script', 'function', 'module'] as const)('tells that a %s runs', running => {
		expect(derive({heard: {refusal: {...busy, running}}})).toMatchObject({kind: 'BUSY', running});
	});

	it('is no OK while only the login has been answered, as it is in BUSY too', () => {
		const login = {linkSinceMs: noonMs, lastReplyAtMs: noonMs - 1, probedAtMs: undefined};
		const states = follow(connecting, {atMs: noonMs, ...login}, {atMs: noonMs + 1, ...login, lastReplyAtMs: noonMs + 1, probedAtMs: noonMs + 1, refusal: busy});
		expect(kinds(states)).toEqual(['CONNECTING', 'BUSY']);
	});

	it('is no OK on a new connection by what the one before it was told', () => {
		const heard = {linkSinceMs: noonMs, lastReplyAtMs: noonMs, probedAtMs: noonMs - 9000};
		expect(derive({previous: serverState({kind: 'DOWN'}), heard})).toMatchObject({kind: 'DOWN'});
	});

	it('is one trouble with the silence before it, and another than the one after it', () => {
		const states = follow(
			healthy,
			{atMs: noonMs, ...late},
			{atMs: noonMs + 5000, lastReplyAtMs: noonMs + 5000, probedAtMs: noonMs + 5000, refusal: busy},
			{atMs: noonMs + 6000, lastReplyAtMs: noonMs + 5000, waitingSinceMs: noonMs + 5500, refusal: busy},
			{atMs: noonMs + 7000, lastReplyAtMs: noonMs + 7000, probedAtMs: noonMs + 7000, refusal: busy},
		);
		expect(kinds(states)).toEqual(['SILENT', 'BUSY', 'SILENT', 'BUSY']);
		expect(states.map(({blockedSinceMs}) => blockedSinceMs)).toEqual([noonMs, noonMs, noonMs + 6000, noonMs + 6000]);
		expect(states.map(({begunAfterMs}) => begunAfterMs)).toEqual([noonMs - 100, noonMs - 100, noonMs + 5000, noonMs + 5000]);
	});

	it.each([
		['an ordinary answer in between', {}, 'script'],
		['another kind of script', {refusal: {...busy, running: 'function'}}, 'script'],
	] as const)('after %s is another episode', (_what, between, running) => {
		const states = follow(
			healthy,
			{atMs: noonMs, refusal: busy},
			{atMs: noonMs + 1000, lastReplyAtMs: noonMs + 1000, probedAtMs: noonMs + 1000, ...between},
			{atMs: noonMs + 2000, lastReplyAtMs: noonMs + 2000, probedAtMs: noonMs + 2000, refusal: {...busy, running}},
		);
		expect(states.at(-1)).toMatchObject({kind: 'BUSY', blockedSinceMs: noonMs + 2000});
	});
});

describe('over time', () => {
	it.each([
		['OK', {}],
		['BUSY', {refusal: busy}],
		['DOWN', {link: 'broken', failure: failure('down')}],
		['SILENT', late],
	] as const)('%s heard again is the same object, so that nothing renders for it', (_kind, heard) => {
		const first = derive({heard});
		expect(derive({previous: first, heard, nowMs: noonMs + 5000})).toBe(first);
	});

	it('counts a state from when it was first seen, and shows its newest words', () => {
		const first = derive({heard: {link: 'broken', failure: failure('down', 'refused')}});
		const again = derive({previous: first, heard: {link: 'broken', failure: failure('down', 'no such socket')}, nowMs: noonMs + 5000});
		expect(again).toEqual({...first, detail: 'no such socket'});
	});

	it('follows the percentage while loading', () => {
		const loading = (percent: number) => serverInfo({loading: {percent, etaSeconds: 9}});
		const first = derive({heard: {}, info: loading(10)});
		expect(derive({previous: first, heard: {}, info: loading(20), nowMs: noonMs + 1000})).toEqual({...first, loadedPercent: 20});
	});

	it.each(['connecting', 'greeting'] as const)('keeps what it was while %s again, and while the first connection is %s', link => {
		const down = serverState({kind: 'DOWN', detail: 'refused'});
		expect(derive({previous: down, heard: {link, waitingSinceMs: undefined}})).toBe(down);
		expect(derive({previous: connecting, heard: {link, waitingSinceMs: undefined}})).toBe(connecting);
	});

	it('recovers: down, then back', () => {
		const states = follow(
			healthy,
			{atMs: noonMs, link: 'broken', failure: failure('down')},
			{atMs: noonMs + 500, link: 'connecting'},
			{atMs: noonMs + 600, linkSinceMs: noonMs + 600, lastReplyAtMs: noonMs + 600, probedAtMs: noonMs - 100},
			{atMs: noonMs + 602, linkSinceMs: noonMs + 600, lastReplyAtMs: noonMs + 602, probedAtMs: noonMs + 602},
		);
		expect(kinds(states)).toEqual(['DOWN', 'DOWN', 'DOWN', 'OK']);
	});
});
