--[[
  How long nodes have been silent, by the server's time.

  KEYS
    n  the signs of the node that asks, then of the nodes that it asks about

  ARGV
    none

  Answer
    1  how long the node that asks has sent signs without a gap (ms), -1 where none is known
    2  how long ago its last sign came (ms), -1 where none is known
    then one for each node: how long ago its last sign came (ms), -1 where none is known
]]
--- @include "server-time"
local now = serverTime()
local answers = {}
for at, key in ipairs(KEYS) do
  local since, last = string.match(redis.call('GET', key) or '', '^(%d+):(%d+)$')
  if at == 1 then answers[1] = since and now - tonumber(since) or -1 end
  answers[at + 1] = last and now - tonumber(last) or -1
end
return answers
