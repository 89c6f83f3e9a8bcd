import {describe, expect, it} from 'vitest';
import {confirmations, type Sighting, settle} from '../../src/queues/confirm.ts';
import {KeyspaceScan} from '../../src/queues/keyspace-scan.ts';
import {together} from '../../src/queues/steps.ts';
import {type Answers, play} from './answers.ts';

/** The queues found among these keys, each with its type, by what else the server says. */
function found(types: Readonly<Record<string, string>>, answers: Answers = {}) {
	const scan = new KeyspaceScan();
	scan.take(['0', Object.keys(types)]);
	const ofTypes = Object.fromEntries(Object.entries(types).map(([key, type]) => [`TYPE ${key}`, type]));
	const {result} = play(together(confirmations(scan.candidates())), {...ofTypes, ...answers});
	return settle(result.flat());
}

const ids = (...args: Parameters<typeof found>) => found(...args).map(({system, id}) => `${system} ${id}`);
const members = (key: string, ...names: readonly string[]): Answers => ({[`SSCAN ${key} 0 COUNT 1000`]: ['0', names]});

describe('BullMQ and Bull', () => {
	it.each<[string, Readonly<Record<string, string>>, Answers, readonly string[]]>([
		['by its version', {'bull:q:meta': 'hash'}, {'HMGET bull:q:meta version opts.maxLenEvents': ['bullmq:5.81.5', null]}, ['bullmq bull:q']],
		[
			'2 and older by its one setting',
			{'bull:q:meta': 'hash', 'bull:q:id': 'string'},
			{'HMGET bull:q:meta version opts.maxLenEvents': [null, '10000']},
			['bullmq bull:q'],
		],
		['Bull by the types of its keys', {'bull:q:id': 'string', 'bull:q:wait': 'list', 'bull:q:completed': 'zset'}, {}, ['bull bull:q']],
		['a paused Bull without jobs', {'bull:q:id': 'string', 'bull:q:meta-paused': 'string', 'bull:q:meta': 'hash'}, {}, ['bull bull:q']],
		[
			'a prefix with colons and braces',
			{'app:{prod}:q:meta': 'hash'},
			{'HMGET app:{prod}:q:meta version opts.maxLenEvents': ['bullmq:6.7.0', null]},
			['bullmq app:{prod}:q'],
		],
		['not a hash that is called meta', {'user:1:meta': 'hash'}, {'HMGET user:1:meta version opts.maxLenEvents': ['3', null]}, []],
		['not a counter that is called id', {'order:5:id': 'string'}, {}, []],
		['not a counter beside a text', {'order:5:id': 'string', 'order:5:completed': 'string'}, {}, []],
		['not a list that is called wait', {'todo:wait': 'list'}, {}, []],
		['not an id that is a hash', {'x:id': 'hash', 'x:wait': 'list'}, {}, []],
		['not where meta may not be read', {'bull:q:meta': 'hash'}, {'HMGET bull:q:meta version opts.maxLenEvents': new Error('NOPERM no')}, []],
	])('%s', (_what, types, answers, expected) => expect(ids(types, answers)).toEqual(expected));

	it('splits prefix and name at the last colon', () =>
		expect(found({'app:{prod}:q:id': 'string', 'app:{prod}:q:wait': 'list'})).toEqual([
			{id: 'app:{prod}:q', family: 'bull', system: 'bull', prefix: 'app:{prod}', name: 'q', isAlone: true},
		]));
});

describe('bee-queue', () => {
	it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
		['with jobs', {'bq:q:id': 'string', 'bq:q:jobs': 'hash', 'bq:q:failed': 'set', 'bq:q:active': 'list'}, ['bee-queue bq:q']],
		['idle, with a worker', {'bq:q:stallBlock': 'string', 'bq:q:id': 'string'}, ['bee-queue bq:q']],
		['not a hash that is called jobs', {'app:jobs': 'hash'}, []],
		['not with a sorted set of failures', {'app:jobs': 'hash', 'app:id': 'string', 'app:failed': 'zset'}, ['bull app']],
	])('%s', (_what, types, expected) => expect(ids(types)).toEqual(expected));
});

