import {describe, expect, it} from 'vitest';
import {diagnose} from '../../src/diagnosis/diagnose.ts';
import {defaultThresholds} from '../../src/diagnosis/thresholds.ts';
import type {Finding} from '../../src/store/finding.ts';
import {received} from '../../src/store/resource.ts';
import type {StateKind} from '../../src/store/server-state.ts';
import {noonMs, type StateParts, stateWith} from '../helpers/fixtures.ts';

const find = (id: string, parts: StateParts): Finding | undefined => diagnose(stateWith(parts), defaultThresholds).find(finding => finding.id === id);
const meaning = (id: string, parts: StateParts): string => find(id, parts)?.meaning.join('\n') ?? '';

const others: readonly StateKind[] = ['OK', 'CONNECTING', 'LOADING', 'OOM', 'MAXCLIENTS', 'READONLY', 'MISCONF', 'NOAUTH', 'NOPERM', 'MASTERDOWN'];

const busy = {server: {kind: 'BUSY', running: 'script', sinceMs: noonMs - 7400, begunAfterMs: noonMs - 12_400}} as const;
const silent = {server: {kind: 'SILENT', sinceMs: noonMs - 3200, begunAfterMs: noonMs - 3200}, contact: {lastReplyAtMs: noonMs - 3200}} as const;
const down = {server: {kind: 'DOWN', failure: 'down', detail: 'connection refused', sinceMs: noonMs - 9000}, contact: {link: 'broken'}} as const;

describe('script.busy', () => {
	it.each([...others, 'SILENT', 'DOWN'] as const)('is not told of a server that is %s: only BUSY says that something runs', kind => {
		expect(find('script.busy', {server: {kind}})).toBeUndefined();
	});

	it('is P0, counts from the last ordinary reply, and offers the kill first', () => {
		expect(find('script.busy', busy)).toMatchObject({
			severity: 'P0',
			title: 'A script has blocked the server for 12.4s',
			evidence: '12 connections wait',
			remedies: ['script.kill'],
		});
	});

	it('comes to the end of the server only after a minute, behind the kill', () => {
		const since = (ms: number) => ({server: {...busy.server, begunAfterMs: noonMs - ms}});
		expect(find('script.busy', since(59_999))?.remedies).toEqual(['script.kill']);
		expect(meaning('script.busy', since(59_999))).not.toContain('shutdown');
		expect(find('script.busy', since(60_000))?.remedies).toEqual(['script.kill', 'server.shutdown-nosave']);
		expect(meaning('script.busy', since(60_000))).toContain('wait first. What is left then is to end the server with it (server.shutdown-nosave)');
	});

	it('says "at least" where nobody saw it begin', () => {
		const {title} = find('script.busy', {server: {...busy.server, begunAfterMs: undefined}}) ?? {};
		expect(title).toBe('A script has blocked the server for at least 7.4s');
	});

	it('does not claim to know whether it has written', () => {
		expect(meaning('script.busy', busy)).toContain(
			'SCRIPT KILL ends it with an error at its caller, if it has not written. Whether it has, only the attempt tells.',
		);
	});

	it('names a function, by FUNCTION STATS, and its own kill', () => {
		const functionStats = received({running: {name: 'spin', command: [], durationMs: 2300}}, noonMs);
		const parts = {server: {...busy.server, running: 'function'}, snapshot: {functionStats}} as const;
		expect(find('script.busy', parts)?.title).toBe('Function spin has blocked the server for 2.3s');
		expect(meaning('script.busy', parts)).toContain('FUNCTION KILL ends it');
	});

	it('offers no kill for a module command', () => {
		const parts = {server: {...busy.server, running: 'module'}} as const;
		expect(find('script.busy', parts)).toMatchObject({title: expect.stringContaining('A module command'), remedies: ['server.shutdown-nosave']});
		expect(meaning('script.busy', parts)).toContain('cannot be killed from outside: wait for its end, or end the server with it');
	});

	it('gives way to script.unkillable', () => expect(find('script.busy', {...busy, snapshot: {unkillableSinceMs: noonMs}})).toBeUndefined());

	it('does not invent a number of clients', () =>
		expect(find('script.busy', {...busy, info: {connectedClients: undefined}})?.evidence).toBe('every client waits'));
});

