--[[
  Records that the peers of these tickets are still present.

  KEYS
    1  touched: sorted set, ticket id by when it was last touched (ms; +inf: not yet)

  ARGV
    1  now (ms)
    then the ids of the tickets

  Answer
    one digit for each ticket: 1 it waits, 0 it does not
]]
--- @include "slices"
local ids, answers, touched = {}, {}, {}
for at = 2, #ARGV do ids[#ids + 1] = ARGV[at] end
local waiting = scoresOf(KEYS[1], ids)
for index, id in ipairs(ids) do
  if waiting[id] then
    touched[#touched + 1] = ARGV[1]
    touched[#touched + 1] = id
  end
  answers[index] = waiting[id] and '1' or '0'
end
callInSlices('ZADD', KEYS[1], touched)
return table.concat(answers)
