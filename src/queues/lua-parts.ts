/**
 * What the scripts that move one job have in common. KEYS: where it is now, the job. ARGV: the beginning of the queue's keys, the job's id, the
 * major (0 is Bull). The other keys are made here, as the libraries' own scripts do it: all of them share one slot.
 */
export const ofQueue = `
local base, id, major = ARGV[1], ARGV[2], tonumber(ARGV[3])
local function key(suffix) return base .. ':' .. suffix end
local place, job = KEYS[1], KEYS[2]

-- Bull obeys a key of its own; BullMQ 6 leaves the jobs of a paused queue where they are.
local paused
if major == 0 then paused = redis.call('EXISTS', key('meta-paused')) == 1
else paused = redis.call('HEXISTS', key('meta'), 'paused') == 1 end
local target = key(paused and major < 6 and 'paused' or 'wait')

-- What would be wrong with moving it, whatever else is the case: nothing has been changed when this answers.
local function obstacle()
  if redis.call('EXISTS', job) == 0 then return 'ORPHAN' end
  if redis.call('EXISTS', job .. ':lock') == 1 then return 'LOCKED' end
  return false
end

-- Idle workers of BullMQ 5 and newer wait at the marker; a push wakes the older ones.
local function wake()
  if major < 5 or paused then return end
  local most = tonumber(redis.call('HGET', key('meta'), 'concurrency'))
  if most and redis.call('LLEN', key('active')) >= most then return end
  redis.call('ZADD', key('marker'), 0, '0')
end

local function tell(event, prev)
  if major == 0 then return end
  local most = redis.call('HGET', key('meta'), 'opts.maxLenEvents') or 10000
  local entry = {'event', event, 'jobId', id}
  if prev then entry[5] = 'prev'; entry[6] = prev end
  -- The job has been moved by now: an event that cannot be written does not undo that.
  redis.pcall('XADD', key('events'), 'MAXLEN', '~', most, '*', unpack(entry))
end
`;

/** Where the library's own addition would put the job: by its priority, else at the end that `push` names. */
export const enqueueing = `
-- BullMQ 3 and Bull keep their priorities by a search through the list: not through one of any length.
local function crowded(priority)
  return priority > 0 and major < 4 and redis.call('LLEN', target) > 20000
end

local function enqueue(push, priority)
  -- BullMQ 3 and 4 wake workers by a marker at the head of an empty list: with a job in it there is no need of one.
  local head = major > 0 and redis.call('LINDEX', target, 0)
  if head and string.sub(head, 1, 2) == '0:' then redis.call('LPOP', target) end
  if priority <= 0 then redis.call(push, target, id)
  elseif major >= 4 then
    local count = redis.call('INCR', key('pc'))
    redis.call('ZADD', key('prioritized'), priority * 0x100000000 + count % 0x100000000, id)
    if major == 4 and not paused and redis.call('LLEN', target) == 0 then redis.call('LPUSH', target, '0:0') end
  else
    redis.call('ZADD', key('priority'), priority, id)
    local before = redis.call('ZCOUNT', key('priority'), 0, priority) - 1
    local next = redis.call('LINDEX', target, redis.call('LLEN', target) - before)
    if next then redis.call('LINSERT', target, 'BEFORE', next, id) else redis.call('RPUSH', target, id) end
  end
  wake()
end
`;
