import {format, inspect} from 'node:util';
import {expect, it} from 'vitest';
import {Secret} from '../../src/redis/secret.ts';

it('gives its value to the one who asks by name, and to nobody else', () => {
	const secret = new Secret('hunter2');
	expect(secret.reveal()).toBe('hunter2');

	const wrapped = {target: {password: secret}};
	const texts = [
		`${secret}`,
		String(secret),
		JSON.stringify(wrapped),
		inspect(wrapped, {depth: 9, showHidden: true}),
		format('%s %o %j', secret, secret, secret),
		Object.keys(secret).join(),
		JSON.stringify(structuredClone(secret)),
	];
	expect(texts.join(' ')).not.toContain('hunter2');
	expect(texts.join(' ')).toContain('[secret]');
});
