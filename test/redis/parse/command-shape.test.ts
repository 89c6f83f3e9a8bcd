import {expect, it} from 'vitest';
import {commandShape} from '../../../src/redis/parse/command-shape.ts';

it.each([
	['GET user:42', 'GET user:*'],
	['get user:{42}:name', 'GET user:{*}:name'],
	['HGETALL session:9f1c2d3e-1a2b-4c3d-8e9f-0a1b2c3d4e5f', 'HGETALL session:*'],
	['GET cache:3f2a91c0de', 'GET cache:*'],
	['GET cache:deadbeef:facade', 'GET cache:deadbeef:facade'],
	['GET tok:dBjftJeZ4CVPmB92K27uhbUJU1p1r', 'GET tok:*'],
	['GET tok:aGVsbG8gd29ybGQxMjM0NQ==', 'GET tok:*'],
	['GET f?a=1=b', 'GET f?a=*=b'],
	['GET job:01ARZ3NDEKTSV4RRFFQ69G5FAV', 'GET job:*'],
	['GET day:2024-01-02', 'GET day:*'],
	['GET a:1:2', 'GET a:*:*'],
	['ZRANGE bull:mail:delayed 0 -1', 'ZRANGE bull:mail:delayed'],
	['LRANGE größe:7 0 -1', 'LRANGE größe:*'],
	['KEYS rl:*', 'KEYS rl:*'],
	['SCAN 17 MATCH rl:* COUNT 10', 'SCAN rl:*'],
	['SCAN 17', 'SCAN'],
	['SELECT 5', 'SELECT'],
	['PING', 'PING'],
	['INFO all', 'INFO'],
	['CONFIG GET maxmemory', 'CONFIG GET'],
	['client list', 'CLIENT LIST'],
	['CLIENT', 'CLIENT'],
	['MEMORY USAGE user:1', 'MEMORY USAGE user:*'],
	['MEMORY STATS', 'MEMORY STATS'],
	['OBJECT ENCODING user:1', 'OBJECT ENCODING user:*'],
	['XGROUP CREATE st:1 g $', 'XGROUP CREATE st:*'],
	['XREADGROUP GROUP g c COUNT 1 STREAMS st:1 >', 'XREADGROUP st:*'],
	['BZMPOP 0 1 q:7 MIN', 'BZMPOP q:*'],
	['ZUNION 2 a:1 b:2', 'ZUNION a:*'],
	['EVALSHA 3F2A91C0E0E1F9FABFC9D4800C877A703B823AC0 1 k', 'EVALSHA 3f2a91c…'],
	['EVALSHA_RO short', 'EVALSHA_RO short'],
	['FCALL_RO my_fn 1 k', 'FCALL_RO my_fn'],
])('%s → %s', (command, shape) => expect(commandShape(command.split(' '))).toBe(shape));

it('shows a script by its beginning, on one line', () => {
	expect(commandShape(['EVAL', '  while true do\n\tend', '0'])).toBe('EVAL while true do end');
	expect(commandShape(['EVAL', `return ${'x'.repeat(200)}`, '0'])).toBe(`EVAL return ${'x'.repeat(57)}…`);
});

it('cuts long keys without splitting a character', () => {
	expect(commandShape(['GET', '😀'.repeat(64)])).toBe(`GET ${'😀'.repeat(64)}`);
	expect(commandShape(['GET', '😀'.repeat(65)])).toBe(`GET ${'😀'.repeat(64)}…`);
	expect(commandShape(['GET', 'ab:'.repeat(5000)])).toBe(`GET ${'ab:'.repeat(21)}a…`);
});

it('has a shape for nothing at all', () => expect(commandShape([])).toBe(''));
