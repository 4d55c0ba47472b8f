--[[
  Removes a guest that has expired.

  KEYS
    1  guest:{sessionId}: text, the guest as JSON

  ARGV
    1  now (ms)
    2  how long a guest lives (ms)

  Answer
    1 when there is no such guest afterwards, 0 when the guest has not expired
]]
--- @include "parse-guest"
local kept = parseGuest(redis.call('GET', KEYS[1]))
if kept and tonumber(ARGV[1]) - kept.lastSeen < tonumber(ARGV[2]) then return 0 end
redis.call('DEL', KEYS[1])
return 1
