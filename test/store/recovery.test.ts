import {expect, it} from 'vitest';
import {type RecoveryItem, recoveryEvent, recoverySummary, tick} from '../../src/store/recovery.ts';
import {noonMs, stateWith} from '../helpers/fixtures.ts';

const items: readonly RecoveryItem[] = [
	{label: 'PING is answered', ok: true, detail: 'at once'},
	{label: 'traffic is back', ok: false, detail: '9/s now'},
	{label: 'queues drain', ok: undefined, detail: 'not read yet'},
];
const finding = {id: 'persistence.off', severity: 'P2', title: 'Nothing is saved', evidence: '', meaning: [], components: [], remedies: [], over: ''} as const;

it('counts what is verified', () => {
	expect(recoverySummary(items)).toBe('1 of 3 verified');
	expect(recoverySummary(items.slice(0, 1))).toBe('1 of 1 verified');
});

it.each([
	[true, false, '✓'],
	[false, false, '✗'],
	[undefined, false, '?'],
	[true, true, '+'],
	[false, true, '!'],
	[undefined, true, '?'],
])('%s is %s in ASCII: %s', (ok, isAscii, sign) => expect(tick(ok, isAscii)).toBe(sign));

it('becomes an event with the whole list, and what is left to do', () => {
	expect(recoveryEvent(stateWith({recovery: {items, checks: []}, findings: [finding]}))).toEqual({
		atMs: noonMs,
		kind: 'note',
		severity: undefined,
		text: 'Recovery: 1 of 3 verified; not so: traffic is back; not known: queues drain',
		details: [
			'noted by tester',
			'✓ PING is answered: at once',
			'✗ traffic is back: 9/s now',
			'? queues drain: not read yet',
			'still to do: P2 persistence.off: Nothing is saved',
		],
		subject: 'recovery',
	});
});

it('says no more than that all is verified', () => {
	expect(recoveryEvent(stateWith({recovery: {items: items.slice(0, 1), checks: []}})).text).toBe('Recovery: 1 of 1 verified');
});
