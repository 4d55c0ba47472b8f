import { MANY, NOW, TELL } from './fragments';
import type { Script } from './script';

/** How long after its person was taken a ticket may be put (ms). */
export const PUT_WITHIN_MS = 20_000;

/**
 * Puts tickets into a shard, each on its own: refused when its token was voided, or when it comes so late that its
 * voiding might have been forgotten meanwhile.
 *
 * KEYS 1 tickets (hash id → JSON)  2 since (zset)  3 touched (zset; +inf: not yet)  4 voided (zset token → when)
 *      5 position (text)  6 the channel of changes
 * ARGV 1 a nonce, then five a ticket: id, token, when its person was taken (ms of Redis), since, JSON
 * Answer: one letter a ticket (a added, v voided, l late), and the number of the change or 0
 */
export const putTickets: Script = {
  name: 'putTickets',
  keys: 6,
  lua: `${NOW}${MANY}${TELL}
local time = now()
local someVoided = redis.call('EXISTS', KEYS[4]) == 1
local answers, tickets, since, touched, told = {}, {}, {}, {}, {}
for at = 2, #ARGV, 5 do
  local id, token, taken = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local answer = 'a'
  if math.abs(time - taken) > ${PUT_WITHIN_MS} then
    answer = 'l'
  elseif someVoided and redis.call('ZSCORE', KEYS[4], token) then
    answer = 'v'
  else
    local n = #tickets
    tickets[n + 1], tickets[n + 2] = id, ARGV[at + 4]
    since[n + 1], since[n + 2] = ARGV[at + 3], id
    touched[n + 1], touched[n + 2] = '+inf', id
    told[#told + 1] = ARGV[at + 4]
  end
  answers[#answers + 1] = answer
end
local number = 0
if #told > 0 then
  each('HSET', KEYS[1], tickets)
  each('ZADD', KEYS[2], since)
  each('ZADD', KEYS[3], touched)
  number = tell(KEYS[5], KEYS[6], ARGV[1], '+', '[' .. table.concat(told, ',') .. ']')
end
return {table.concat(answers), number}
`,
};
