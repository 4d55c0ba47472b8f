import type { Script } from './script';

/**
 * Gives a holder's leases more time, each on its own. One that is not there is made anew where a note is given.
 *
 * KEYS any number of leases: hashes with holder and note
 * ARGV 1 their holder  2 for how long (ms), then one a lease: '' leaves its note, '=' and a note replaces it
 * Answer: one digit a lease: 1 the holder has it afterwards, 0 not
 */
export const renewLeases: Script = {
  name: 'renewLeases',
  keys: 'counted',
  lua: `
local answers = {}
for at, key in ipairs(KEYS) do
  local holder, given = redis.call('HGET', key, 'holder'), ARGV[at + 2]
  local held = holder == ARGV[1] or (not holder and given ~= '')
  if held then
    if given ~= '' then redis.call('HSET', key, 'holder', ARGV[1], 'note', string.sub(given, 2)) end
    redis.call('PEXPIRE', key, ARGV[2])
  end
  answers[at] = held and '1' or '0'
end
return table.concat(answers)
`,
};