describe('script.unkillable', () => {
	const written = {...busy, snapshot: {unkillableSinceMs: noonMs - 1000}};

	it('is not told before a kill was refused, nor once the server answers', () => {
		expect(find('script.unkillable', busy)).toBeUndefined();
		expect(find('script.unkillable', {snapshot: {unkillableSinceMs: noonMs}})).toBeUndefined();
	});

	it('offers the only way out there is behind the wait, and names both choices', () => {
		expect(find('script.unkillable', written)).toMatchObject({
			severity: 'P0',
			title: expect.stringContaining('a script that has written blocks the server for 12.4s'),
			evidence: 'UNKILLABLE at 11:59:59Z; 12 connections wait',
			remedies: ['server.shutdown-nosave'],
		});
		expect(meaning('script.unkillable', written)).toMatch(/Choice 1: wait[\s\S]*Choice 2: end the server without saving, with server\.shutdown-nosave/);
	});

	it('stands through a silence: the server has not forgotten it', () => {
		expect(find('script.unkillable', {...silent, snapshot: {unkillableSinceMs: noonMs - 1000}})).toBeDefined();
	});

	it('says "at least" where nobody saw it begin', () => {
		expect(find('script.unkillable', {...written, server: {...busy.server, begunAfterMs: undefined}})?.title).toContain('for at least 7.4s');
	});

	it.each([
		[{changesSinceSave: 1204}, '(1,204 changes when last seen)'],
		[{}, 'Whatever changed since the last save is lost, and'],
	])('counts what would be lost where it is known: %j', (info, expected) => expect(meaning('script.unkillable', {...written, info})).toContain(expected));
});

describe('server.silent', () => {
	it.each([...others, 'BUSY', 'DOWN'] as const)('is not told of a server that is %s', kind => expect(find('server.silent', {server: {kind}})).toBeUndefined());

	it('is P0, with the time of the last reply', () => {
		expect(find('server.silent', silent)).toMatchObject({
			severity: 'P0',
			title: 'The server has not answered for 3.2s',
			evidence: 'last reply at 11:59:56Z',
			remedies: ['script.kill'],
		});
	});

	it('says so when there never was a reply', () => {
		expect(find('server.silent', {...silent, contact: {lastReplyAtMs: undefined}})?.evidence).toBe('no reply since we connected');
		// The late reply is here, and the silence not yet over.
		expect(find('server.silent', {...silent, contact: {lastReplyAtMs: noonMs}})?.evidence).toBe('last reply at 11:59:56Z');
	});

	it.each([
		['5000', '; if it is a script, BUSY begins in 1.8s'],
		['3000', '; BUSY was due at 11:59:59Z: heavy calls, no script, or a stopped process'],
	])('counts down to BUSY, and past it: threshold %s ms', (threshold, expected) => {
		expect(find('server.silent', {...silent, settings: {'busy-reply-threshold': threshold}})?.evidence).toBe(`last reply at 11:59:56Z${expected}`);
	});

	it.each([
		[{'busy-reply-threshold': '5000'}, 'If it is a script, BUSY replies begin 5s after its start (busy-reply-threshold); SCRIPT KILL will be taken then.'],
		[{'lua-time-limit': '700'}, 'If it is a script, BUSY replies begin 0.7s after its start (lua-time-limit); SCRIPT KILL will be taken then.'],
		[{}, 'could not be read here'],
		[{'busy-reply-threshold': '0'}, 'busy-reply-threshold is 0: if it is a script, nobody is ever answered BUSY, and it cannot be killed.'],
	])('says when a kill would be taken: %j', (settings, expected) => expect(meaning('server.silent', {...silent, settings})).toContain(expected));

	it('says of every cause that it is one of several, and that a script may never reach BUSY', () => {
		const text = meaning('server.silent', silent);
		expect(text).toMatch(/a long script, one slow command .*, swapping, or a stopped process/);
		expect(text).toContain('A script made of heavy calls may never reach BUSY');
		// The only cause that somebody can end at once.
		expect(find('server.silent', silent)?.steps?.join()).toContain('kill -CONT');
	});

	it.each([
		[true, 'TCP connections are still taken, the process does not answer'],
		[undefined, 'or a network that has gone'],
	])('claims of TCP only what was tried: taken %s', (acceptsTcp, expected) => {
		expect(meaning('server.silent', {...silent, contact: {acceptsTcp}})).toContain(expected);
	});
});

