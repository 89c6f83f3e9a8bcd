import type {LuaScript} from './lua-script.ts';

/**
 * Remove the oldest finished jobs of a queue, up to one that was the last of them when the operator was asked.
 *
 * KEYS: completed or failed. ARGV: the beginning of the queue's keys with its colon; the last job, by id and score; how many of the oldest
 * to pass over, because they have been left alone before; how many to look at; how many of the newest to keep, whatever else.
 * Returns how many were removed, were ids without a job, were left alone as children of a flow, as parents of unfinished children, as unfinished;
 * and how many are still to be looked at.
 *
 * The last job is named because scores are not unique and the set grows meanwhile: what is above it is never touched. If somebody has
 * removed it, or it has run again, all below its score are taken and none beside it.
 * What is removed is what the library's own `removeJob` removes (5.81.5, 6.7.0). An id whose job has no `finishedOn` has been used again.
 */
export const cleanFinished: LuaScript = {
	sha1: '6c38a1f42522eb97e66dc87e2eafbf7abe5f0f72',
	text: `-- redis-triage: remove finished jobs
local set, base = KEYS[1], ARGV[1]
local lastId, lastScore, offset, limit, keep = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])

local last
local score = redis.call('ZSCORE', set, lastId)
if score and tonumber(score) == tonumber(lastScore) then last = redis.call('ZRANK', set, lastId)
else last = redis.call('ZCOUNT', set, '-inf', '(' .. lastScore) - 1 end
last = math.min(last, redis.call('ZCARD', set) - keep - 1)
local upTo = math.min(offset + limit - 1, last)
if upTo < offset then return {0, 0, 0, 0, 0, 0} end

-- All is read before anything is removed: an error leaves no job half there.
local gone, orphans, children, parents, unfinished = {}, 0, 0, 0, 0
local tokens = {}
for _, id in ipairs(redis.call('ZRANGE', set, offset, upTo)) do
  local job = base .. id
  local found = redis.call('HMGET', job, 'name', 'finishedOn', 'parentKey', 'deid')
  local parent, token = found[3], found[4]
  if not found[1] and redis.call('EXISTS', job) == 0 then
    orphans = orphans + 1
    gone[#gone + 1] = id
  elseif not found[2] then unfinished = unfinished + 1
  elseif parent and parent ~= '' and redis.call('EXISTS', parent) == 1 then children = children + 1
  elseif redis.call('EXISTS', job .. ':dependencies') == 1 then parents = parents + 1
  else
    if token and token ~= '' and redis.call('GET', base .. 'de:' .. token) == id then tokens[#tokens + 1] = token end
    gone[#gone + 1] = id
  end
end

for _, token in ipairs(tokens) do redis.call('DEL', base .. 'de:' .. token, base .. 'dn:' .. token) end
for _, id in ipairs(gone) do
  local job = base .. id
  redis.call('UNLINK', job, job .. ':logs', job .. ':dependencies', job .. ':processed', job .. ':failed', job .. ':unsuccessful')
end
if #gone > 0 then redis.call('ZREM', set, unpack(gone)) end
return {#gone - orphans, orphans, children, parents, unfinished, last - upTo}
`,
};
