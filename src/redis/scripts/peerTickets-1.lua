--[[
  Answers any number of requests to one bucket of peers, in order. An entry says which ticket a peer has:
  `<ticket id>\n<token>\n<shard>`.

  KEYS
    1  the bucket: hash, peer id -> entry

  ARGV
    four for each request: the operation, the peer's id, and
      take  an entry, and the entry it may replace or ''
      drop  a ticket's id, ''
      look  '', ''

  Answer
    1  the server's time (ms)
    then one text for each request:
      take  '' when the given entry is now stored, else the entry that the peer has already
      drop  '1' when the peer's entry was of that ticket and is gone, else '0'
      look  the peer's entry, or ''
]]
--- @include "server-time"
local bucket = KEYS[1]
local answers = {serverTime()}
for at = 1, #ARGV, 4 do
  local operation, peer, given, replaced = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local entry = redis.call('HGET', bucket, peer)
  local answer
  if operation == 'take' then
    if not entry or entry == replaced then
      redis.call('HSET', bucket, peer, given)
      answer = ''
    else
      answer = entry
    end
  elseif operation == 'drop' then
    if entry and string.sub(entry, 1, #given + 1) == given .. '\n' then
      redis.call('HDEL', bucket, peer)
      answer = '1'
    else
      answer = '0'
    end
  else
    answer = entry or ''
  end
  answers[#answers + 1] = answer
end
return answers
