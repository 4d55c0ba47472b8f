import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/memory/clock';
import { RedisConnection } from '../../src/redis/connection';
import { RedisTicketStore } from '../../src/redis/ticket-store';
import { settle } from './manual-clock';
import { ticket } from './tickets';

/** Stores over one Redis, each with its own keys unless they share a prefix. */
export class RedisTickets {
  readonly redis: RedisConnection;
  readonly errors: unknown[] = [];
  private readonly stores: RedisTicketStore[] = [];

  constructor(url: string) {
    this.redis = new RedisConnection({ url, onError: (error) => void this.errors.push(error) });
  }

  store(prefix = `test:${randomUUID()}:`, redis = this.redis): RedisTicketStore {
    const onError = (error: unknown): void => void this.errors.push(error);
    const store = new RedisTicketStore({ redis, prefix, clock: systemClock, onError });
    this.stores.push(store);
    return store;
  }

  /**
   * Waits until all requests made without waiting are done and followers are notified. Redis answers in order, so each
   * round of requests returns after the steps that were sent before it.
   */
  async notified(): Promise<void> {
    const probe = this.store();
    for (let round = 0; round < 6; round++) {
      await settle(2);
      await probe.add(ticket('probe'));
      await probe.remove(ticket('probe'));
      await sleep(5);
    }
    await probe.close();
  }

  async close(): Promise<void> {
    for (const store of this.stores) await store.close();
    await this.redis.close();
  }
}
