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
 * Guests that all nodes see, as JSON under `guest:{sessionId}`; Redis itself forgets each two hours after their last
 * use. Whether a guest's time is over is decided by the times that the caller gives, as in memory, so that nodes
 * agree; what Redis forgets by its own clock is only what nobody would get to see any more.
 *
 * The index, for `count` alone, is written after the guest and may lie on another server. What is missing there
 * comes back with the next use, and what should not be there is taken out by the next `expire` after two hours.
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
    if (isAdded) await this.note(guest);
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
    await this.note(guest);
    return guest;
  }

  /** What is there and is no guest is taken away, so that it stands in nobody's way the next time. */
  private async read(sessionId: string, text: string): Promise<Guest> {
    try {
      return parseGuest(text);
    } catch (error) {
      await this.remove(sessionId);
      throw new RedisUnavailable('it held a guest that cannot be read', error);
    }
  }

  /** Only ever forwards: a slower writer does not take back what a later use has noted. */
  private async note({ sessionId, lastSeen }: Guest): Promise<void> {
    await this.redis.answer(this.redis.client.zadd(INDEX, 'GT', lastSeen, sessionId));
  }

  /** Answers with how many were forgotten: 0 for someone who was used meanwhile, whom the index has again then. */
  private async forget(sessionId: string, now: number): Promise<number> {
    const { client } = this.redis;
    const reply = await this.redis.answer(client.forgetGuest(keyOf(sessionId), now, GUEST_LIFE_MS));
    const isGone = doneSchema.parse(reply) === 1;
    // Out of this round in any case; whoever is alive is noted as used just now, and later by their next use.
    if (isGone) await this.redis.answer(client.zrem(INDEX, sessionId));
    else await this.redis.answer(client.zadd(INDEX, 'GT', now, sessionId));
    return isGone ? 1 : 0;
  }

  private open(): RedisConnection {
    if (this.closed) throw new Error('the guest store is closed');
    return this.redis;
  }
}
