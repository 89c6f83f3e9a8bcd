import {toPairs, toText} from '../redis/parse/reply.ts';
import type {Sighting} from './confirm.ts';
import {textsOf, toObject} from './replies.ts';
import {asking, type Steps} from './steps.ts';
import type {QueueFamily} from './types.ts';

const nothing: readonly Sighting[] = [];

const found = (family: Exclude<QueueFamily, 'bull'>, id: string, prefix: string, name: string): Sighting => ({id, family, system: family, prefix, name});

/** A set called `queues`: of RQ and Asynq by its namespace, of Sidekiq or Resque by what lies beside it, or somebody else's. */
export function* confirmNamespace(namespace: string): Steps<readonly Sighting[]> {
	const names = yield* members(`${namespace}queues`);
	if (names.length === 0) return nothing;
	if (namespace === 'rq:') {
		return names.filter(key => key.startsWith('rq:queue:')).map(key => found('rq', key, 'rq', key.slice('rq:queue:'.length)));
	}
	if (namespace === 'asynq:') return names.map(name => found('asynq', `asynq:{${name}}`, 'asynq', name));
	const family = yield* rubyFamily(namespace, names);
	return family ? names.map(name => found(family, `${namespace}queue:${name}`, namespace.replace(/:$/, ''), name)) : nothing;
}

/** A first page of a set: SMEMBERS has no bound. None where the key is no set. */
function* members(key: string): Steps<readonly string[]> {
	const [type] = yield [['TYPE', key]];
	if (type !== 'set') return [];
	const page = yield* asking({members: ['SSCAN', key, '0', 'COUNT', '1000']});
	return page.scanned('members');
}

const sampledQueues = 20;

/** A job tells them apart: Sidekiq's has a `jid`, Resque's has not. Where all queues are empty, the keys beside them tell. */
function* rubyFamily(namespace: string, names: readonly string[]): Steps<'sidekiq' | 'resque' | undefined> {
	const types = yield* asking({
		processes: ['TYPE', `${namespace}processes`],
		retry: ['TYPE', `${namespace}retry`],
		schedule: ['TYPE', `${namespace}schedule`],
		dead: ['TYPE', `${namespace}dead`],
		failed: ['TYPE', `${namespace}failed`],
		workers: ['TYPE', `${namespace}workers`],
	});
	const jobs = yield names.slice(0, sampledQueues).map(name => ['LINDEX', `${namespace}queue:${name}`, '0']);
	const payloads = jobs
		.map(job => toObject(toText(job)))
		.filter(payload => payload !== undefined)
		.filter(payload => typeof payload.class === 'string' && Array.isArray(payload.args));
	if (payloads.length > 0) return payloads.some(payload => typeof payload.jid === 'string') ? 'sidekiq' : 'resque';

	const hasJobsOfOthers = jobs.some(job => toText(job) !== undefined);
	if (hasJobsOfOthers) return undefined;
	const zsets = [types.text('retry'), types.text('schedule'), types.text('dead')];
	if (types.text('processes') === 'set' || zsets.includes('zset')) return 'sidekiq';
	return types.text('failed') === 'list' || types.text('workers') === 'set' ? 'resque' : undefined;
}

export function* confirmKue(prefix: string): Steps<readonly Sighting[]> {
	const types = yield* members(`${prefix}:job:types`);
	return types.map(type => found('kue', `${prefix}:jobs:${type}`, prefix, type));
}

/** What separates the parts of a binding: routing key, pattern, queue (kombu 5). */
const kombuSeparator = '\u0006\u0016';

/** An exchange's bindings name the queues; control mailboxes and event queues hold no tasks. */
export function* confirmCelery(exchange: string): Steps<readonly Sighting[]> {
	const bindings = yield* members(`_kombu.binding.${exchange}`);
	const queues = bindings.map(binding => binding.split(kombuSeparator)[2] ?? '').filter(name => name !== '' && !/pidbox|^celeryev/.test(name));
	const types = yield queues.map(queue => ['TYPE', queue]);
	return queues.filter((_, index) => types[index] === 'list' || types[index] === 'none').map(queue => found('celery', queue, '', queue));
}

export function* confirmDramatiq(namespace: string, names: ReadonlySet<string>): Steps<readonly Sighting[]> {
	const beside = yield* asking({heartbeats: ['TYPE', `${namespace}:__heartbeats__`]});
	return beside.text('heartbeats') === 'zset' ? [...names].map(name => found('dramatiq', `${namespace}:${name}`, namespace, name)) : nothing;
}

/** Keys of one shape: if the first is a stream the others are looked at too. A stream is a queue for each of its groups. */
export function* confirmStreams(keys: readonly [string, ...string[]]): Steps<readonly Sighting[]> {
	const [first] = yield [['TYPE', keys[0]]];
	if (first !== 'stream') return nothing;
	const replies = yield keys.map(key => ['XINFO', 'GROUPS', key]);
	return keys.flatMap((key, index) => groupNames(replies[index]).map(group => found('streams', `${key}/${group}`, key, group)));
}

function groupNames(reply: unknown): readonly string[] {
	if (!Array.isArray(reply)) return [];
	const names = reply.map(group => toPairs(group).get('name'));
	return textsOf(names).filter(name => name !== undefined);
}
