--- `publishChange(position, channel, nonce, kind, payload)`: numbers a change of a shard and publishes it as
--- `<position before> <position after> <kind><payload>`. Returns the number of the change.
--- A position is `<number>.<nonce>`. A subscriber that has received a change under one position and then receives one
--- that follows another position has missed something. The nonce shows this even where Redis has lost its last writes
--- and counts from an earlier number again. A shard whose position cannot be read starts from 0.
local function publishChange(position, channel, nonce, kind, payload)
  local before = redis.call('GET', position) or '0.'
  local number = tonumber(string.match(before, '^(%d+)%.[%w_-]*$'))
  if not number then before, number = '0.', 0 end
  number = number + 1
  local after = string.format('%.0f', number) .. '.' .. nonce
  redis.call('SET', position, after)
  redis.call('SPUBLISH', channel, before .. ' ' .. after .. ' ' .. kind .. payload)
  return number
end
