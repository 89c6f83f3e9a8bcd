import {enqueueing, ofQueue} from '../lua-parts.ts';
import type {LuaScript} from './lua-script.ts';

/**
 * Puts one failed job back to where it waits, if it is still the failure that was seen. KEYS: failed, job. ARGV: base, id, major, score in
 * `failed`, 1 to reset the attempts, moment in ms. It is pushed before it is taken away: what the server refuses half-way has changed nothing.
 */
export const retryJob: LuaScript = {
	sha1: '4b64c06b36016423aa1851e92e9e236472510a7a',
	text: `-- redis-triage: retry a failed job
${ofQueue}${enqueueing}
local score = redis.call('ZSCORE', place, id)
if not score then return 'GONE' end
if tonumber(score) ~= tonumber(ARGV[4]) then return 'CHANGED' end
local why = obstacle()
if why then return why end
local fields = redis.call('HMGET', job, 'parentKey', 'priority', 'opts')
if fields[1] then return 'CHILD' end
local priority = tonumber(fields[2]) or 0
if crowded(priority) then return 'CROWDED' end

-- Quotes within a text are escaped in JSON, so this is the option and nothing else.
local isLifo = string.find(fields[3] or '', '"lifo":true', 1, true)
enqueue(isLifo and 'RPUSH' or 'LPUSH', priority)
redis.call('ZREM', place, id)
redis.call('HDEL', job, 'finishedOn', 'processedOn', 'failedReason')
if ARGV[5] == '1' then redis.call('HDEL', job, major >= 5 and 'atm' or 'attemptsMade') end
tell('waiting', 'failed')
if major == 0 then
  redis.call('HSET', job, 'retriedOn', ARGV[6])
  redis.call('PUBLISH', key('waiting@redis-triage'), id)
end
return 'OK'
`,
};
