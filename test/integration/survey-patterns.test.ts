import fc from 'fast-check';
import {expect, it} from 'vitest';
import {globMatcher} from '../../src/text/glob.ts';
import {keyBytes} from '../../src/text/key-text.ts';
import {startForTest} from '../helpers/server-session.ts';

const signs = ['a', 'b', 'c', ':', '-', '*', '?', '[', ']', '^', '\\', 'é'];
const names = [...new Set(fc.sample(fc.string({unit: fc.constantFrom(...signs), minLength: 1, maxLength: 5}), {numRuns: 400, seed: 7}))];

it('a pattern means what the server means by it', async () => {
	const redis = await startForTest();
	await redis.call('MSET', ...names.flatMap(name => [name, 'x']));
	const pattern = fc.oneof(
		fc.string({unit: fc.constantFrom(...signs), maxLength: 7}),
		fc.constantFrom(
			'*',
			'a*',
			'*a',
			'*:*',
			'[a-b]*',
			'[^a]*',
			'[b-a]*',
			'[]*',
			'[^]*',
			'[a',
			'a\\',
			'\\*',
			'[\\]]*',
			'**a**',
			'a?',
			'[a-',
			'[^a-',
			'[é-a]*',
			'[a-é]',
		),
	);
	await fc.assert(
		fc.asyncProperty(pattern, async text => {
			const matches = globMatcher(keyBytes(text));
			const told = (await redis.call('KEYS', text)) as readonly string[];
			expect(names.filter(name => matches(keyBytes(name))).toSorted(), text).toEqual(told.toSorted());
		}),
		{numRuns: 500},
	);
});
