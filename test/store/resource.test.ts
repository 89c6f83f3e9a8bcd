import {expect, it} from 'vitest';
import {emptyResource, failed, received, refused} from '../../src/store/resource.ts';

it('keeps the last good data, and their age, through failures and a refusal', () => {
	const good = received('rows', 1000);
	const twice = failed(failed(good, 'ETIMEDOUT'), 'ECONNRESET');
	expect(twice).toEqual({data: 'rows', updatedAtMs: 1000, failures: 2, error: 'ECONNRESET', refused: undefined});
	expect(refused(twice, 'CLIENT LIST', 'NOPERM')).toEqual({...twice, refused: {command: 'CLIENT LIST', reason: 'NOPERM'}});
});

it('forgets its troubles with the next good read', () => {
	expect(received('new', 2000)).toEqual({data: 'new', updatedAtMs: 2000, failures: 0, error: undefined, refused: undefined});
});

it('has no age before the first read', () => expect(failed(emptyResource, 'why')).toMatchObject({data: undefined, updatedAtMs: undefined, failures: 1}));
