import { mayMeet, stepOf, type Steps, type Ticket } from '../../../domain/pairing';
import type { Clock } from '../../ports/clock';
import type { TicketEvent, TicketStore } from '../ticket-store';
import { Backlog } from './backlog';
import { backoffMs } from './backoff';
import { Candidates } from './candidates/candidates';
import { ClaimQueue } from './claim-queue';

/** What a pass does at most before others get their turn on the event loop: some milliseconds. */
const ARRIVALS_A_PASS = 256;
const STEPS_A_PASS = 128;
/** With so many still to be looked at, each is looked for in haste: some ten milliseconds of work wait already. */
const HASTE_BACKLOG = 200;

export interface DirectorEvents {
  /** The store gave these tickets to this director; they are to meet. Told exactly once for each claim won. */
  readonly matched: (tickets: Ticket[]) => void;
  /** A ticket that waits is in this step now. Not told of the first step; may be repeated. */
  readonly stepReached: (ticket: Ticket, stepIndex: number) => void;
  /** Something failed. The director goes on and tries again by itself. */
  readonly onError: (error: unknown) => void;
}

export interface DirectorDeps extends DirectorEvents {
  readonly store: Pick<TicketStore, 'follow' | 'claim'>;
  readonly clock: Clock;
  readonly steps: Steps;
}

/** What is to be done in the next pass, in the order in which it came up. */
type Task = TicketEvent | { readonly kind: 'freed'; readonly ticket: Ticket };

/**
 * Pairs the tickets of one shard (M4, M5). A ticket seeks its best partner among those who wait when it arrives,
 * when it reaches a new step and when a claim for it was lost; in between nothing can have changed for it that
 * was not another ticket's turn to notice. What a pass has decided is claimed in one call. The claim alone makes
 * a match: two directors of one shard only lose claims to each other.
 */
export class Director {
  private readonly candidates: Candidates;
  private readonly claims: ClaimQueue;
  private readonly tasks = new Backlog<Task>();
  /** Tickets that have gone while they were about to be looked at: news of it stands behind them in `tasks`. */
  private readonly departing = new Set<string>();
  private passing: NodeJS.Immediate | undefined;
  private timer: { readonly at: number; readonly stop: () => void } | undefined;
  private unfollow: (() => void) | undefined;
  private stopRetry: (() => void) | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    readonly shard: string,
    private readonly deps: DirectorDeps,
  ) {
    this.candidates = new Candidates(deps.steps, deps.clock.now());
    this.claims = new ClaimQueue({
      store: deps.store,
      clock: deps.clock,
      won: (tickets) => this.guarded(() => deps.matched(tickets)),
      freed: (tickets) => tickets.forEach((ticket) => this.enqueue({ kind: 'freed', ticket })),
      onError: (error) => this.report(error),
    });
    this.follow(1);
  }

  /** Tickets this director knows of: waiting, about to be looked at, and in claims. */
  get size(): number {
    return this.candidates.size + this.tasks.size + this.claims.size;
  }

  /** Of these, those that are about to be looked at or in claims: what is still to be decided. */
  get backlog(): number {
    return this.tasks.size + this.claims.size;
  }

  /** Ends it. A claim that is on its way is waited for, and told to `matched` when it was won. */
  close(): Promise<void> {
    this.closing ??= this.stop();
    return this.closing;
  }

  private async stop(): Promise<void> {
    this.unfollow?.();
    this.stopRetry?.();
    this.timer?.stop();
    clearImmediate(this.passing);
    this.tasks.clear();
    await this.claims.close();
  }

  private follow(attempt: number): void {
    this.deps.store
      .follow(this.shard, (event) => this.enqueue(event))
      .then((unfollow) => {
        if (this.closing === undefined) this.unfollow = unfollow;
        else unfollow();
      })
      .catch((error: unknown) => {
        this.report(error);
        if (this.closing !== undefined) return;
        this.stopRetry = this.deps.clock.after(backoffMs(attempt), () => this.follow(attempt + 1));
      });
  }

  private enqueue(task: Task): void {
    // Mostly our own claim; and if not, its answer is about to ask for what has gone.
    if (task.kind === 'gone' && this.claims.gone(task.ticket.id)) return;
    if (this.closing !== undefined) return;
    const { id } = task.ticket;
    if (task.kind !== 'gone') {
      // Freed by a claim behind the news that it has gone: it would wait here for ever, and be claimed in vain.
      if (this.departing.has(id)) return;
    } else {
      if (this.candidates.remove(id) !== undefined) return;
      this.departing.add(id);
    }
    this.tasks.push(task);
    this.schedulePass();
  }

  private schedulePass(): void {
    this.passing ??= setImmediate(() => {
      this.passing = undefined;
      this.guarded(() => this.pass());
    });
  }

  /** Arrivals and departures first, so that many who reach a step at once do not hold up those who come. */
  private pass(): void {
    const now = this.deps.clock.now();
    for (let left = ARRIVALS_A_PASS; left > 0; left--) {
      const task = this.tasks.take();
      if (task === undefined) break;
      this.perform(task, now);
    }
    const more = this.takeSteps(now);
    this.claims.flush();
    if (more || this.tasks.size > 0) this.schedulePass();
    this.setTimer(now);
  }

  /** Answers whether there may be more. */
  private takeSteps(now: number): boolean {
    for (let left = STEPS_A_PASS; left > 0; left--) {
      const due = this.candidates.takeDue(now);
      if (due === null) return false;
      this.tellStep(due.ticket, due.step);
      this.seek(due.ticket, now);
    }
    return true;
  }

  private perform(task: Task, now: number): void {
    switch (task.kind) {
      case 'added':
      case 'freed':
        this.arrive(task.ticket, now);
        return;
      case 'gone':
        this.departing.delete(task.ticket.id);
        return;
    }
  }

  private arrive(ticket: Ticket, now: number): void {
    if (this.departing.has(ticket.id) || this.candidates.has(ticket.id) || this.claims.has(ticket.id)) return;
    const step = stepOf(this.deps.steps, ticket, now);
    if (step > 0) this.tellStep(ticket, step);
    if (!this.seek(ticket, now)) this.candidates.add(ticket, now);
  }

  /** Takes the best partner there is for a claim; `false` when there is none. */
  private seek(ticket: Ticket, now: number): boolean {
    const partner = this.candidates.bestFor(ticket, now, this.tasks.size > HASTE_BACKLOG);
    if (partner === null) return false;
    // Decided from an index; this is the rule itself, once a pair. It has never yet found anything.
    if (!mayMeet(ticket, partner)) {
      this.report(new Error('the index offered a pair that the hard rules forbid'));
      return false;
    }
    this.candidates.remove(partner.id);
    this.candidates.remove(ticket.id);
    this.claims.put([ticket, partner]);
    return true;
  }

  private setTimer(now: number): void {
    const at = this.candidates.nextDueAt();
    if (at === this.timer?.at || (at === null && this.timer === undefined)) return;
    this.timer?.stop();
    this.timer = undefined;
    if (at === null) return;
    const stop = this.deps.clock.after(Math.max(0, at - now), () => {
      this.timer = undefined;
      this.schedulePass();
    });
    this.timer = { at, stop };
  }

  private tellStep(ticket: Ticket, step: number): void {
    this.guarded(() => this.deps.stepReached(ticket, step));
  }

  /** What others do with the news must not stop the director. */
  private guarded(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.report(error);
    }
  }

  private report(error: unknown): void {
    try {
      this.deps.onError(error);
    } catch {
      // Whoever cannot be told of an error cannot be told of this one either.
    }
  }
}
