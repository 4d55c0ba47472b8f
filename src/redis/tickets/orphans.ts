import type { PersonTickets, Holding } from './person-tickets';
import { isSame } from './person-tickets';
import type { ShardTickets } from './shard-tickets';

/** Entries looked at in one sweep. */
const ENTRIES_A_SWEEP = 500;

/**
 * Entries of people whose ticket does not wait: left by a process that died between the two steps of adding, or
 * between a claim and letting its people go. A person who comes back is not held up by them; this is for those who
 * never do. One that is found at two sweeps in a row is taken away, after its ticket was made impossible to put.
 */
export class Orphans {
  private suspects = new Map<string, Holding>();

  constructor(
    private readonly people: PersonTickets,
    private readonly shard: (name: string) => ShardTickets,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Looks at some entries; answers with how many orphans it took away. */
  async sweep(): Promise<number> {
    const removed = await this.takeAway();
    const looked = (await this.people.some(ENTRIES_A_SWEEP, this.onError)).map(
      async ([personId, holding]) => {
        const waits = await this.shard(holding.shard).isWaiting(holding.ticketId);
        if (!waits) this.suspects.set(personId, holding);
      },
    );
    await Promise.all(looked);
    return removed;
  }

  private async takeAway(): Promise<number> {
    const suspects = this.suspects;
    this.suspects = new Map();
    let removed = 0;
    for (const [personId, suspect] of suspects) {
      const standing = await this.people.look(personId);
      if (standing === null || !isSame(standing, suspect)) continue;
      if ((await this.shard(suspect.shard).void(suspect.ticketId, suspect.token)) === 'waiting') continue;
      await this.people.drop([{ id: suspect.ticketId, personId }]);
      removed++;
    }
    return removed;
  }
}
