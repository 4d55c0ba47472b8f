--[[
  Takes out tickets that were not touched for too long or that have waited for too long. A ticket that was never touched
  counts as touched now.

  KEYS
    1  tickets: hash, ticket id -> JSON
    2  since: sorted set, ticket id by when its waiting began (ms)
    3  touched: sorted set, ticket id by when it was last touched (ms; +inf: not yet)
    4  position: text, number and nonce of the last change
    5  changes: the channel on which changes are published

  ARGV
    1  a nonce
    2  now (ms)
    3  a ticket that was last touched before this is stale (ms)
    4  a ticket that has waited since before this is too old (ms)
    5  how many tickets of each kind to take at most

  Answer
    1  1 when there may be more, else 0
    then the JSON of each ticket that was taken out
]]
--- @include "slices"
--- @include "publish-change"
local most = tonumber(ARGV[5])
local fresh = redis.call('ZRANGEBYSCORE', KEYS[3], '+inf', '+inf', 'LIMIT', 0, most)
local touchedNow = {}
for _, id in ipairs(fresh) do
  touchedNow[#touchedNow + 1] = ARGV[2]
  touchedNow[#touchedNow + 1] = id
end
callInSlices('ZADD', KEYS[3], touchedNow)
local stale = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', '(' .. ARGV[3], 'LIMIT', 0, most)
local old = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[4], 'LIMIT', 0, most)
local more = (#fresh == most or #stale == most or #old == most) and 1 or 0
local ids, seen, payload, answer = {}, {}, {}, {more}
for _, found in ipairs({stale, old}) do
  for _, id in ipairs(found) do
    if not seen[id] then
      seen[id] = true
      ids[#ids + 1] = id
      payload[#payload + 1] = cjson.encode(id)
      answer[#answer + 1] = redis.call('HGET', KEYS[1], id) or ''
    end
  end
end
if #ids > 0 then
  callInSlices('HDEL', KEYS[1], ids)
  callInSlices('ZREM', KEYS[2], ids)
  callInSlices('ZREM', KEYS[3], ids)
  publishChange(KEYS[4], KEYS[5], ARGV[1], '-', '[' .. table.concat(payload, ',') .. ']')
end
return answer
