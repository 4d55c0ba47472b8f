import { GUEST } from './fragments';
import type { Script } from './script';

/**
 * Keeps a new guest, unless their session has one whose time has not run out.
 *
 * KEYS 1 guest:{sessionId}
 * ARGV 1 the guest (JSON)  2 now (ms)  3 a guest's life (ms)
 * Answer: 1 kept, 0 there is one
 */
export const addGuest: Script = {
  name: 'addGuest',
  keys: 1,
  lua: `${GUEST}
local kept = guestIn(redis.call('GET', KEYS[1]))
if kept and tonumber(ARGV[2]) - kept.lastSeen < tonumber(ARGV[3]) then return 0 end
redis.call('SETEX', KEYS[1], math.ceil(ARGV[3] / 1000), ARGV[1])
return 1
`,
};
