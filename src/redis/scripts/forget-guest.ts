import { GUEST } from './fragments';
import type { Script } from './script';

/**
 * Forgets a guest whose time has run out.
 *
 * KEYS 1 guest:{sessionId}
 * ARGV 1 now (ms)  2 a guest's life (ms)
 * Answer: 1 when there is no such guest afterwards, 0 when they are still alive
 */
export const forgetGuest: Script = {
  name: 'forgetGuest',
  keys: 1,
  lua: `${GUEST}
local kept = guestIn(redis.call('GET', KEYS[1]))
if kept and tonumber(ARGV[1]) - kept.lastSeen < tonumber(ARGV[2]) then return 0 end
redis.call('DEL', KEYS[1])
return 1
`,
};
