--[[
  Claims tickets of one shard. Claims are independent and handled in order: all tickets of a claim are taken out, or none.

  KEYS
    1  tickets: hash, ticket id -> JSON
    2  since: sorted set, ticket id by when its waiting began (ms)
    3  touched: sorted set, ticket id by when it was last touched (ms; +inf: not yet)
    4  position: text, number and nonce of the last change
    5  changes: the channel on which changes are published

  ARGV
    1  a nonce
    then for each claim the number of its tickets, and their ids

  Answer
    1  one digit for each claim: 1 won, 0 lost
    2  the number of the shard's last change, whether this call made it or an earlier one
]]
--- @include "slices"
--- @include "publish-change"
local claims, requested = {}, {}
local at = 2
while at <= #ARGV do
  local claim = {}
  for place = at + 1, at + tonumber(ARGV[at]) do
    claim[#claim + 1] = ARGV[place]
    requested[#requested + 1] = ARGV[place]
  end
  claims[#claims + 1] = claim
  at = at + #claim + 1
end
local waiting = scoresOf(KEYS[2], requested)
local answers, taken, payload = {}, {}, {}
for index, claim in ipairs(claims) do
  local own, won = {}, true
  for _, id in ipairs(claim) do
    -- A ticket named twice is not two peers.
    if not waiting[id] or own[id] then won = false end
    own[id] = true
  end
  if won then
    for _, id in ipairs(claim) do
      waiting[id] = nil
      taken[#taken + 1] = id
      payload[#payload + 1] = cjson.encode(id)
    end
  end
  answers[index] = won and '1' or '0'
end
local number
if #taken > 0 then
  callInSlices('HDEL', KEYS[1], taken)
  callInSlices('ZREM', KEYS[2], taken)
  callInSlices('ZREM', KEYS[3], taken)
  number = publishChange(KEYS[4], KEYS[5], ARGV[1], '-', '[' .. table.concat(payload, ',') .. ']')
else
  number = tonumber(string.match(redis.call('GET', KEYS[4]) or '0', '^%d+')) or 0
end
return {table.concat(answers), number}
