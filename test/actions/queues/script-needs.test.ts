import {readdirSync} from 'node:fs';
import {expect, it} from 'vitest';
import {commandsIn, sampleArguments, scriptNeeds} from '../../../src/actions/queues/script-needs.ts';
import type {LuaScript} from '../../../src/queues/lua/lua-script.ts';

const folder = new URL('../../../src/queues/lua/', import.meta.url);
const scripts = await Promise.all(
	readdirSync(folder)
		.filter(file => file !== 'lua-script.ts')
		.map(async file => Object.values((await import(new URL(file, folder).href)) as Record<string, LuaScript>)),
);

it.each(scripts.flat().map(script => [script.text.split('\n', 1)[0], script] as const))('knows a valid call of every command of: %s', (_name, script) => {
	expect(commandsIn(script).length).toBeGreaterThan(3);
	expect(commandsIn(script).filter(name => !(name in sampleArguments))).toEqual([]);
});

it('knows the commands that a function is told to call', () => {
	const [script] = scripts.flat().filter(({text}) => text.includes('retry a failed job'));
	expect(script && commandsIn(script)).toEqual(expect.arrayContaining(['LPUSH', 'RPUSH', 'ZREM', 'HDEL', 'XADD']));
});

it('asks for PUBLISH only where it is used', () => {
	const [script] = scripts.flat().filter(({text}) => text.includes('PUBLISH'));
	if (!script) throw new Error('no script publishes');
	const names = (major: number) => scriptNeeds({base: 'bull:orders', major}, script).map(([name]) => name);
	expect(names(0)).toContain('PUBLISH');
	expect(names(5)).not.toContain('PUBLISH');
});
