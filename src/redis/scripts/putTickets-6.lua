--[[
  Puts tickets into a shard, each independently. A ticket is rejected when its token was voided, or when it comes so late
  that the voided token may have been forgotten meanwhile.

  KEYS
    1  tickets: hash, ticket id -> JSON
    2  since: sorted set, ticket id by when its waiting began (ms)
    3  touched: sorted set, ticket id by when it was last touched (ms; +inf: not yet)
    4  voided: sorted set, token by when it was voided (ms)
    5  position: text, number and nonce of the last change
    6  changes: the channel on which changes are published

  ARGV
    1  a nonce
    then five for each ticket: its id, its token, when its peer was taken (ms of Redis), since when it waits (ms), JSON

  Answer
    1  one letter for each ticket: a added, v voided, l late
    2  the number of the change, or 0 when nothing was added
]]
--- @include "server-time"
--- @include "slices"
--- @include "publish-change"
--- @include "put-deadline"
local time = serverTime()
local someVoided = redis.call('EXISTS', KEYS[4]) == 1
local answers, tickets, since, touched, payload = {}, {}, {}, {}, {}
for at = 2, #ARGV, 5 do
  local id, token, taken = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local answer = 'a'
  if math.abs(time - taken) > PUT_WITHIN_MS then
    answer = 'l'
  elseif someVoided and redis.call('ZSCORE', KEYS[4], token) then
    answer = 'v'
  else
    local n = #tickets
    tickets[n + 1], tickets[n + 2] = id, ARGV[at + 4]
    since[n + 1], since[n + 2] = ARGV[at + 3], id
    touched[n + 1], touched[n + 2] = '+inf', id
    payload[#payload + 1] = ARGV[at + 4]
  end
  answers[#answers + 1] = answer
end
local number = 0
if #payload > 0 then
  callInSlices('HSET', KEYS[1], tickets)
  callInSlices('ZADD', KEYS[2], since)
  callInSlices('ZADD', KEYS[3], touched)
  number = publishChange(KEYS[5], KEYS[6], ARGV[1], '+', '[' .. table.concat(payload, ',') .. ']')
end
return {table.concat(answers), number}
