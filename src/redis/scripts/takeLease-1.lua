--[[
  Takes a lease that nobody holds, that its new holder holds already, or that one named holder has.

  KEYS
    1  the lease: hash with holder and note

  ARGV
    1  its new holder
    2  how long it lasts (ms)
    3  the holder from whom it may be taken, or ''
    4  a note in place of the one that is there; absent: that one stays

  Answer
    1  the holder afterwards
    2  the note afterwards
]]
local lease = redis.call('HMGET', KEYS[1], 'holder', 'note')
local holder, note = lease[1], lease[2] or ''
if holder and holder ~= ARGV[1] and (ARGV[3] == '' or holder ~= ARGV[3]) then return {holder, note} end
note = ARGV[4] or note
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'note', note)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {ARGV[1], note}
