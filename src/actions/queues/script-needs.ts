import type {LuaScript} from '../../queues/lua/lua-script.ts';
import type {Plan} from '../../store/dialog.ts';
import type {QueueTarget} from './queue-target.ts';

/** What stands behind the key in a valid call of each command that our scripts use: ACL DRYRUN checks the arity before it says anything else. */
export const sampleArguments: Readonly<Record<string, readonly string[]>> = {
	DEL: [],
	EXISTS: [],
	GET: [],
	HDEL: ['field'],
	HEXISTS: ['field'],
	HGET: ['field'],
	HINCRBY: ['field', '1'],
	HMGET: ['field'],
	HSET: ['field', 'value'],
	INCR: [],
	LINDEX: ['0'],
	LINSERT: ['BEFORE', 'pivot', 'element'],
	LLEN: [],
	LPOP: [],
	LPUSH: ['element'],
	LRANGE: ['0', '0'],
	LREM: ['1', 'element'],
	LTRIM: ['0', '0'],
	PUBLISH: ['message'],
	RENAME: ['other'],
	RPUSH: ['element'],
	SET: ['value'],
	SREM: ['member'],
	UNLINK: [],
	XADD: ['*', 'field', 'value'],
	XLEN: [],
	ZADD: ['0', 'member'],
	ZCARD: [],
	ZCOUNT: ['0', '0'],
	ZRANGE: ['0', '0'],
	ZRANK: ['member'],
	ZREM: ['member'],
	ZSCORE: ['member'],
};

/** Those that are called by name, and those that are handed to a function which calls them. */
export function commandsIn({text}: LuaScript): readonly string[] {
	const called = [...text.matchAll(/redis\.p?call\('([A-Z]+)'/g)].map(([, name = '']) => name);
	const named = [...text.matchAll(/'([A-Z]+)'/g)].map(([, name = '']) => name).filter(name => name in sampleArguments);
	return [...new Set([...called, ...named])];
}

/** One call of each command that a script makes in this queue, for the question whether the user may. Only Bull is told by PUBLISH. */
export function scriptNeeds({base, major}: Pick<QueueTarget, 'base' | 'major'>, script: LuaScript): Plan {
	const names = commandsIn(script).filter(name => name !== 'PUBLISH' || major === 0);
	return names.map(name => [name, `${base}:redis-triage`, ...(sampleArguments[name] ?? []).map(word => (word === 'other' ? `${base}:redis-triage-2` : word))]);
}
