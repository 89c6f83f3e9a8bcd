import {enqueueing, ofQueue} from '../lua-parts.ts';
import type {LuaScript} from './lua-script.ts';

/**
 * Puts one delayed job to where it waits, as a worker's own look at the delayed jobs does, if it is still due at the moment that was seen.
 * KEYS: delayed, job. ARGV: base, id, major, score in `delayed`.
 */
export const promoteJob: LuaScript = {
	sha1: '99a8e03b9d3741c87ae3495eeb24179ef4343b6f',
	text: `-- redis-triage: promote an overdue job
${ofQueue}${enqueueing}
local score = redis.call('ZSCORE', place, id)
if not score then return 'GONE' end
if tonumber(score) ~= tonumber(ARGV[4]) then return 'CHANGED' end
local why = obstacle()
if why then return why end
local priority = tonumber(redis.call('HGET', job, 'priority')) or 0
if crowded(priority) then return 'CROWDED' end

enqueue('LPUSH', priority)
redis.call('ZREM', place, id)
redis.call('HSET', job, 'delay', 0)
tell('waiting', 'delayed')
if major == 0 then redis.call('PUBLISH', key('waiting@redis-triage'), id) end
return 'OK'
`,
};
