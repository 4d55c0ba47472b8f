--[[
  Takes a lease that is free, that its new holder holds already, or that the named holder has.

  KEYS
    1  the lease: hash with holder and value

  ARGV
    1  its new holder
    2  how long it lasts (ms)
    3  the holder from whom it may be taken, or ''
    4  '=' and the value that has to be there, or '': whichever is there
    5  a value in place of the one that is there; absent: that one stays

  Answer
    1  the holder afterwards
    2  the value afterwards
]]
local lease = redis.call('HMGET', KEYS[1], 'holder', 'value')
local holder, value = lease[1], lease[2] or ''
local isGiven = ARGV[3] ~= '' and holder == ARGV[3] and (ARGV[4] == '' or ARGV[4] == '=' .. value)
if holder and holder ~= ARGV[1] and not isGiven then return {holder, value} end
value = ARGV[5] or value
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'value', value)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {ARGV[1], value}
