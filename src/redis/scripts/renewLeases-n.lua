--[[
  Renews the leases of a holder, each independently. A lease that does not exist is made again where a value is given.

  KEYS
    n  the leases: hashes with holder and value

  ARGV
    1  their holder
    2  how long they last (ms)
    then one for each lease: '' keeps its value, '=' and a value replaces it

  Answer
    one digit for each lease: 1 the holder has it afterwards, 0 it does not
]]
local answers = {}
for at, key in ipairs(KEYS) do
  local holder, given = redis.call('HGET', key, 'holder'), ARGV[at + 2]
  local held = holder == ARGV[1] or (not holder and given ~= '')
  if held then
    if given ~= '' then redis.call('HSET', key, 'holder', ARGV[1], 'value', string.sub(given, 2)) end
    redis.call('PEXPIRE', key, ARGV[2])
  end
  answers[at] = held and '1' or '0'
end
return table.concat(answers)
