--[[
  How long nodes have been silent, by the server's time.

  KEYS
    n  the signs of the node that asks, then of the nodes that it asks about

  ARGV
    none

  Answer
    for each of them: for how long signs have come without a gap, and how long ago the last one came (ms); an empty
    string where none is known
]]
--- @include "server-time"
local now = serverTime()
local answers = {}
for at, key in ipairs(KEYS) do
  local since, last = string.match(redis.call('GET', key) or '', '^(%d+):(%d+)$')
  answers[at] = since and { now - tonumber(since), now - tonumber(last) } or ''
end
return answers
