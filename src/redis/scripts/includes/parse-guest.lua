--- `parseGuest(text)`: the guest that a key holds, or nil where it holds none that can be read.
local function parseGuest(text)
  if not text then return nil end
  local isRead, guest = pcall(cjson.decode, text)
  if isRead and type(guest) == 'table' and type(guest.lastSeen) == 'number' then return guest end
  return nil
end
