--[[
  Releases a lease, unless another holder has it.

  KEYS
    1  the lease: hash with holder and value

  ARGV
    1  the holder that releases it

  Answer
    1 when it is released, 0 when this holder did not have it
]]
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
