import {readdirSync, readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {ownCommands} from '../../build/quick-start.ts';

/** What every ioredis has, the one in the bundle too. */
const always = ['call', 'callBuffer', 'sendCommand', 'connect', 'disconnect', 'on', 'once', 'off'];

it('no command is sent by a method that ioredis does not have in the bundle', () => {
	const folder = new URL('../../src/redis/', import.meta.url);
	const texts = readdirSync(folder).flatMap(name => (name.endsWith('.ts') ? [readFileSync(new URL(name, folder), 'utf8')] : []));
	const used = new Set(texts.flatMap(text => [...text.matchAll(/\bredis\.(\w+)\(/g)].map(([, method = '']) => method)));
	expect([...used].filter(method => !always.includes(method) && !ownCommands.includes(method))).toEqual([]);
	expect(used).toContain('psubscribe');
});
