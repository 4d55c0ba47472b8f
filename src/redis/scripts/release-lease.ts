import type { Script } from './script';

/**
 * Gives a lease up, unless somebody else has it.
 *
 * KEYS 1 the lease: a hash with holder and note
 * ARGV 1 who gives it up
 * Answer: 1 given up, 0 they did not have it
 */
export const releaseLease: Script = {
  name: 'releaseLease',
  keys: 1,
  lua: `
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`,
};
