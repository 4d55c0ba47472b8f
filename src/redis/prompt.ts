import type { GuestStore } from '../app/accounts/ports/guest-store';
import { NoAnswer, type AnswerLimit } from '../app/ports/answer-limit';
import type { LeaseStore } from '../app/ports/lease-store';
import { RedisUnavailable } from './unavailable';

/** The same guests for callers that a greeting waits for: a Redis that hangs is unavailable soon. */
export function promptGuests(guests: GuestStore, limit: AnswerLimit): GuestStore {
  return {
    add: (guest) => inTime(limit, () => guests.add(guest)),
    use: (sessionId, now) => inTime(limit, () => guests.use(sessionId, now)),
    change: (sessionId, change, now) => guests.change(sessionId, change, now),
    remove: (sessionId) => guests.remove(sessionId),
    expire: (now) => guests.expire(now),
    count: () => guests.count(),
    close: () => guests.close(),
  };
}

/** Finds leases for a greeting. */
export const promptLeases = (leases: LeaseStore, limit: AnswerLimit): Pick<LeaseStore, 'find' | 'take'> => ({
  find: (key) => inTime(limit, () => leases.find(key)),
  take: (key, holder, options) => leases.take(key, holder, options),
});

async function inTime<T>(limit: AnswerLimit, ask: () => Promise<T>): Promise<T> {
  try {
    return await limit.ask(ask);
  } catch (error) {
    throw error instanceof NoAnswer ? new RedisUnavailable(error.message, error) : error;
  }
}
