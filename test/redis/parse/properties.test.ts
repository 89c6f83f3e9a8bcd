import fc from 'fast-check';
import {expect, it} from 'vitest';
import {parseClientList} from '../../../src/redis/parse/client-list.ts';
import {commandShape} from '../../../src/redis/parse/command-shape.ts';
import {parseConfigGet} from '../../../src/redis/parse/config.ts';
import {classifyError} from '../../../src/redis/parse/errors.ts';
import {parseFunctionStats} from '../../../src/redis/parse/function-stats.ts';
import {parseHello} from '../../../src/redis/parse/hello.ts';
import {parseInfo} from '../../../src/redis/parse/info.ts';
import {toServerInfo} from '../../../src/redis/parse/server-info.ts';
import {parseSlowlog} from '../../../src/redis/parse/slowlog.ts';
import {fixture, replies} from './fixture.ts';

/** Every number anywhere inside, however deep. */
function numbersIn(value: unknown): readonly number[] {
	if (typeof value === 'number') return [value];
	if (value instanceof Map || value instanceof Set) return [...value.values()].flatMap(numbersIn);
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

function allFinite(value: unknown): void {
	expect(numbersIn(value).filter(number => !Number.isFinite(number))).toEqual([]);
}

/** Anything a server, a proxy or a fork might put on the wire; weighted towards what nearly parses. */
const scalar = fc.oneof(
	fc.string(),
	fc.string({unit: 'binary'}),
	fc.double(),
	fc.integer(),
	fc.bigInt(),
	fc.constantFrom(null, undefined, 'nan', '-1', '9'.repeat(400), '1e308', 1e308),
);
const key = fc.constantFrom('running_script', 'name', 'command', 'duration_ms', 'server', 'version', 'proto', 'id', 'mode', 'role', 'modules');
const reply = fc.letrec<{node: unknown}>(tie => ({
	node: fc.oneof(
		{maxDepth: 4},
		scalar,
		fc.array(tie('node')),
		fc.array(fc.tuple(key, tie('node'))).map(pairs => pairs.flat()),
		fc.dictionary(key, tie('node')),
		fc.array(fc.tuple(fc.oneof(key, scalar), tie('node'))).map(pairs => new Map(pairs)),
		fc.anything({withMap: true, withSet: true, withNullPrototype: true, withSparseArray: true, withBigInt: true, withDate: true}),
	),
})).node;
const slowlog = fc.array(fc.oneof(fc.tuple(scalar, scalar, scalar, fc.array(fc.string()), fc.string(), fc.string()), reply));

it.each([
	['parseSlowlog', parseSlowlog],
	['parseFunctionStats', parseFunctionStats],
	['parseHello', parseHello],
	['parseConfigGet', parseConfigGet],
] as const)('%s takes any reply, and yields finite numbers only', (_name, parse) => {
	fc.assert(fc.property(reply, value => allFinite(parse(value))));
	fc.assert(fc.property(slowlog, value => allFinite(parse(value))));
});

const fieldName = fc.constantFrom(
	...parseInfo(fixture('info-master-7.0.txt')).fields.keys(),
	'slave0',
	'slave1',
	'db0',
	`db${'9'.repeat(400)}`,
	'errorstat_X',
	'loading',
	'valkey_version',
	'server_name',
);
const figure = fc.oneof(
	fc.string(),
	fc.constantFrom('nan', 'inf', '-1', '1e999', '1e308', '9'.repeat(400), 'count=1e999', 'keys=nan,expires=-1', 'ip=::1,port=x,offset=1e999,lag=nan'),
);
const infoText = fc
	.array(fc.tuple(fieldName, figure).map(([name, value]) => `${name}:${value}`))
	.map(lines => ['# Keyspace', '# Errorstats', ...lines].join('\r\n'));

it('reads any text as INFO, and yields finite numbers only', () => {
	fc.assert(fc.property(fc.oneof(infoText, fc.string({unit: 'binary'})), text => allFinite(toServerInfo(parseInfo(text)))));
});

const clientField = fc
	.tuple(fc.constantFrom('id', 'addr', 'name', 'age', 'idle', 'flags', 'omem', 'tot-mem', 'cmd', 'watch', 'x', ''), figure)
	.map(pair => pair.join('='));
const clientList = fc.array(fc.array(clientField).map(fields => fields.join(' '))).map(lines => lines.join('\n'));

it('reads any text as CLIENT LIST: every line is a row or rejected, and numbers are finite', () => {
	fc.assert(
		fc.property(fc.oneof(clientList, fc.string({unit: 'binary'})), text => {
			const parsed = parseClientList(text);
			allFinite(parsed);
			expect(parsed.clients.length + parsed.rejectedCount).toBe(text.split('\n').filter(line => line.replace(/\r$/, '') !== '').length);
		}),
	);
});

it('reads back any client that a server could print, wherever its fields stand', () => {
	const word = fc.string({unit: fc.constantFrom(...'aZ09=:|.-_/[]@é😀')});
	const client = fc.record({id: fc.nat(), addr: word.map(text => `a${text}`), name: word, idle: fc.nat(), cmd: word, extra: word, user: word});
	const order = fc.shuffledSubarray(['id', 'addr', 'name', 'idle', 'cmd', 'extra', 'user'] as const, {minLength: 7});
	fc.assert(
		fc.property(fc.array(fc.tuple(client, order)), clients => {
			const text = clients.map(([fields, names]) => `${names.map(name => `${name}=${fields[name]}`).join(' ')}\n`).join('');
			expect(
				parseClientList(text).clients.map(({id, address, name, idleSeconds, lastCommand, user}) => [id, address, name, idleSeconds, lastCommand, user]),
			).toEqual(clients.map(([{id, addr, name, idle, cmd, user}]) => [String(id), addr, name, idle, cmd, user]));
		}),
	);
});

it('classifies any text, and shapes any command, on one short line', () => {
	fc.assert(fc.property(fc.string({unit: 'binary'}), text => allFinite(classifyError(text))));
	const command = fc.constantFrom('GET', 'EVAL', 'EVALSHA', 'FCALL', 'CONFIG', 'XGROUP', 'SCAN', 'XREAD', 'MATCH', 'STREAMS');
	fc.assert(fc.property(fc.array(fc.oneof(command, fc.string(), fc.string({unit: 'binary', maxLength: 500}))), argv => [...commandShape(argv)].length <= 200));
});

it('survives a real reply cut anywhere', () => {
	const list = fixture('client-list-7.0.txt');
	fc.assert(fc.property(fc.nat(list.length), end => allFinite(parseClientList(list.slice(0, end)))));
	const slowlogReply = replies.slowlog;
	expect(Array.isArray(slowlogReply) && parseSlowlog(slowlogReply.slice(0, 3)).entries.length).toBe(3);
});