describe('server.down', () => {
	it.each([...others, 'BUSY', 'SILENT'] as const)('is not told of a server that is %s', kind => expect(find('server.down', {server: {kind}})).toBeUndefined());

	it('is P0, in the words of the network', () => {
		expect(find('server.down', down)).toMatchObject({severity: 'P0', title: 'The server is down for 9s', evidence: 'connection refused', remedies: []});
	});

	it('has lasted longer than it was looked at where it never answered', () => {
		expect(find('server.down', {...down, contact: {lastReplyAtMs: undefined}})?.title).toBe('The server is down for at least 9s');
	});

	it.each([
		['DOWN', 'down', 'The server is down', 'refuses the connection'],
		['DOWN', 'lost', 'The connection has been lost', 'The connection ended without a word'],
		['DOWN', 'refused', 'The server has refused us', 'takes no login'],
		['UNREACHABLE', 'unreachable', 'The server cannot be reached', 'No TCP connection comes about'],
		['UNREACHABLE', 'tls', 'The server cannot be reached', 'TLS does not'],
		['UNREACHABLE', 'unresolved', 'The server cannot be reached', 'Its name has no address'],
		['UNREACHABLE', undefined, 'The server cannot be reached', 'No TCP connection comes about'],
	] as const)('says of %s by %s no more than is known', (kind, failure, title, expected) => {
		const parts = {...down, server: {...down.server, kind, failure}};
		expect(find('server.down', parts)?.title).toBe(`${title} for 9s`);
		expect(meaning('server.down', parts)).toContain(expected);
	});

	it.each([
		['down', '127.0.0.1:6379', 'systemctl status'],
		['unresolved', 'redis-prd.internal:6379', 'getent hosts redis-prd.internal.'],
		['unreachable', '10.0.0.7:6380', 'nc -vz 10.0.0.7 6380'],
		['tls', '10.0.0.7:6380', 'openssl s_client -connect 10.0.0.7:6380'],
		['unreachable', '/run/redis.sock', 'nc -vz HOST PORT'],
	] as const)('%s at %s: says what to try', (failure, address, expected) => {
		const state = stateWith({...down, server: {...down.server, kind: failure === 'down' ? 'DOWN' : 'UNREACHABLE', failure}});
		const target = {...state.session.target, address};
		const finding = diagnose({...state, session: {...state.session, target}}, defaultThresholds).find(({id}) => id === 'server.down');
		expect(finding?.steps?.join(' ')).toContain(expected);
	});
});

describe('server.loading', () => {
	it.each([...others.filter(kind => kind !== 'LOADING'), 'BUSY', 'SILENT', 'DOWN'] as const)('is not told of a server that is %s', kind => {
		expect(find('server.loading', {server: {kind}})).toBeUndefined();
	});

	it('is P0, with its share and the server’s guess', () => {
		const parts = {
			server: {kind: 'LOADING', loadedPercent: 41.3, sinceMs: noonMs - 8000},
			info: {loading: {percent: 41.3, etaSeconds: 12}, uptimeSeconds: 9},
		} as const;
		expect(find('server.loading', parts)).toMatchObject({
			severity: 'P0',
			title: 'The server is loading its data: 41% done',
			evidence: 'seen loading for 8s; by its own guess 12s to go; up for 9s',
			remedies: [],
		});
	});

	it('invents no share', () => {
		expect(find('server.loading', {server: {kind: 'LOADING'}})).toMatchObject({title: 'The server is loading its data', evidence: 'seen loading for 1m00s'});
	});
});
