import { Director } from '../../../src/app/matchmaking/director';
import { DEFAULT_STEPS, type Ticket } from '../../../src/domain/pairing';
import { systemClock } from '../../../src/memory/clock';
import { RedisConnection } from '../../../src/redis/connection';
import { RedisTicketStore } from '../../../src/redis/ticket-store';
import type { Matchmaker } from './arrivals';

/** The product's own way: a director over the ticket store in Redis. */
export class Directed implements Matchmaker {
  readonly mostAtOnce = 1_000;
  readonly counts = 'women';
  onPair: (ticketIds: readonly string[]) => void = () => undefined;
  private readonly redis: RedisConnection;
  private readonly store: RedisTicketStore;
  private readonly director: Director;

  constructor(url: string, shard: string) {
    const onError = (error: unknown): void => console.error(String(error));
    this.redis = new RedisConnection({ url, onError });
    this.store = new RedisTicketStore({ redis: this.redis, clock: systemClock, onError });
    this.director = new Director(shard, {
      store: this.store,
      clock: systemClock,
      steps: DEFAULT_STEPS,
      matched: (tickets) => this.onPair(tickets.map(({ id }) => id)),
      stepReached: () => undefined,
      onError,
    });
  }

  async add(ticket: Ticket): Promise<void> {
    if (!(await this.store.add(ticket))) throw new Error('a ticket was refused');
  }

  async close(): Promise<void> {
    await this.director.close();
    await this.store.close();
    await this.redis.close();
  }
}
