import { MANY } from './fragments';
import type { Script } from './script';

/**
 * Notes that the people of these tickets are there.
 *
 * KEYS 1 touched (zset id → ms; +inf: not yet)
 * ARGV 1 now (ms), then ticket ids
 * Answer: one digit a ticket: 1 it waits, 0 it does not
 */
export const touchTickets: Script = {
  name: 'touchTickets',
  keys: 1,
  lua: `${MANY}
local ids, answers, touched = {}, {}, {}
for at = 2, #ARGV do ids[#ids + 1] = ARGV[at] end
local waiting = scores(KEYS[1], ids)
for index, id in ipairs(ids) do
  if waiting[id] then
    touched[#touched + 1] = ARGV[1]
    touched[#touched + 1] = id
  end
  answers[index] = waiting[id] and '1' or '0'
end
each('ZADD', KEYS[1], touched)
return table.concat(answers)
`,
};
