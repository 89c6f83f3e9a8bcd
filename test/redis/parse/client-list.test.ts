import {expect, it} from 'vitest';
import {parseClientList} from '../../../src/redis/parse/client-list.ts';
import {fixture} from './fixture.ts';

const real = parseClientList(fixture('client-list-7.0.txt'));
const only = (line: string) => parseClientList(`${line}\n`).clients[0];

it('uses every line of a real reply', () => {
	expect(real).toMatchObject({rejectedCount: 0, rejected: []});
	expect(real.clients).toHaveLength(fixture('client-list-7.0.txt').trim().split('\n').length);
});

it('labels each real connection by what it is for', () => {
	expect(Object.fromEntries(real.clients.map(({lastCommand, kind, name}) => [`${lastCommand}${name && ` ${name}`}`, kind]))).toEqual({
		NULL: 'normal',
		'client|list': 'normal',
		hello: 'normal',
		'hello redis-triage:ann@bastion:observe': 'console',
		multi: 'normal',
		ping: 'normal',
		'select api=1:worker': 'normal',
		wait: 'normal',
		blpop: 'blocked-worker',
		bzpopmin: 'blocked-worker',
		xreadgroup: 'blocked-worker',
		monitor: 'monitor',
		replconf: 'replica',
		subscribe: 'subscriber',
		psubscribe: 'subscriber',
		ssubscribe: 'subscriber',
	});
	expect(parseClientList(fixture('client-list-replica-7.0.txt')).clients.map(client => client.kind)).toContain('master');
});

it('knows WAIT as blocked, though it is no worker', () => {
	expect(real.clients.find(client => client.lastCommand === 'wait')).toMatchObject({isBlocked: true, kind: 'normal', flags: 'b'});
});

it('keeps IPv6 and Unix socket addresses whole', () => {
	expect(real.clients.map(client => client.address)).toEqual(
		expect.arrayContaining([expect.stringMatching(/^\[::1\]:\d+$/), expect.stringMatching(/^\/tmp\/.*\.sock:0$/)]),
	);
});

it('reads all fields of a line of Redis 8.6', () => {
	expect(
		only(
			'id=9007199254740993 addr=10.0.0.7:5000 laddr=10.0.0.1:6379 fd=8 name=a=b age=70 idle=3 flags=xU db=5 sub=0 psub=0 ssub=0 multi=2 watch=4 qbuf=26 qbuf-free=20448 ' +
				'argv-mem=10 multi-mem=0 rbs=1024 rbp=0 obl=0 oll=1 omem=20504 tot-mem=22298 events=r cmd=client|list user=bob redir=-1 resp=3 lib-name=ioredis lib-ver=5.11.1 io-thread=0 ' +
				'tot-net-in=7000000000 tot-net-out=12 tot-cmds=99',
		),
	).toEqual({
		id: '9007199254740993',
		address: '10.0.0.7:5000',
		localAddress: '10.0.0.1:6379',
		name: 'a=b',
		ageSeconds: 70,
		idleSeconds: 3,
		flags: 'xU',
		isBlocked: false,
		kind: 'normal',
		db: 5,
		subscriptions: 0,
		patternSubscriptions: 0,
		shardSubscriptions: 0,
		queryBufferBytes: 26,
		outputBufferBytes: 20_504,
		totalMemoryBytes: 22_298,
		lastCommand: 'client|list',
		user: 'bob',
		libraryName: 'ioredis',
		libraryVersion: '5.11.1',
		watchedKeys: 4,
		networkInBytes: 7_000_000_000,
		networkOutBytes: 12,
		commands: 99,
	});
});

it('takes fields in any order, also when it changes from line to line, and ignores unknown ones', () => {
	const {clients} = parseClientList(
		'cmd=get new-field=x id=1 idle=2 addr=a:1\nid=2 addr=b:2 cmd=set new-field= idle=5\ncmd=get new-field=x id=3 idle=7 addr=c:3',
	);
	expect(clients.map(({id, address, idleSeconds, lastCommand}) => [id, address, idleSeconds, lastCommand])).toEqual([
		['1', 'a:1', 2, 'get'],
		['2', 'b:2', 5, 'set'],
		['3', 'c:3', 7, 'get'],
	]);
});

it('carries nothing over from the line before', () => {
	const {clients} = parseClientList('id=1 addr=a:1 name=x omem=5 watch=1 lib-ver=\r\nid=2 addr=b:2\r\n');
	expect(clients[1]).toMatchObject({id: '2', name: '', outputBufferBytes: 0, watchedKeys: undefined, libraryVersion: ''});
});

it('cannot be fooled by a field name inside a value, nor by one that starts alike', () => {
	expect(only('id=1 addr=a:1 name=idle=99 idle-x=7 idle=3 i=4')).toMatchObject({name: 'idle=99', idleSeconds: 3});
	expect(only('id=1 addr=/run/my redis.sock:0 laddr=x:1')).toMatchObject({address: '/run/my', localAddress: 'x:1'});
});

it('rejects lines without an id or an address, and shows them', () => {
	const {clients, rejected, rejectedCount} = parseClientList('id=1 addr=a:1\naddr=b:2\nid=x addr=c:3\nid=4\nid= addr=d:5\nnonsense\n\n\r\nid=6 addr=\n');
	expect(clients.map(client => client.id)).toEqual(['1']);
	expect(rejectedCount).toBe(6);
	expect(rejected).toEqual(['addr=b:2', 'id=x addr=c:3', 'id=4', 'id= addr=d:5', 'nonsense', 'id=6 addr=']);
});

it('keeps no more of the rejected than a screen can show', () => {
	const {rejected, rejectedCount} = parseClientList(`${'x'.repeat(5000)}\n`.repeat(50));
	expect(rejectedCount).toBe(50);
	expect(rejected).toEqual(Array.from({length: 20}, () => 'x'.repeat(200)));
});

it.each([
	['flags=b cmd=BLMOVE', 'blocked-worker'],
	['flags=b cmd=xread', 'blocked-worker'],
	['flags=N cmd=blpop', 'normal'],
	['flags=b cmd=get', 'normal'],
	['flags=b cmd=waitaof', 'normal'],
	['flags=P cmd=get', 'subscriber'],
	['flags=N ssub=1 cmd=get', 'subscriber'],
	['flags=S cmd=psync', 'replica'],
	['flags=O cmd=monitor', 'monitor'],
	['flags=M cmd=ping', 'master'],
	['flags=O cmd=monitor name=redis-triage:x@y:monitor', 'console'],
	['flags=N cmd=get name=redis-triage', 'normal'],
])('%s is a %s', (fields, kind) => expect(only(`id=1 addr=a:1 ${fields}`)?.kind).toBe(kind));
