import type { Clock } from '../../app/ports/clock';
import type { Ticket } from '../../domain/pairing';
import { RedisUnavailable } from '../unavailable';
import { isSame, type Holding, type PeerTickets } from './peer-tickets';
import type { PutOutcome, ShardTickets } from './shard-tickets';

/** How long another process is given to put the ticket for which it has taken a person (ms). */
const GRACE_MS = 250;
const LOOK_AGAIN_MS = 10;
/** How long one `add` may take, taking and contesting together (ms). */
const MOST_MS = 5_000;
/** Additions whose outcome is unknown that are remembered until they are undone. */
const MOST_DOUBTFUL = 10_000;

interface Attempt {
  readonly peerId: string;
  readonly holding: Holding;
}

export interface AdmissionDeps {
  readonly peers: PeerTickets;
  readonly shard: (name: string) => ShardTickets;
  readonly clock: Clock;
  /** Never the same twice, over all processes. */
  readonly nonce: () => string;
  readonly onError: (error: unknown) => void;
}

/**
 * Adding a ticket: one per person over all shards, though person and shard may lie on different servers.
 *
 * 1. The person is taken: their entry names ticket, token and shard. Atomic in the person's bucket.
 * 2. The ticket is put into the shard. Atomic there, and only now does it wait.
 *
 * Who finds a person taken looks whether that ticket waits. If so, they have one. If not, its process may be between
 * the two steps, or have died there, or have just claimed the ticket and be about to drop the entry. It is given
 * some time; then its token is made void in the shard, after which that ticket can never be put, and the entry is
 * replaced if it still stands. Tokens are used once, and a put that comes late is refused (`putTickets`), so a void
 * need not be remembered for ever.
 */
export class Admission {
  /** Additions of which nobody knows whether they were done. Nobody waits behind them: they are to be undone. */
  private doubtful: Attempt[] = [];

  constructor(private readonly deps: AdmissionDeps) {}

  /** As `TicketStore.add`. Rejects when the outcome is unknown, and sees to it that the ticket does not stay. */
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
        // Whoever voided this token has the person now, or had them and has died.
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

  /** Tries again to undo what could not be undone; to be called now and then. */
  async settle(): Promise<void> {
    const attempts = this.doubtful;
    this.doubtful = [];
    for (const attempt of attempts) await this.undo(attempt);
  }

  /** Whether the standing ticket waits. Who is no longer patient makes sure that it never will. */
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
    // It was refused, so nothing waits; only the person is to be let go.
    await this.deps.peers.drop([{ id: ticket.id, peerId: ticket.peerId }]);
    throw new RedisUnavailable('a ticket was put too long after its person was taken');
  }

  private async undoOnError<T>(attempt: Attempt, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      void this.undo(attempt);
      throw error;
    }
  }

  /** First nothing can be put any more, then what was put is taken out, then the person is let go. */
  private async undo(attempt: Attempt): Promise<void> {
    const { ticketId, token, shard } = attempt.holding;
    try {
      const tickets = this.deps.shard(shard);
      if ((await tickets.void(ticketId, token)) === 'waiting') await tickets.remove(ticketId);
      await this.deps.peers.drop([{ id: ticketId, peerId: attempt.peerId }]);
    } catch (error) {
      // A ticket that stays is touched by nobody, so it expires; sooner, when this works the next time.
      if (this.doubtful.length < MOST_DOUBTFUL) this.doubtful.push(attempt);
      this.deps.onError(error);
    }
  }
}
