--[[
  Takes one token of a bucket that all nodes share: the rule of domain/token-bucket, in Lua. The bucket expires when it
  would be full again. When there is no token, nothing changes. Time is that of the Redis server.

  KEYS
    1  the bucket: hash with tokens and at (ms)

  ARGV
    1  burst
    2  tokens a second
    3  the longest a bucket is kept (ms)

  Answer
    0, or how long until there is a token (ms)
]]
--- @include "server-time"
local burst, perSecond, time = tonumber(ARGV[1]), tonumber(ARGV[2]), serverTime()
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(kept[1] or burst), tonumber(kept[2] or time)
-- A clock that goes backwards gives nothing back. The bucket fills again from then on, not only when it has caught up.
tokens = math.min(burst, tokens + math.max(0, time - at) / 1000 * perSecond)
if time < at then redis.call('HSET', KEYS[1], 'at', string.format('%.0f', time)) end
at = time
-- An empty bucket is stored already, so nothing is written.
if tokens < 1 then return math.min(2 ^ 53 - 1, math.ceil((1 - tokens) / perSecond * 1000)) end
tokens = tokens - 1
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'at', string.format('%.0f', at))
local full = math.ceil((burst - tokens) / perSecond * 1000) + 1000
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.min(full, tonumber(ARGV[3]))))
return 0
