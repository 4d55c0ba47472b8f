import type { Clock } from '../../app/ports/clock';
import type { Ticket } from '../../domain/pairing';
import { RedisUnavailable } from '../unavailable';
import { isSame, type Holding, type PeerTickets } from './peer-tickets';
import type { PutOutcome, ShardTickets } from './shard-tickets';

/** How long another process gets to put the ticket for which it has taken a peer (ms). */
const GRACE_MS = 250;
const LOOK_AGAIN_MS = 10;
/** How long one `add` may take in all (ms). */
const MOST_MS = 5_000;
/** The most additions with unknown outcome that are remembered until they are undone. */
const MOST_DOUBTFUL = 10_000;

interface Attempt {
  readonly peerId: string;
  readonly holding: Holding;
}

export interface AdmissionDeps {
  readonly peers: PeerTickets;
  readonly shard: (name: string) => ShardTickets;
  readonly clock: Clock;
  /** Unique over all processes. */
  readonly nonce: () => string;
  readonly onError: (error: unknown) => void;
}

/**
 * Adding a ticket: one per peer over all shards, though peer and shard may be on different servers.
 *
 * 1. The peer is taken: its entry names ticket, token and shard. Atomic in the peer's bucket.
 * 2. The ticket is put into the shard. Atomic there, and only now does it wait.
 *
 * An `add` that finds the peer taken checks whether the ticket of that entry waits. If so, the peer has a ticket. If
 * not, the process that took the peer may be between the two steps, or have died there, or have just claimed the ticket
 * and be about to drop the entry. That process gets some time. Then its token is made void in the shard, so that its
 * ticket can never be put, and the entry is replaced if it is still the same. Tokens are used once, and a late put is
 * rejected (`putTickets`), so a voided token need not be remembered for ever.
 */
export class Admission {
  /** Additions whose outcome is unknown. They are undone in the background; nothing waits for that. */
  private doubtful: Attempt[] = [];

  constructor(private readonly deps: AdmissionDeps) {}

  /** As `TicketStore.add`. Rejects when the outcome is unknown, and makes sure that the ticket does not stay. */
  async add(ticket: Ticket, shard: string): Promise<boolean> {
    const until = performance.now() + MOST_MS;
    let rival: { readonly holding: Holding; readonly since: number } | undefined;
    let replaced: Holding | undefined;
    while (performance.now() < until) {
      const attempt: Attempt = {
        peerId: ticket.peerId,
        holding: { ticketId: ticket.id, token: this.deps.nonce(), shard },
      };
      const taken = await this.undoOnError(attempt, () =>
        this.deps.peers.take(ticket.peerId, attempt.holding, replaced),
      );
      replaced = undefined;
      if (!('standing' in taken)) {
        const outcome = await this.put(attempt, ticket, taken.at);
        if (outcome === 'added') return true;
        // Another process voided this token. It has taken the peer, or had taken it and has died.
        rival = undefined;
        continue;
      }
      const { standing } = taken;
      if (rival === undefined || !isSame(rival.holding, standing)) {
        rival = { holding: standing, since: performance.now() };
      }
      const patient = performance.now() - rival.since < GRACE_MS;
      if (await this.waits(standing, patient)) return false;
      if (patient) await new Promise<void>((resolve) => this.deps.clock.after(LOOK_AGAIN_MS, resolve));
      else replaced = standing;
    }
    throw new RedisUnavailable('a ticket could not be added in time');
  }

  /** Tries again to undo the additions that could not be undone. Call it regularly. */
  async settle(): Promise<void> {
    const attempts = this.doubtful;
    this.doubtful = [];
    for (const attempt of attempts) await this.undo(attempt);
  }

  /** Whether the ticket of this entry waits. When `patient` is false, also makes sure that it never will. */
  private async waits({ shard, ticketId, token }: Holding, patient: boolean): Promise<boolean> {
    const tickets = this.deps.shard(shard);
    if (patient) return tickets.isWaiting(ticketId);
    return (await tickets.void(ticketId, token)) === 'waiting';
  }

  private async put(attempt: Attempt, ticket: Ticket, takenAt: number): Promise<PutOutcome> {
    const { shard, token } = attempt.holding;
    const outcome = await this.undoOnError(attempt, () =>
      this.deps.shard(shard).put({ ticket, token, takenAt }),
    );
    if (outcome !== 'late') return outcome;
    // It was rejected, so nothing waits; only the peer's entry has to be dropped.
    await this.deps.peers.drop([{ id: ticket.id, peerId: ticket.peerId }]);
    throw new RedisUnavailable('a ticket was put too long after its peer was taken');
  }

  private async undoOnError<T>(attempt: Attempt, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      void this.undo(attempt);
      throw error;
    }
  }

  /** First no put is possible any more, then a ticket that was put is taken out, then the peer's entry is dropped. */
  private async undo(attempt: Attempt): Promise<void> {
    const { ticketId, token, shard } = attempt.holding;
    try {
      const tickets = this.deps.shard(shard);
      if ((await tickets.void(ticketId, token)) === 'waiting') await tickets.remove(ticketId);
      await this.deps.peers.drop([{ id: ticketId, peerId: attempt.peerId }]);
    } catch (error) {
      // No node touches a ticket that stays, so it expires, or is removed earlier by the next attempt.
      if (this.doubtful.length < MOST_DOUBTFUL) this.doubtful.push(attempt);
      this.deps.onError(error);
    }
  }
}