describe('a set called queues', () => {
	const sidekiqJob = JSON.stringify({class: 'HardJob', args: [], jid: 'a1'});
	const resqueJob = JSON.stringify({class: 'Archive', args: []});
	it.each<[string, Readonly<Record<string, string>>, Answers, readonly string[]]>([
		['Sidekiq by a job', {queues: 'set'}, {...members('queues', 'default'), 'LINDEX queue:default 0': sidekiqJob}, ['sidekiq queue:default']],
		['Sidekiq by its processes', {queues: 'set', processes: 'set'}, members('queues', 'default'), ['sidekiq queue:default']],
		['Sidekiq in a namespace', {'app:queues': 'set', 'app:dead': 'zset'}, members('app:queues', 'a', 'b'), ['sidekiq app:queue:a', 'sidekiq app:queue:b']],
		[
			'Resque by a job, beside a set called dead',
			{'resque:queues': 'set', 'resque:dead': 'zset'},
			{...members('resque:queues', 'files'), 'LINDEX resque:queue:files 0': resqueJob},
			['resque resque:queue:files'],
		],
		['Resque by its workers', {'resque:queues': 'set', 'resque:workers': 'set'}, members('resque:queues', 'files'), ['resque resque:queue:files']],
		['RQ', {'rq:queues': 'set'}, members('rq:queues', 'rq:queue:high', 'other'), ['rq rq:queue:high']],
		['Asynq', {'asynq:queues': 'set'}, members('asynq:queues', 'low'), ['asynq asynq:{low}']],
		['somebody’s own jobs', {'print:queues': 'set', 'print:dead': 'zset'}, {...members('print:queues', 'a4'), 'LINDEX print:queue:a4 0': 'page 1'}, []],
		['somebody’s own set', {queues: 'set'}, members('queues', 'default'), []],
		['no set at all', {queues: 'string'}, members('queues', 'default'), []],
	])('%s', (_whose, types, answers, expected) => expect(ids(types, answers)).toEqual(expected));
});

describe('others', () => {
	const separator = '\u0006\u0016';
	const job = JSON.stringify({uuid: 'u', displayName: 'Ship', job: 'x'});
	it.each<[string, Readonly<Record<string, string>>, Answers, readonly string[]]>([
		['Kue', {'q:job:types': 'set'}, members('q:job:types', 'email'), ['kue q:jobs:email']],
		[
			'Celery by its bindings',
			{'_kombu.binding.tasks': 'set'},
			members('_kombu.binding.tasks', `key${separator}${separator}celery`, `${separator}${separator}x.pidbox`),
			['celery celery'],
		],
		[
			'not Celery with a hash of that name',
			{'_kombu.binding.tasks': 'set', celery: 'hash'},
			members('_kombu.binding.tasks', `key${separator}${separator}celery`),
			[],
		],
		['Dramatiq', {'dramatiq:__heartbeats__': 'zset', 'dramatiq:mail.msgs': 'hash'}, {}, ['dramatiq dramatiq:mail']],
		['not Dramatiq without workers ever', {'app:mail.msgs': 'hash'}, {}, []],
		['Laravel by a job', {'a_queues:mail': 'list'}, {'LINDEX a_queues:mail 0': job}, ['laravel a_queues:mail']],
		['Laravel by what is delayed', {'a_queues:mail:delayed': 'zset'}, {}, ['laravel a_queues:mail']],
		['not Laravel with other texts', {'a_queues:mail': 'list'}, {'LINDEX a_queues:mail 0': 'hello'}, []],
		['not Laravel as a counter', {'a_queues:mail': 'string'}, {}, []],
		[
			'a stream with groups',
			{'audit:trail': 'stream'},
			{
				'XINFO GROUPS audit:trail': [
					['name', 'a', 'consumers', 1],
					['name', 'b'],
				],
			},
			['streams audit:trail/a', 'streams audit:trail/b'],
		],
		['a stream that is called events', {'audit:events': 'stream'}, {'XINFO GROUPS audit:events': [['name', 'a']]}, ['streams audit:events/a']],
		['not a stream without groups', {'audit:trail': 'stream'}, {'XINFO GROUPS audit:trail': []}, []],
		[
			'not the events of BullMQ, whoever reads them',
			{'bull:q:meta': 'hash', 'bull:q:events': 'stream'},
			{'HMGET bull:q:meta version opts.maxLenEvents': ['bullmq:6.7.0', null], 'XINFO GROUPS bull:q:events': [['name', 'a']]},
			['bullmq bull:q'],
		],
		[
			'a BullMQ whose prefix is `queues` is not Laravel',
			{'queues:mail:meta': 'hash', 'queues:mail:delayed': 'zset'},
			{'HMGET queues:mail:meta version opts.maxLenEvents': ['bullmq:6.7.0', null]},
			['bullmq queues:mail'],
		],
	])('%s', (_what, types, answers, expected) => expect(ids(types, answers)).toEqual(expected));
});

it('knows who is alone in a namespace', () => {
	const sighting = (id: string, prefix: string): Sighting => ({id, family: 'sidekiq', system: 'sidekiq', prefix, name: id});
	expect(settle([sighting('b', ''), sighting('a', ''), sighting('c', 'app'), sighting('a', '')]).map(({id, isAlone}) => [id, isAlone])).toEqual([
		['a', false],
		['b', false],
		['c', true],
	]);
});
