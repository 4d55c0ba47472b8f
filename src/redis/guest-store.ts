import { z } from 'zod';
import {
  GUEST_LIFE_MS,
  type Guest,
  type GuestChange,
  type GuestStore,
} from '../app/accounts/ports/guest-store';
import type { RedisConnection } from './connection';
import { parseGuest } from './guest-record';
import { RedisUnavailable } from './unavailable';

/** Sorted set: sessions by when they were last used (ms). */
const INDEX = 'passerby:guests';
const FORGOTTEN_AT_ONCE = 500;

const doneSchema = z.union([z.literal(0), z.literal(1)]);
const renewedSchema = z.string().nullable();

const keyOf = (sessionId: string): string => `guest:${sessionId}`;

/**
 * Guests that all nodes see, as JSON under `guest:{sessionId}`; Redis itself deletes each one two hours after its last
 * use. The times that the caller gives decide whether a guest has expired, as in memory, so that nodes agree. By its own
 * clock Redis deletes only guests that no caller would get any more.
 *
 * The index serves `count` alone. It is written after the guest and may be on another server. An entry that is missing
 * comes back with the next use, and a superfluous one is removed by the first `expire` after two hours.
 */
export class RedisGuestStore implements GuestStore {
  private closed = false;

  constructor(private readonly redis: RedisConnection) {}

  async add(guest: Guest): Promise<boolean> {
    const { client } = this.open();
    const written = client.addGuest(
      ...[keyOf(guest.sessionId), JSON.stringify(guest), guest.lastSeen, GUEST_LIFE_MS],
    );
    const isAdded = doneSchema.parse(await this.redis.answer(written)) === 1;
    if (isAdded) await this.index(guest);
    return isAdded;
  }

  use(sessionId: string, now: number): Promise<Guest | null> {
    return this.renew(sessionId, {}, now);
  }

  async change(sessionId: string, change: GuestChange, now: number): Promise<void> {
    await this.renew(sessionId, change, now);
  }

  async remove(sessionId: string): Promise<void> {
    const { client } = this.open();
    await this.redis.answer(client.del(keyOf(sessionId)));
    await this.redis.answer(client.zrem(INDEX, sessionId));
  }

  async expire(now: number): Promise<number> {
    const { client } = this.open();
    let forgotten = 0;
    for (;;) {
      const over = client.zrangebyscore(INDEX, '-inf', now - GUEST_LIFE_MS, 'LIMIT', 0, FORGOTTEN_AT_ONCE);
      const sessions = await this.redis.answer(over);
      if (sessions.length === 0) return forgotten;
      for (const done of await Promise.all(sessions.map((session) => this.forget(session, now)))) {
        forgotten += done;
      }
    }
  }

  async count(): Promise<number> {
    return this.redis.answer(this.open().client.zcard(INDEX));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  private async renew(sessionId: string, change: GuestChange, now: number): Promise<Guest | null> {
    const { client } = this.open();
    const renewed = client.renewGuest(keyOf(sessionId), JSON.stringify(change), now, GUEST_LIFE_MS);
    const text = renewedSchema.parse(await this.redis.answer(renewed));
    if (text === null) return null;
    const guest = await this.read(sessionId, text);
    await this.index(guest);
    return guest;
  }

  /** A text that is not a guest is removed, so that the next request of that session succeeds. */
  private async read(sessionId: string, text: string): Promise<Guest> {
    try {
      return parseGuest(text);
    } catch (error) {
      await this.remove(sessionId);
      throw new RedisUnavailable('it held a guest that cannot be read', error);
    }
  }

  /** Times only grow: a slower writer does not overwrite a later use. */
  private async index({ sessionId, lastSeen }: Guest): Promise<void> {
    await this.redis.answer(this.redis.client.zadd(INDEX, 'GT', lastSeen, sessionId));
  }

  /** Returns how many guests were removed: 0 when the guest was used meanwhile; the index then has it again. */
  private async forget(sessionId: string, now: number): Promise<number> {
    const { client } = this.redis;
    const reply = await this.redis.answer(client.forgetGuest(keyOf(sessionId), now, GUEST_LIFE_MS));
    const isGone = doneSchema.parse(reply) === 1;
    // The entry leaves the expired range in any case. A live guest counts as used now; the next use corrects that.
    if (isGone) await this.redis.answer(client.zrem(INDEX, sessionId));
    else await this.redis.answer(client.zadd(INDEX, 'GT', now, sessionId));
    return isGone ? 1 : 0;
  }

  private open(): RedisConnection {
    if (this.closed) throw new Error('the guest store is closed');
    return this.redis;
  }
}
