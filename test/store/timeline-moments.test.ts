import {describe, expect, it} from 'vitest';
import type {Finding} from '../../src/store/finding.ts';
import {emptyResource, received} from '../../src/store/resource.ts';
import {happenings, type Moment, momentOf} from '../../src/store/timeline-moments.ts';
import {contact, noonMs, type StateParts, serverInfo, stateWith} from '../helpers/fixtures.ts';

const finding = (id: string, severity: Finding['severity'] = 'P1'): Finding => ({
	id,
	severity,
	title: `${id} title`,
	evidence: `${id} evidence`,
	meaning: [],
	components: [],
	remedies: [],
	over: '',
});
const moment = (parts: StateParts = {}, before?: Moment): Moment => momentOf(stateWith(parts), before, new Set(['a', 'b']));
const told = (before: StateParts, after: StateParts) => {
	const first = moment(before);
	return happenings(first, moment(after, first), noonMs).map(({kind, text, details}) => [kind, text, ...details]);
};
const replica = (port: number) => ({address: `10.0.0.2:${port}`, state: 'online', offset: 1, lagSeconds: 0});

describe('from one moment to the next', () => {
	it.each<[string, StateParts, StateParts, readonly (readonly string[])[]]>([
		['nothing', {}, {}, []],
		[
			'another state, with its own words',
			{server: {sinceMs: noonMs - 192_000}},
			{server: {kind: 'MISCONF', detail: 'no disk'}},
			[['state', 'MISCONF after 3m12s of OK', 'no disk']],
		],
		[
			'a silence, which begins with the last reply',
			{server: {sinceMs: noonMs - 60_000}},
			{server: {kind: 'SILENT', sinceMs: noonMs - 2000}},
			[['state', 'SILENT after 58s of OK', 'last reply at 11:59:58Z']],
		],
		['the end of a silence', {server: {kind: 'SILENT', sinceMs: noonMs - 5000}}, {}, [['state', 'OK after 5s of SILENT']]],
		['a finding that came', {}, {findings: [finding('a')]}, [['found', 'a: a title', 'a evidence']]],
		['a finding that went', {findings: [finding('a')]}, {}, [['over', 'a is over', 'a title', 'a evidence']]],
		['a finding with other figures', {findings: [finding('a')]}, {findings: [{...finding('a'), evidence: 'other'}]}, []],
		[
			'a finding that is worse',
			{findings: [finding('a', 'P1')]},
			{findings: [finding('a', 'P0')]},
			[['found', 'a is worse, P0 instead of P1: a title', 'a evidence']],
		],
		['a finding that is better', {findings: [finding('a', 'P0')]}, {findings: [finding('a', 'P1')]}, []],
		[
			'what is affected',
			{},
			{findings: [{...finding('a'), components: ['queues', 'sessions']}]},
			[['found', 'a: a title', 'a evidence', 'affected: queues, sessions']],
		],
		['read-only', {}, {session: {mode: 'read-only'}}, [['console', 'Read-only from here on: no action can run', 'by tester']]],
		['guarded', {session: {mode: 'read-only'}}, {}, [['console', 'Actions are allowed from here on', 'by tester']]],
		[
			'a restart',
			{info: {runId: 'a', processId: 7}},
			{info: {runId: 'b', processId: 8, uptimeSeconds: 3}},
			[['server', 'The server was restarted 3s ago: what it had not saved is gone', 'process 7 before, 8 now']],
		],
		['another role', {}, {info: {role: 'replica'}}, [['server', 'The server is a replica now; it was a master']]],
		[
			'another master',
			{info: {role: 'replica', masterHost: 'a', masterPort: 1}},
			{info: {role: 'replica', masterHost: 'b', masterPort: 2}},
			[['server', 'Its master is b:2 now; it was a:1']],
		],
		[
			'replicas that came and went',
			{info: {replicas: [replica(1), replica(2)]}},
			{info: {replicas: [replica(2), replica(3)]}},
			[
				['link', 'Replica 10.0.0.2:1 is gone: 2 replicas now'],
				['link', 'Replica 10.0.0.2:3 has connected: 2 replicas now'],
			],
		],
		['no replicas that only another process had', {info: {runId: 'a', replicas: [replica(1)]}}, {info: {runId: 'a', replicas: undefined}}, []],
	])('%s', (_what, before, after, expected) => {
		expect(told(before, after)).toEqual(expected);
	});
});

describe('a connection that is lost and back', () => {
	const broken = contact({link: 'broken', linkSinceMs: noonMs - 10_000});
	const again = contact({linkSinceMs: noonMs - 1000});
	const standing = moment({findings: [finding('a'), finding('of-the-link')]});

	it('ends no finding that cannot be looked at, and begins none again', () => {
		const down = moment({contact: broken, server: {kind: 'DOWN'}}, standing);
		expect(happenings(standing, down, noonMs).map(({text}) => text)).toEqual(['DOWN after 1m00s of OK', 'of-the-link is over']);
		const unread = moment({contact: again, server: {kind: 'DOWN'}, snapshot: {info: received(serverInfo(), noonMs - 60_000)}}, down);
		expect(happenings(down, unread, noonMs).map(({text}) => text)).toEqual(['Connected again: the connection had been lost']);
		const read = moment({contact: again, findings: [finding('a')]}, unread);
		expect(happenings(unread, read, noonMs).map(({kind}) => kind)).toEqual(['state']);
		const well = moment({contact: again}, unread);
		expect(happenings(unread, well, noonMs).map(({text}) => text)).toContain('a is over');
	});

	it('is no news before the first one', () => {
		const start = momentOf(stateWith({contact: {link: 'connecting'}, snapshot: {info: emptyResource}}), undefined, new Set());
		expect(start.openedAtMs).toBeUndefined();
		expect(happenings(start, moment({}, start), noonMs)).toEqual([]);
	});
});
