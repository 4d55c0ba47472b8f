import { MANY, TELL } from './fragments';
import type { Script } from './script';

/**
 * Claims of one shard, each on its own and in order: all its tickets are taken out, or none.
 *
 * KEYS 1 tickets  2 since  3 touched  4 position  5 the channel of changes (as in putTickets)
 * ARGV 1 a nonce, then for each claim how many tickets it has, and their ids
 * Answer: one digit a claim (1 won, 0 lost), and the number of the shard's last change, this one or an earlier one
 */
export const claimTickets: Script = {
  name: 'claimTickets',
  keys: 5,
  lua: `${MANY}${TELL}
local claims, asked = {}, {}
local at = 2
while at <= #ARGV do
  local claim = {}
  for place = at + 1, at + tonumber(ARGV[at]) do
    claim[#claim + 1] = ARGV[place]
    asked[#asked + 1] = ARGV[place]
  end
  claims[#claims + 1] = claim
  at = at + #claim + 1
end
local waiting = scores(KEYS[2], asked)
local answers, taken, told = {}, {}, {}
for index, claim in ipairs(claims) do
  local own, won = {}, true
  for _, id in ipairs(claim) do
    -- A ticket named twice is not two people.
    if not waiting[id] or own[id] then won = false end
    own[id] = true
  end
  if won then
    for _, id in ipairs(claim) do
      waiting[id] = nil
      taken[#taken + 1] = id
      told[#told + 1] = cjson.encode(id)
    end
  end
  answers[index] = won and '1' or '0'
end
local number
if #taken > 0 then
  each('HDEL', KEYS[1], taken)
  each('ZREM', KEYS[2], taken)
  each('ZREM', KEYS[3], taken)
  number = tell(KEYS[4], KEYS[5], ARGV[1], '-', '[' .. table.concat(told, ',') .. ']')
else
  number = tonumber(string.match(redis.call('GET', KEYS[4]) or '0', '^%d+')) or 0
end
return {table.concat(answers), number}
`,
};
