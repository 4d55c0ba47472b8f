import { Directors } from '../../src/app/matchmaking/director';
import type { Claim, TicketStore } from '../../src/app/matchmaking/ticket-store';
import { DEFAULT_STEPS, shardName, shardOf, type Steps, type Ticket } from '../../src/domain/pairing';
import { MemoryTicketStore } from '../../src/memory/ticket-store';
import { ManualClock, settle } from './manual-clock';

export interface Match {
  readonly tickets: readonly Ticket[];
  readonly at: number;
}

/** The real directors with the store in memory and a manual clock; all their results are kept. */
export class Matchmaking {
  readonly clock = new ManualClock();
  readonly memory = new MemoryTicketStore();
  readonly matches: Match[] = [];
  readonly steps: { id: string; step: number; waited: number }[] = [];
  readonly errors: unknown[] = [];
  readonly directors: Directors;

  constructor(
    options: { steps?: Steps; store?: (memory: TicketStore) => Pick<TicketStore, 'claim' | 'follow'> } = {},
  ) {
    this.directors = this.newDirectors(options.store?.(this.memory) ?? this.memory, options.steps);
  }

  newDirectors(store: Pick<TicketStore, 'claim' | 'follow'>, steps: Steps = DEFAULT_STEPS): Directors {
    return new Directors({
      store,
      clock: this.clock,
      steps,
      matched: (tickets) => void this.matches.push({ tickets, at: this.clock.elapsed() }),
      stepReached: ({ id, since }, step) =>
        void this.steps.push({ id, step, waited: this.clock.elapsed() - since }),
      onError: (error) => void this.errors.push(error),
    });
  }

  async add(...tickets: Ticket[]): Promise<void> {
    for (const ticket of tickets) {
      this.directors.ensure(shardName(shardOf(ticket)));
      await this.memory.add(ticket);
    }
    await settle();
  }

  /** Peer ids of each pair, sorted. */
  get pairs(): string[][] {
    return this.matches.map(({ tickets }) => tickets.map(({ peerId }) => peerId).sort());
  }

  partnerOf(peerId: string): string | undefined {
    return this.pairs.find((pair) => pair.includes(peerId))?.find((id) => id !== peerId);
  }

  async close(): Promise<void> {
    await this.directors.close();
    await this.memory.close();
  }
}

/** A store whose claims can be made to fail. */
export const withClaims = (memory: TicketStore, claim: (claims: readonly Claim[]) => Promise<boolean[]>) => ({
  follow: memory.follow.bind(memory),
  claim,
});
