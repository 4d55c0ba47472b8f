import type { Ticket } from '../../../domain/pairing';
import type { Clock } from '../../ports/clock';
import type { TicketStore } from '../ticket-store';
import { backoffMs } from './backoff';

/** Claims in one call at most, so that no call of the store takes long. */
const CLAIMS_A_CALL = 256;

export interface ClaimQueueDeps {
  readonly store: Pick<TicketStore, 'claim'>;
  readonly clock: Clock;
  /** The claim is won: these tickets are nobody else's. */
  readonly won: (tickets: Ticket[]) => void;
  /** The claim came to nothing; these of its tickets wait, as far as anyone knows. */
  readonly freed: (tickets: Ticket[]) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * A pair from the decision to the store's answer:
 * - `queued`: not sent yet, or sent and nobody knows with what result (`unsure`), and to be sent again;
 * - `sent`: the store is at it;
 * - `resting`: lost, though both seem to wait. Someone else has won one of them and word of that is on its way,
 *   or the store is at odds with itself; without a rest the same pair would be claimed over and over.
 */
interface PendingClaim {
  readonly tickets: readonly Ticket[];
  readonly gone: string[];
  state: 'queued' | 'sent' | 'resting';
  unsure: boolean;
}

/**
 * Claims on their way. One call is out at a time and takes everything that was decided meanwhile, so a slow store
 * gets fewer and larger calls. While the store fails, claims are kept and tried again.
 */
export class ClaimQueue {
  private readonly byTicket = new Map<string, PendingClaim>();
  /** Claims lost in a row, by ticket, while its loss could not be explained. */
  private readonly unexplained = new Map<string, number>();
  private queue: PendingClaim[] = [];
  private calling: Promise<void> | undefined;
  private failures = 0;
  private stopRetry: (() => void) | undefined;
  private readonly rests = new Set<() => void>();
  private closed = false;

  constructor(private readonly deps: ClaimQueueDeps) {}

  /** Tickets that are part of a claim. */
  get size(): number {
    return this.byTicket.size;
  }

  has(ticketId: string): boolean {
    return this.byTicket.has(ticketId);
  }

  put(tickets: readonly Ticket[]): void {
    const claim: PendingClaim = { tickets, gone: [], state: 'queued', unsure: false };
    for (const { id } of tickets) this.byTicket.set(id, claim);
    this.queue.push(claim);
  }

  /** A ticket has gone from the store, perhaps by the very claim it is in. `false` when it is in none. */
  gone(ticketId: string): boolean {
    if (this.unexplained.size > 0) this.unexplained.delete(ticketId);
    const claim = this.byTicket.get(ticketId);
    if (claim === undefined) return false;
    claim.gone.push(ticketId);
    // While a call is out or its outcome unknown, the answer decides.
    if (claim.state === 'resting' || (claim.state === 'queued' && !claim.unsure)) this.free(claim);
    return true;
  }

  /** Sends what has been put, unless a call is out or the store is being given time. */
  flush(): void {
    if (this.closed || this.calling !== undefined || this.stopRetry !== undefined) return;
    this.queue = this.queue.filter(({ state }) => state === 'queued');
    const batch = this.queue.splice(0, CLAIMS_A_CALL);
    if (batch.length === 0) return;
    for (const claim of batch) claim.state = 'sent';
    this.calling = this.send(batch).then(() => {
      this.calling = undefined;
      this.flush();
    });
  }

  /** What the store is at is still brought to its end; the rest was never claimed. */
  async close(): Promise<void> {
    this.closed = true;
    this.stopRetry?.();
    for (const stop of this.rests) stop();
    this.rests.clear();
    await this.calling;
    this.queue = [];
    this.byTicket.clear();
    this.unexplained.clear();
  }

  private async send(batch: readonly PendingClaim[]): Promise<void> {
    try {
      const answers = await this.deps.store.claim(batch.map(({ tickets }) => tickets));
      this.failures = 0;
      batch.forEach((claim, index) => (answers[index] === true ? this.win(claim) : this.lose(claim)));
    } catch (error) {
      this.failures++;
      for (const claim of batch) {
        claim.state = 'queued';
        claim.unsure = true;
      }
      this.queue = [...batch, ...this.queue];
      this.retryLater();
      this.deps.onError(error);
    }
  }

  private retryLater(): void {
    if (this.closed) return;
    this.stopRetry = this.deps.clock.after(backoffMs(this.failures), () => {
      this.stopRetry = undefined;
      this.flush();
    });
  }

  private win(claim: PendingClaim): void {
    this.forget(claim);
    for (const { id } of claim.tickets) this.unexplained.delete(id);
    this.deps.won([...claim.tickets]);
  }

  private lose(claim: PendingClaim): void {
    if (claim.gone.length > 0 || this.closed) {
      this.free(claim);
      return;
    }
    claim.state = 'resting';
    const losses = 1 + Math.max(...claim.tickets.map(({ id }) => this.unexplained.get(id) ?? 0));
    for (const { id } of claim.tickets) this.unexplained.set(id, losses);
    const stop = this.deps.clock.after(backoffMs(losses), () => {
      this.rests.delete(stop);
      if (claim.state === 'resting' && this.isPending(claim)) this.free(claim);
    });
    this.rests.add(stop);
  }

  private free(claim: PendingClaim): void {
    this.forget(claim);
    // Out of the queue too: `flush` passes over what is not queued any more.
    claim.state = 'resting';
    const left = claim.tickets.filter(({ id }) => !claim.gone.includes(id));
    if (left.length > 0 && !this.closed) this.deps.freed(left);
  }

  private isPending(claim: PendingClaim): boolean {
    return claim.tickets.some(({ id }) => this.byTicket.get(id) === claim);
  }

  private forget(claim: PendingClaim): void {
    for (const { id } of claim.tickets) if (this.byTicket.get(id) === claim) this.byTicket.delete(id);
  }
}
