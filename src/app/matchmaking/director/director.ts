import { mayMeet, stepOf, type Steps, type Ticket } from '../../../domain/pairing';
import type { Clock } from '../../ports/clock';
import type { TicketEvent, TicketStore } from '../ticket-store';
import { Backlog } from './backlog';
import { backoffMs } from './backoff';
import { Candidates } from './candidates/candidates';
import { ClaimQueue } from './claim-queue';

/** What one pass does at most before other work gets its turn on the event loop: some milliseconds. */
const ARRIVALS_A_PASS = 256;
const STEPS_A_PASS = 128;
/** With so many tasks waiting, searches are made in haste: some ten milliseconds of work wait already. */
const HASTE_BACKLOG = 200;

export interface DirectorEvents {
  /** This director has won the claim for these tickets, which are matched. Called exactly once for each won claim. */
  readonly matched: (tickets: Ticket[]) => void;
  /** A waiting ticket is in this step now. Not called for the first step; may be repeated. */
  readonly stepReached: (ticket: Ticket, stepIndex: number) => void;
  /** Something failed. The director goes on and tries again by itself. */
  readonly onError: (error: unknown) => void;
}

export interface DirectorDeps extends DirectorEvents {
  readonly store: Pick<TicketStore, 'follow' | 'claim'>;
  readonly clock: Clock;
  readonly steps: Steps;
}

/** A task for the next pass. Tasks are done in the order in which they came up. */
type Task = TicketEvent | { readonly kind: 'freed'; readonly ticket: Ticket };

/**
 * Pairs the tickets of one shard (M4, M5). A ticket seeks its best partner among the waiting tickets when it arrives,
 * when it reaches a new step and when a claim for it was lost. In between, whatever changes for it is the arrival or
 * step of another ticket, which then seeks itself. What a pass has decided is claimed in one call. The claim alone
 * makes a match: two directors of one shard only lose claims to each other.
 */
export class Director {
  private readonly candidates: Candidates;
  private readonly claims: ClaimQueue;
  private readonly tasks = new Backlog<Task>();
  /** Tickets that have gone while their task was waiting. The `gone` event stands behind that task in `tasks`. */
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
    this.candidates = new Candidates(deps.steps, deps.clock.elapsed());
    this.claims = new ClaimQueue({
      store: deps.store,
      clock: deps.clock,
      won: (tickets) => this.guarded(() => deps.matched(tickets)),
      freed: (tickets) => tickets.forEach((ticket) => this.enqueue({ kind: 'freed', ticket })),
      onError: (error) => this.report(error),
    });
    this.follow(1);
  }

  /** Tickets that this director knows: waiting, in tasks, and in claims. */
  get size(): number {
    return this.candidates.size + this.tasks.size + this.claims.size;
  }

  /** Of these, the tickets in tasks and in claims: what is still to be decided. */
  get backlog(): number {
    return this.tasks.size + this.claims.size;
  }

  /** Ends the director. It waits for a claim that is at the store, and calls `matched` if the claim is won. */
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
    // Mostly the ticket has gone by this director's own claim. If not, the claim's reply will ask for what has gone.
    if (task.kind === 'gone' && this.claims.gone(task.ticket.id)) return;
    if (this.closing !== undefined) return;
    const { id } = task.ticket;
    if (task.kind !== 'gone') {
      // Freed by a claim after its `gone` event: it would wait here for ever, and be claimed in vain.
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

  /** Arrivals and departures come first, so that many tickets that reach a step at once do not delay new tickets. */
  private pass(): void {
    const now = this.deps.clock.elapsed();
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
      this.reportStep(due.ticket, due.step);
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
    if (step > 0) this.reportStep(ticket, step);
    if (!this.seek(ticket, now)) this.candidates.add(ticket, now);
  }

  /** Takes the best partner there is for a claim; `false` when there is none. */
  private seek(ticket: Ticket, now: number): boolean {
    const partner = this.candidates.bestFor(ticket, now, this.tasks.size > HASTE_BACKLOG);
    if (partner === null) return false;
    // The partner was found by an index. This checks the rule itself, once a pair. It has never found an error yet.
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

  private reportStep(ticket: Ticket, step: number): void {
    this.guarded(() => this.deps.stepReached(ticket, step));
  }

  /** An error in a callback must not stop the director. */
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
      // A reporter that fails cannot be told of its own failure.
    }
  }
}
