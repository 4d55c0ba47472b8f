import { GUEST } from './fragments';
import type { Script } from './script';

/**
 * Changes what is given of a guest and gives them their whole life again. A clock that was set back takes no time
 * from anybody.
 *
 * KEYS 1 guest:{sessionId}
 * ARGV 1 what changes (a JSON object, perhaps empty)  2 now (ms)  3 a guest's life (ms)
 * Answer: the guest afterwards (JSON), or nil when unknown, run out or none
 */
export const renewGuest: Script = {
  name: 'renewGuest',
  keys: 1,
  lua: `${GUEST}
local guest = guestIn(redis.call('GET', KEYS[1]))
if not guest then return nil end
local time, life = tonumber(ARGV[2]), tonumber(ARGV[3])
if time - guest.lastSeen >= life then return nil end
for field, value in pairs(cjson.decode(ARGV[1])) do guest[field] = value end
guest.lastSeen = math.max(time, guest.lastSeen)
local renewed = cjson.encode(guest)
redis.call('SETEX', KEYS[1], math.ceil(life / 1000), renewed)
return renewed
`,
};
