import {createHash} from 'node:crypto';
import {readdirSync} from 'node:fs';
import {expect, it} from 'vitest';
import type {LuaScript} from '../../../src/queues/lua/lua-script.ts';

const folder = new URL('../../../src/queues/lua/', import.meta.url);
const modules = await Promise.all(readdirSync(folder).map(async file => [file, await import(new URL(file, folder).href)] as const));
const scripts = modules.flatMap(([file, module]) => Object.entries<LuaScript>(module).map(([name, script]) => [`${file} ${name}`, script] as const));

it('has every script with its own name', () => expect(new Set(scripts.map(([, {text}]) => text.split('\n')[0])).size).toBe(scripts.length));

it.each(scripts)('%s is called by the SHA-1 of what is loaded, and names itself', (_name, {text, sha1}) => {
	expect(sha1).toBe(createHash('sha1').update(text).digest('hex'));
	expect(text).toMatch(/^-- redis-triage: [a-z][a-z ]+\n/);
});
