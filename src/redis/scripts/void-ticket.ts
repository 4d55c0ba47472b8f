import { NOW } from './fragments';
import { PUT_WITHIN_MS } from './put-tickets';
import type { Script } from './script';

/** How long a voided token is remembered (ms): far longer than it could still be used, however clocks differ. */
const REMEMBER_MS = PUT_WITHIN_MS * 6;

/**
 * Makes sure that a ticket which does not wait now will not be put any more under this token.
 *
 * KEYS 1 since  2 voided (as in putTickets)
 * ARGV 1 the ticket's id  2 its token
 * Answer: 1 when the ticket waits, and nothing was done; 0 when its token is void
 */
export const voidTicket: Script = {
  name: 'voidTicket',
  keys: 2,
  lua: `${NOW}
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
local time = now()
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. string.format('%.0f', time - ${REMEMBER_MS}))
redis.call('ZADD', KEYS[2], time, ARGV[2])
redis.call('PEXPIRE', KEYS[2], ${REMEMBER_MS})
return 0
`,
};
