import { Redis } from 'ioredis';
import type { Ticket } from '../../../src/domain/pairing';
import type { Matchmaker } from './arrivals';

/** Connections that wait for partners, a few for each process: one at a time would be unfairly slow. */
const MATCHERS = 16;

/**
 * As the fifth reference document has it: `LPUSH queue:{gender}`, `BRPOP queue:{opposite gender}`. One man and one
 * woman are taken, whoever they are: no wishes, no score, nobody's ticket can be taken back, and who was taken when
 * a process dies is lost. So it does far less than what it is compared with.
 */
export class Lists implements Matchmaker {
  readonly mostAtOnce = 1_000;
  readonly counts = 'women';
  onPair: (ticketIds: readonly string[]) => void = () => undefined;
  private readonly client: Redis;
  private readonly waiters: Redis[];
  private closed = false;

  constructor(
    url: string,
    private readonly region: string,
  ) {
    this.client = new Redis(url);
    this.waiters = Array.from({ length: MATCHERS }, () => new Redis(url));
    for (const waiter of this.waiters) void this.match(waiter);
  }

  async add(ticket: Ticket): Promise<void> {
    await this.client.lpush(this.queue(ticket.gender ?? 'other'), JSON.stringify(ticket));
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const waiter of this.waiters) waiter.disconnect();
    await this.client.quit();
  }

  private queue(gender: string): string {
    return `queue:${this.region}:${gender}`;
  }

  private async match(waiter: Redis): Promise<void> {
    try {
      while (!this.closed) {
        const woman = await this.pop(waiter, 'female');
        const man = woman === null ? null : await this.pop(waiter, 'male');
        if (woman !== null && man !== null) this.onPair([woman, man]);
      }
    } catch (error) {
      if (!this.closed) console.error(String(error));
    }
  }

  private async pop(waiter: Redis, gender: string): Promise<string | null> {
    const popped = await waiter.brpop(this.queue(gender), 30);
    const ticket: unknown = popped === null ? null : JSON.parse(popped[1]);
    return typeof ticket === 'object' && ticket !== null && 'id' in ticket ? String(ticket.id) : null;
  }
}
