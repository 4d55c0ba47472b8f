/** Lua that several scripts begin with. A script is one file to Redis, so what they share is put in by text. */

/** `now()`: the server's own time in ms. */
export const NOW = `
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
`;

/**
 * `each(command, key, items)`: one call for many items, in slices, since Lua passes only some thousand arguments.
 * `scores(key, ids)`: a table id → score of those that are members.
 */
export const MANY = `
local SLICE = 1000
local function each(command, key, items)
  for first = 1, #items, SLICE do
    redis.call(command, key, unpack(items, first, math.min(first + SLICE - 1, #items)))
  end
end
local function scores(key, ids)
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
`;

/**
 * `tell(position, channel, nonce, kind, payload)`: numbers a change of a shard and publishes it as
 * `<position before> <position after> <kind><payload>`; answers with its number. A position is `<number>.<nonce>`:
 * whoever has heard a change under one position and is then told of one that follows another has missed something,
 * even where Redis has lost its last writes and begins to count from an earlier number again. So does a shard whose
 * position cannot be read: it begins anew.
 */
export const TELL = `
local function tell(position, channel, nonce, kind, payload)
  local before = redis.call('GET', position) or '0.'
  local number = tonumber(string.match(before, '^(%d+)%.[%w_-]*$'))
  if not number then before, number = '0.', 0 end
  number = number + 1
  local after = string.format('%.0f', number) .. '.' .. nonce
  redis.call('SET', position, after)
  redis.call('SPUBLISH', channel, before .. ' ' .. after .. ' ' .. kind .. payload)
  return number
end
`;

/** `guestIn(text)`: the guest that a key holds, or nil where it holds none that can be read. */
export const GUEST = `
local function guestIn(text)
  if not text then return nil end
  local isRead, guest = pcall(cjson.decode, text)
  if isRead and type(guest) == 'table' and type(guest.lastSeen) == 'number' then return guest end
  return nil
end
`;
