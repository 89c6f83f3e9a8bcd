import {describe, expect, it} from 'vitest';
import {newCourse} from '../../../src/commands/check/enough.ts';
import {toReport} from '../../../src/commands/check/report.ts';
import {toText} from '../../../src/commands/check/text.ts';
import type {Finding} from '../../../src/store/finding.ts';
import {emptyResource, received, refused} from '../../../src/store/resource.ts';
import {cellWidth} from '../../../src/text/safe-text.ts';
import {blockedWorker, noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';
import {hostilePieces} from '../../helpers/foreign-text.ts';
import {queueStatus} from '../../helpers/queue-status.ts';

const ended = {phase: 'ended', keys: 10, endedAtMs: noonMs, isComplete: true, unknown: []} as const;

const memoryHigh: Finding = {
	id: 'memory.high',
	severity: 'P1',
	title: '85% of maxmemory is used',
	evidence: '3.4G of 4.0G, noeviction',
	meaning: ['Not printed.'],
	components: ['every client that writes'],
	remedies: ['memory.purge', 'config.maxmemory'],
	over: '',
};

function text(parts: StateParts = {}, {target = 'cache 10.0.0.9:6379', colour = false} = {}): string {
	return toText(toReport({state: stateWith(parts), course: {...newCourse(noonMs), firstInfoAtMs: noonMs - 1}, endedAtMs: noonMs}, target), {colour});
}

const rowsOf = (printed: string) => printed.split('\n');

describe('the first line is enough for a mail', () => {
	it('severity, state, server, the worst finding', () => {
		expect(rowsOf(text({findings: [memoryHigh, {...memoryHigh, id: 'x'}]}))[0]).toBe('P1 OK cache 10.0.0.9:6379 85% of maxmemory is used (1 more)');
		expect(rowsOf(text())[0]).toBe('ok OK cache 10.0.0.9:6379 nothing found');
	});

	it('what hindered it', () => {
		const [first] = rowsOf(text({server: {kind: 'NOAUTH', detail: 'NOAUTH Authentication required.'}, contact: {link: 'broken'}}));
		expect(first).toBe('?? NOAUTH cache 10.0.0.9:6379 could not tell: NOAUTH Authentication required.');
	});

	it('a long title is cut, not the server', () => {
		const [first = ''] = rowsOf(text({findings: [{...memoryHigh, title: 'x'.repeat(100)}]}));
		expect(first).toMatch(/^P1 OK cache 10\.0\.0\.9:6379 x+…$/);
		expect(cellWidth(first)).toBe(80);
	});
});

it('names the remedies that the console has, and what is done by hand', () => {
	const report = toReport({state: stateWith({findings: [memoryHigh]}), course: newCourse(noonMs), endedAtMs: noonMs}, 'cache');
	const printed = toText(report, {colour: false, stepsOf: () => ['look at the log', 'df -h'], hasAction: id => id === 'memory.purge'});
	expect(printed).toContain('   remedies: memory.purge\n   by hand: look at the log\n   by hand: df -h\n');
	expect(toText(report, {colour: false, hasAction: () => false})).not.toContain('remedies');
});

it('then findings with evidence and remedies, vitals, queues, and what was not read', () => {
	const clients = refused(emptyResource, 'CLIENT LIST', 'NOPERM no');
	const queues = received(
		[queueStatus({waiting: 12_000, workers: 3, nextJobAgeMs: 5000}), queueStatus({id: 'bull:mail', paused: true, waiting: 50_000})],
		noonMs,
	);
	const printed = text({findings: [memoryHigh], permissions: {'SCRIPT KILL': false}, snapshot: {clients, queues, queueSearch: ended}});
	expect(printed).toContain('P1 memory.high  85% of maxmemory is used\n   3.4G of 4.0G, noeviction\n   affects: every client that writes\n');
	expect(printed).toContain('   remedies: memory.purge, config.maxmemory\n');
	expect(printed).toMatch(/\nVitals\n {3}ops - .*\n {3}clients 12 of 1,000 /);
	expect(printed).toMatch(
		/\nQueues \(2\)\n {3}SYSTEM +QUEUE .*\n {3}bullmq +bull:mail \(paused\) +50\.0k .*\n {3}bullmq +bull:orders +12\.0k +0 +0 +0 +3 +5s\n/,
	);
	expect(printed).toMatch(/\nNot read\n {3}CLIENT LIST: NOPERM no\n/);
	expect(printed).toContain('This user may not run SCRIPT KILL');
	// What nobody could read is nobody's trouble.
	expect(printed).not.toContain('linkUp');
});

it('keeps the name of a queue whole, and puts the remark below it where both are too long', () => {
	const long = queueStatus({id: 'bull:orders-of-the-shop', name: 'orders-of-the-shop', activeWithoutLock: 5});
	const printed = text({snapshot: {queues: received([long, queueStatus({activeWithoutLock: 2})], noonMs), queueSearch: ended}});
	expect(printed).toMatch(/\n {3}bullmq +bull:orders-of-the-shop +0 .*\n {13}\(5 without lock\)\n {3}bullmq +bull:orders +0 .*\n {13}\(2 without lock\)\n/);
});

it('says how many of the blocked are workers that wait for jobs, and never more than all', () => {
	const workers = (count: number) => Array.from({length: count}, (_, index) => blockedWorker({id: String(index + 10)}));
	const blocked = (blockedClients: number, count: number) => text({info: {blockedClients}, clients: workers(count)}).match(/ {3}blocked (.*)/)?.[1];
	expect(blocked(0, 0)).toBe('0');
	expect(blocked(3, 0)).toBe('3');
	expect(blocked(3, 1)).toBe('3, of them 1 worker waiting for jobs');
	expect(blocked(2, 3)).toBe('3, of them 3 workers waiting for jobs');
});

it('says a rate once', () => expect(text({info: {opsPerSecond: 2400}})).toMatch(/\n {3}ops 2\.4k\/s {3}/));

it.each([
	['NOAUTH', 'set REDISCLI_AUTH, or add --askpass or -a PASSWORD; --user NAME'],
	['WRONGPASS', 'user or password is refused; another one with REDISCLI_AUTH, --askpass'],
] as const)('%s: says how to give a login', (kind, way) => {
	const printed = text({server: {kind, detail: `${kind} of the server`}, contact: {link: 'broken'}});
	expect(printed).toContain(`\n   login: ${way}`);
	expect(text()).not.toContain('login:');
});

it('says that there are no queues only where they have been looked for', () => {
	expect(text({snapshot: {queues: received([], noonMs), queueSearch: ended}})).toContain('Queues (0)\n   none found\n');
	expect(text()).not.toContain('Queues');
});

it('colours the severities, and only those, and only when asked', () => {
	const coloured = text({findings: [memoryHigh]}, {colour: true});
	expect(coloured.match(/\u001b\[[\d;]*m/g)).toEqual(['\u001b[1;35m', '\u001b[0m', '\u001b[1;35m', '\u001b[0m']);
	expect(coloured.replace(/\u001b\[[\d;]*m/g, '')).toBe(text({findings: [memoryHigh]}));
});

it.each(hostilePieces)('no row is wider than 80 cells, and nothing foreign acts: %j', hostile => {
	const long = hostile.repeat(20);
	const queues = received(
		Array.from({length: 30}, () => queueStatus({name: long, system: 'bullmq'})),
		noonMs,
	);
	const found = {...memoryHigh, title: long, evidence: long};
	const printed = text(
		{findings: [found], snapshot: {queues, queueSearch: {...ended, unknown: [{command: 'SCAN', reason: long}]}}},
		{target: `${hostile} 10.0.0.9:6379`},
	);
	for (const row of rowsOf(printed).slice(1)) expect(cellWidth(row)).toBeLessThanOrEqual(80);
	expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
	expect(printed).toContain('and 10 more, see --json');
});
