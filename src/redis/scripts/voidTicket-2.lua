--[[
  Makes sure that a ticket which does not wait now can never be put under this token.

  KEYS
    1  since: sorted set, ticket id by when its waiting began (ms)
    2  voided: sorted set, token by when it was voided (ms)

  ARGV
    1  the ticket's id
    2  its token

  Answer
    1 when the ticket waits, and nothing was done; 0 when its token is void
]]
--- @include "server-time"
--- @include "put-deadline"
-- How long a voided token is remembered: far longer than it could still be used, however clocks differ.
local REMEMBER_MS = PUT_WITHIN_MS * 6
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
local time = serverTime()
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. string.format('%.0f', time - REMEMBER_MS))
redis.call('ZADD', KEYS[2], time, ARGV[2])
redis.call('PEXPIRE', KEYS[2], REMEMBER_MS)
return 0
