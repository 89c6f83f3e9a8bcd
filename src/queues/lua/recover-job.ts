import {ofQueue} from '../lua-parts.ts';
import type {LuaScript} from './lua-script.ts';

/**
 * Puts one active job that nobody holds back, as the next to run, if it is still the same run of it: whoever starts it again changes
 * `processedOn`, whoever else puts it back counts it as stalled. KEYS: active, job. ARGV: base, id, major, processedOn, stalled counter
 * (empty: the job has none).
 */
export const recoverJob: LuaScript = {
	sha1: '9511c0ca7313a1b3fdbe9159a3e0c94f6fbeb575',
	text: `-- redis-triage: recover a stalled job
${ofQueue}
local why = obstacle()
if why then return why end
local counter = major >= 5 and 'stc' or 'stalledCounter'
local run = redis.call('HMGET', job, 'processedOn', counter)
if (run[1] or '') ~= ARGV[4] or (run[2] or '') ~= ARGV[5] then return 'CHANGED' end
if redis.call('LLEN', place) > 5000 then return 'CROWDED' end
-- Is an error here, and not after the job has been taken away, where this is no list.
redis.call('LLEN', target)
if redis.call('LREM', place, 1, id) == 0 then return 'GONE' end

redis.call('RPUSH', target, id)
redis.call('HINCRBY', job, counter, 1)
redis.call('SREM', key('stalled'), id)
wake()
tell('waiting', 'active')
tell('stalled')
if major == 0 then redis.call('PUBLISH', key('stalled@'), id) end
return 'OK'
`,
};
