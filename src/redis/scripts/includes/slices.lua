--- `callInSlices(command, key, items)`: one command for many items, in slices, because `unpack` passes only some
--- thousand arguments.
--- `scoresOf(key, ids)`: a table id -> score of the ids that are in a sorted set.
local SLICE = 1000
local function callInSlices(command, key, items)
  for first = 1, #items, SLICE do
    redis.call(command, key, unpack(items, first, math.min(first + SLICE - 1, #items)))
  end
end
local function scoresOf(key, ids)
  local found = {}
  for first = 1, #ids, SLICE do
    local last = math.min(first + SLICE - 1, #ids)
    local answers = redis.call('ZMSCORE', key, unpack(ids, first, last))
    for at = first, last do
      local score = answers[at - first + 1]
      if score then found[ids[at]] = score end
    end
  end
  return found
end
