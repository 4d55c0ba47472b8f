--- `serverTime()`: the time of the Redis server in ms. The clocks of the nodes differ; this one is the same for all.
local function serverTime()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
