--[[
  Gives back a token that was taken for an action which was then not done. A full bucket is removed; a bucket that was
  removed meanwhile counts as full.

  KEYS
    1  the bucket: hash with tokens and at (ms)

  ARGV
    1  burst

  Answer
    0
]]
local kept = redis.call('HGET', KEYS[1], 'tokens')
if not kept then return 0 end
local tokens = tonumber(kept) + 1
if tokens >= tonumber(ARGV[1]) then
  redis.call('DEL', KEYS[1])
else
  redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens))
end
return 0
