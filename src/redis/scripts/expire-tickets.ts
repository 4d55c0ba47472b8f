import { MANY, TELL } from './fragments';
import type { Script } from './script';

/**
 * Takes out tickets that were not touched for too long or that wait for too long, and notes the time for those
 * that nobody has touched yet.
 *
 * KEYS 1 tickets  2 since  3 touched  4 position  5 the channel of changes (as in putTickets)
 * ARGV 1 a nonce  2 now  3 touched before this is stale  4 since before this is too old (all ms)
 *      5 how many of each kind at most
 * Answer: 1 when there may be more, else 0; then the JSON of each ticket taken out
 */
export const expireTickets: Script = {
  name: 'expireTickets',
  keys: 5,
  lua: `${MANY}${TELL}
local most = tonumber(ARGV[5])
local fresh = redis.call('ZRANGEBYSCORE', KEYS[3], '+inf', '+inf', 'LIMIT', 0, most)
local noted = {}
for _, id in ipairs(fresh) do
  noted[#noted + 1] = ARGV[2]
  noted[#noted + 1] = id
end
each('ZADD', KEYS[3], noted)
local stale = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', '(' .. ARGV[3], 'LIMIT', 0, most)
local old = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[4], 'LIMIT', 0, most)
local more = (#fresh == most or #stale == most or #old == most) and 1 or 0
local ids, seen, told, answer = {}, {}, {}, {more}
for _, found in ipairs({stale, old}) do
  for _, id in ipairs(found) do
    if not seen[id] then
      seen[id] = true
      ids[#ids + 1] = id
      told[#told + 1] = cjson.encode(id)
      answer[#answer + 1] = redis.call('HGET', KEYS[1], id) or ''
    end
  end
end
if #ids > 0 then
  each('HDEL', KEYS[1], ids)
  each('ZREM', KEYS[2], ids)
  each('ZREM', KEYS[3], ids)
  tell(KEYS[4], KEYS[5], ARGV[1], '-', '[' .. table.concat(told, ',') .. ']')
end
return answer
`,
};
