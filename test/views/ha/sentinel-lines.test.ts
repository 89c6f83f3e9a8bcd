import {expect, it} from 'vitest';
import {withEvent} from '../../../src/store/sentinel-watch.ts';
import {haLines} from '../../../src/views/ha/ha-lines.ts';
import type {Line} from '../../../src/views/kit/line.ts';
import {runningLines} from '../../../src/views/scripts/running-lines.ts';
import {noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';
import {nodes, owed, replicaReply, sightsAt} from '../../helpers/sentinel-replies.ts';

type Sighted = Parameters<typeof sightsAt>[1];

const textOf = (lines: readonly Line[]) =>
	lines.map(content =>
		content
			.map(({text}) => text)
			.join('')
			.trimEnd(),
	);

function ha(sighted: Sighted, parts: StateParts = {}, room = 60): readonly string[] {
	const {snapshot, findings} = stateWith({...parts, snapshot: {sentinels: sightsAt(noonMs, sighted), ...parts.snapshot}});
	const lines = textOf(haLines({snapshot, findings, nowMs: noonMs, ascii: false, isStale: false, room}));
	const from = lines.findIndex(text => text.startsWith(' Sentinel'));
	return lines.slice(from, lines.indexOf('', from));
}

const busy: StateParts = {server: {kind: 'BUSY', running: 'script', sinceMs: noonMs - 3000}};
const seenBy = (ms: number): Sighted => ({
	masters: owed(ms, ms, ms).map(fields => ({...fields, 'last-ok-ping-reply': String(ms + 900), 'last-ping-reply': '400'})),
});

it('the HA pane shows each Sentinel, what it sees, the quorum, and whom they would promote', () => {
	expect(ha({masters: Array(3).fill({'last-ok-ping-reply': '400'})})).toEqual([
		' Sentinel shop   3 of 3 answer, quorum 2 can be reached',
		...nodes.map(node => ` ${node}   master  down-after 30s  PONG 0.4s ago`),
		' would promote 10.0.0.10:6379  priority 100',
	]);
});

it('and while the master is BUSY the countdown, what it means, and that it answers BUSY', () => {
	const lines = ha(seenBy(20_000), busy);
	expect(lines.slice(0, 6)).toEqual([
		' Sentinel shop   3 of 3 answer, quorum 2 can be reached',
		' will act      +sdown in 10.0s, then failover',
		'               if it has written, its writes will be LOST',
		'               +odown in 10.1s, switch in 11.2s to 10.0.0.10:6379',
		'               if it only reads, Sentinel kills it after +sdown, and the failover comes all the same',
		` ${nodes[0]}   master  down-after 30s  PONG 20.9s ago (BUSY now)`,
	]);
});

it('and who is silent, who does not agree, who could not be promoted', () => {
	const moved = {ip: '10.0.0.10', 'config-epoch': '5'};
	const lines = ha({masters: [{}, moved], silent: 1, replicas: [replicaReply({flags: 'slave,s_down'})], quorum: new Error('NOQUORUM 1 usable Sentinels.')});
	expect(lines[0]).toBe(' Sentinel shop   2 of 3 answer, quorum 2 CANNOT be reached');
	expect(lines).toContain(' master        10.0.0.10:6379   they do not agree yet');
	expect(lines).toContain(` ${nodes[2]}   NO ANSWER  connection refused: nothing listens there`);
	expect(lines).toContain(' would promote 10.0.0.10:6379  no: it is down');
	expect(ha({replicas: []}).at(-1)).toBe(' would promote nobody: they know no replica');
});

it('and what they said last', () => {
	const sentinels = withEvent(sightsAt(noonMs), {
		name: '+odown',
		about: {kind: 'master', address: '10.0.0.9:6379'},
		moved: undefined,
		more: '#quorum 2/2',
		node: nodes[1],
		atMs: noonMs,
	});
	expect(ha({}, {snapshot: {sentinels}}).at(-1)).toBe(`               12:00:00Z +odown master 10.0.0.9:6379 #quorum 2/2  said ${nodes[1]}`);
});

it('in little room it keeps the countdown', () => {
	expect(ha(seenBy(20_000), busy, 8).join('\n')).toMatch(/will act +\+sdown in 10\.0s, then failover/);
});

it('stays when the server has told nothing at all', () => {
	const {snapshot} = stateWith({...busy, snapshot: {sentinels: sightsAt(noonMs, seenBy(20_000))}});
	const lines = textOf(
		haLines({snapshot: {...snapshot, info: {...snapshot.info, data: undefined}}, findings: [], nowMs: noonMs, ascii: false, isStale: true, room: 20}),
	);
	expect(lines).toContain(' will act      +sdown in 10.0s, then failover');
});

function scripts(sighted: Sighted | undefined, room: number, parts: StateParts = busy) {
	const sentinels = sighted && sightsAt(noonMs, sighted);
	return textOf(runningLines(stateWith({...parts, snapshot: {...parts.snapshot, sentinels}}).snapshot, noonMs, {ascii: false, room}));
}

it('the Scripts pane says when Sentinel will act, and with room how it goes on', () => {
	expect(scripts(seenBy(20_000), 12).slice(4, 6)).toEqual([' sentinel +sdown in 10.0s, then failover', '          if it has written, its writes will be LOST']);
	expect(scripts(seenBy(20_000), 22).slice(4, 8)).toEqual([
		' sentinel +sdown in 10.0s, then failover',
		'          if it has written, its writes will be LOST',
		'          +odown in 10.1s, switch in 11.2s to 10.0.0.10:6379',
		'          if it only reads, Sentinel kills it after +sdown, and the failover comes all the same',
	]);
});

it.each([
	[{}, ' sentinel 3 Sentinels watch, and miss nothing yet: they act after 30s without a valid reply'],
	[{silent: 3}, ' sentinel no Sentinel answers: when they will act is not known'],
	[{silent: 2}, ' sentinel 1 Sentinel watches, and misses nothing yet: they act after 30s without a valid reply'],
] as const)('before they miss anything: %j', (sighted, expected) => expect(scripts(sighted, 12)).toContain(expected));

it('says nothing of Sentinels where none is known, or nothing is blocked', () => {
	expect(scripts(undefined, 30).join('\n')).not.toContain('sentinel');
	expect(scripts({}, 30, {}).join('\n')).not.toContain('sentinel');
});
