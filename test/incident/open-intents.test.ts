import {expect, it} from 'vitest';
import {type OpenIntent, openIntentText} from '../../src/incident/open-intents.ts';
import {noonMs} from '../helpers/fixtures.ts';

const intent: OpenIntent = {
	id: 'run-1',
	at: '2025-01-01T11:00:00.000Z',
	action: 'queue.clean',
	operator: 'alice',
	rounds: 0,
	account: undefined,
	isCut: false,
};

it.each<[string, Partial<OpenIntent>, string]>([
	['one command', {}, 'queue.clean by alice at 11:00:00Z has no outcome in the audit log: it may have run'],
	[
		'the first round',
		{rounds: 1, account: '0 done'},
		'queue.clean by alice at 11:00:00Z has no outcome: 1 round is in the log, of which nobody knows whether it was done',
	],
	[
		'the twelfth round',
		{rounds: 12, account: '2,750 done, 3 skipped (3 gone)'},
		'queue.clean by alice at 11:00:00Z has no outcome: 12 rounds are in the log, 2,750 done, 3 skipped (3 gone) before the last of them, of which nobody knows',
	],
	[
		'one that began further back than was read',
		{rounds: 900, account: '225,000 done', isCut: true},
		'queue.clean by alice before 11:00:00Z has no outcome: 900 rounds are in the log, 225,000 done before the last of them, of which nobody knows',
	],
	['another day', {at: '2024-12-24T11:00:00.000Z'}, 'queue.clean by alice at 2024-12-24 11:00:00Z has no outcome in the audit log: it may have run'],
	['a moment that is none', {at: 'noon'}, 'queue.clean by alice at noon has no outcome in the audit log: it may have run'],
])('tells of %s', (_what, change, text) => expect(openIntentText({...intent, ...change}, noonMs)).toBe(text));
