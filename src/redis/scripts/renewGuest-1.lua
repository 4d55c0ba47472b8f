--[[
  Changes the given fields of a guest and restarts the guest's lifetime. A clock that was set back does not shorten it.

  KEYS
    1  guest:{sessionId}: text, the guest as JSON

  ARGV
    1  the fields that change (a JSON object, may be empty)
    2  now (ms)
    3  how long a guest lives (ms)

  Answer
    the guest afterwards (JSON), or nil when there is none, it cannot be read or it has expired
]]
--- @include "parse-guest"
local guest = parseGuest(redis.call('GET', KEYS[1]))
if not guest then return nil end
local time, life = tonumber(ARGV[2]), tonumber(ARGV[3])
if time - guest.lastSeen >= life then return nil end
for field, value in pairs(cjson.decode(ARGV[1])) do guest[field] = value end
guest.lastSeen = math.max(time, guest.lastSeen)
local renewed = cjson.encode(guest)
redis.call('SETEX', KEYS[1], math.ceil(life / 1000), renewed)
return renewed
