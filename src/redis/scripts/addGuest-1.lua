--[[
  Stores a new guest, unless the session has a guest that has not expired.

  KEYS
    1  guest:{sessionId}: text, the guest as JSON

  ARGV
    1  the guest (JSON)
    2  now (ms)
    3  how long a guest lives (ms)

  Answer
    1 when the guest is stored, 0 when there is one already
]]
--- @include "parse-guest"
local kept = parseGuest(redis.call('GET', KEYS[1]))
if kept and tonumber(ARGV[2]) - kept.lastSeen < tonumber(ARGV[3]) then return 0 end
redis.call('SETEX', KEYS[1], math.ceil(ARGV[3] / 1000), ARGV[1])
return 1
