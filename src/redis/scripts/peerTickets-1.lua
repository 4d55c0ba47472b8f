--[[
  Answers any number of requests to one bucket of people, in order: who has which ticket. An entry is
  `<ticket id>\n<token>\n<shard>`.

  KEYS
    1  the bucket: hash, person id -> entry

  ARGV
    four for each request: what is asked, the person's id, and
      take  an entry, and the entry it may replace or ''
      drop  a ticket's id, ''
      look  '', ''

  Answer
    1  the server's time (ms)
    then one text for each request:
      take  '' when the entry is now the person's, else the entry that stands
      drop  '1' when the person's entry was of that ticket and is gone, else '0'
      look  the person's entry, or ''
]]
--- @include "server-time"
local bucket = KEYS[1]
local answers = {serverTime()}
for at = 1, #ARGV, 4 do
  local asked, person, given, replaced = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local entry = redis.call('HGET', bucket, person)
  local answer
  if asked == 'take' then
    if not entry or entry == replaced then
      redis.call('HSET', bucket, person, given)
      answer = ''
    else
      answer = entry
    end
  elseif asked == 'drop' then
    if entry and string.sub(entry, 1, #given + 1) == given .. '\n' then
      redis.call('HDEL', bucket, person)
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
