--[[
  Keeps a node's sign of life, with the server's time.

  KEYS
    1  the node's signs: `<since without a gap>:<last>` (ms)

  ARGV
    1  the longest pause that is not a gap (ms)
    2  how long the sign is kept (ms)

  Answer
    since when signs have come without a gap (server time, ms)
]]
--- @include "server-time"
local now = serverTime()
local before = redis.call('GET', KEYS[1]) or ''
local since, last = string.match(before, '^(%d+):(%d+)$')
local gap = last and now - tonumber(last) or -1
if gap < 0 or gap >= tonumber(ARGV[1]) then since = string.format('%.0f', now) end
redis.call('SET', KEYS[1], since .. ':' .. string.format('%.0f', now), 'PX', ARGV[2])
return tonumber(since)
