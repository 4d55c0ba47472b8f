--[[
  Gives a lease up, unless somebody else has it.

  KEYS
    1  the lease: hash with holder and value

  ARGV
    1  the holder who gives it up

  Answer
    1 when it is given up, 0 when they did not have it
]]
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
