import type { Ticket } from '../../../domain/pairing';
import type { Clock } from '../../ports/clock';
import type { TicketStore } from '../ticket-store';
import { backoffMs } from './backoff';

/** Claims in one call at most, so that no call of the store takes long. */
const CLAIMS_A_CALL = 256;

export interface ClaimQueueDeps {
  readonly store: Pick<TicketStore, 'claim'>;
  readonly clock: Clock;
  /** The claim is won: no other director has these tickets. */
  readonly won: (tickets: Ticket[]) => void;
  /** The claim is lost. As far as this node knows, these of its tickets still wait. */
  readonly freed: (tickets: Ticket[]) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * A pair from the decision to the store's reply:
 * - `queued`: to be sent, or to be sent again because its result is not known (`unsure`);
 * - `sent`: the reply of the store is pending;
 * - `resting`: lost, though both tickets seem to wait. Another director has won one of them and the event is on its
 *   way, or the store contradicts itself. Without a rest the same pair would be claimed over and over.
 */
interface PendingClaim {
  readonly tickets: readonly Ticket[];
  readonly gone: string[];
  state: 'queued' | 'sent' | 'resting';
  unsure: boolean;
}

/**
 * Claims that are not settled yet. One call to the store runs at a time; the next one takes all claims that were
 * decided meanwhile, so a slow store gets fewer and larger calls. While the store fails, claims are kept and tried
 * again.
 */
export class ClaimQueue {
  private readonly byTicket = new Map<string, PendingClaim>();
  /** By ticket: how many claims in a row were lost without an explanation. */
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

  /** A ticket has gone from the store, perhaps by its own claim here. `false` when it is in no claim here. */
  gone(ticketId: string): boolean {
    if (this.unexplained.size > 0) this.unexplained.delete(ticketId);
    const claim = this.byTicket.get(ticketId);
    if (claim === undefined) return false;
    claim.gone.push(ticketId);
    // While the call runs, or its result is not known, the store's reply decides.
    if (claim.state === 'resting' || (claim.state === 'queued' && !claim.unsure)) this.free(claim);
    return true;
  }

  /** Sends the queued claims, unless a call is running or a retry is waiting. */
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

  /** Waits for the call that is running. The other claims were never made. */
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
    // This takes it out of the queue, too: `flush` skips claims that are not queued any more.
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
