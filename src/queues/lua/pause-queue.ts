import type {LuaScript} from './lua-script.ts';

/**
 * Pause or resume a queue as its own library does (`pause-4.lua` of BullMQ 3.16.2, `pause-5.lua` of 4.18.3, `pause-7.lua` of 5.81.5 and 6.7.0,
 * `pause-5.lua` of Bull 4.16.5), but for two things: it never renames a list over another one, which loses jobs, and it checks first
 * whether the queue is what it is taken for.
 *
 * KEYS: wait, paused, meta, meta-paused, marker, prioritized, delayed, events.
 * ARGV: `paused` or `resumed`; the major, 0 for Bull; `first` or `again`; how many jobs a call may move; the channel that Bull publishes on.
 * Returns a word and how many jobs are still to be moved: `DONE`; `MORE`: call again; `ALREADY`, `VERSION`, `UNDONE`: nothing was changed.
 *
 * Where both lists have jobs they become one, those of `paused` the next to run: that is how BullMQ 6 resumes a queue that 5 has paused.
 * Workers take from the tail, so the shorter way there is taken: `paused` behind `wait`, or the tail of `wait` before `paused`, call by call.
 * The flag is set in the first call of a pause and removed in the last of a resume, so that workers that obey it see no list half moved.
 */
export const pauseQueue: LuaScript = {
	sha1: '6365cc8e663e0b8c15104619823d4b621f7dd95a',
	text: `-- redis-triage: pause or resume a queue
local wait, paused, meta, metaPaused, marker, prioritized, delayed, events = unpack(KEYS)
local toPause, major, isFirst, most, channel = ARGV[1] == 'paused', tonumber(ARGV[2]), ARGV[3] == 'first', tonumber(ARGV[4]), ARGV[5]
local isBull = major == 0

-- All that is read is read first: a key of another type ends it before anything is written.
local version = redis.call('HGET', meta, 'version')
local isPaused = isBull and redis.call('EXISTS', metaPaused) == 1 or not isBull and redis.call('HEXISTS', meta, 'paused') == 1
local waiting, held = redis.call('LLEN', wait), redis.call('LLEN', paused)
local urgent = redis.call('ZCARD', prioritized)
local nextDelayed = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]
if not isBull then redis.call('XLEN', events) end

local isSame
if isBull then isSame = not version else isSame = version and string.find(version, 'bullmq:' .. ARGV[2] .. '.', 1, true) == 1 end
if not isSame then return {'VERSION', 0} end
if isFirst and isPaused == toPause then return {'ALREADY', 0} end
if not isFirst and not isPaused then return {'UNDONE', 0} end

-- BullMQ 6 pauses by the flag alone.
local touchesLists = not toPause or major < 6
local areBoth = touchesLists and waiting > 0 and held > 0
local isLast = not areBoth or held <= most or waiting <= most

-- BullMQ 3 and 4 wake workers by an id that is no job. In the middle of a list it would be taken for one.
local function jobsOf(ids)
  if major ~= 3 and major ~= 4 then return ids end
  local jobs = {}
  for _, id in ipairs(ids) do if not string.find(id, '^0:%d+$') then jobs[#jobs + 1] = id end end
  return jobs
end
local function push(command, list, ids)
  for from = 1, #ids, 1000 do redis.call(command, list, unpack(ids, from, math.min(from + 999, #ids))) end
end

-- Before the first write: whoever may not publish has changed nothing.
if isBull and isLast then redis.call('PUBLISH', channel, ARGV[1]) end
if toPause and major >= 5 then redis.call('DEL', marker) end

if areBoth and held <= most then
  push('RPUSH', wait, jobsOf(redis.call('LRANGE', paused, 0, -1)))
  redis.call('DEL', paused)
  held = 0
elseif areBoth then
  local oldest = redis.call('LRANGE', wait, -most, -1)
  local reversed = {}
  for index = #oldest, 1, -1 do reversed[#reversed + 1] = oldest[index] end
  push('LPUSH', paused, jobsOf(reversed))
  redis.call('LTRIM', wait, 0, -(#oldest + 1))
  waiting = waiting - #oldest
end

if toPause then
  if touchesLists and isLast and held == 0 and redis.call('EXISTS', wait) == 1 then redis.call('RENAME', wait, paused) end
  redis.call('HSET', meta, 'paused', 1)
  if isBull then redis.call('SET', metaPaused, 1) end
elseif isLast then
  if held > 0 then redis.call('RENAME', paused, wait) end
  redis.call('HDEL', meta, 'paused')
  if isBull then redis.call('DEL', metaPaused) end
  -- What idle workers wait for.
  local length = redis.call('LLEN', wait)
  if major == 4 and urgent > 0 and length == 0 then redis.call('LPUSH', wait, '0:0') end
  if major >= 5 and length + urgent > 0 then redis.call('ZADD', marker, 0, '0')
  elseif major >= 5 and nextDelayed then redis.call('ZADD', marker, string.format('%.0f', math.floor(tonumber(nextDelayed) / 4096)), '1') end
end
if not isLast then return {'MORE', waiting} end
if not isBull then redis.call('XADD', events, '*', 'event', ARGV[1]) end
return {'DONE', 0}
`,
};
