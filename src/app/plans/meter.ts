import type { Call } from '../calls/call';
import type { Calls } from '../calls/calls';
import type { Person } from '../people/person';
import type { Clock } from '../ports/clock';
import type { Subscriptions } from '../ports/subscriptions';
import type { UsageMemory } from './usage-memory';

/** A person is told this long before their minutes end. */
export const WARNING_MS = 60_000;
/** How often running calls are counted. */
const TICK_MS = 1000;
/** How often what was counted is kept, so that a crash forgets no more than this of it. */
const KEEP_MS = 30_000;

interface Metered {
  readonly callId: string;
  readonly person: Person;
  /** Ends the call because this person's minutes are used up. */
  readonly over: () => void;
  countedUntil: number;
  keptAt: number;
  warned: boolean;
}

/**
 * Counts the minutes of calls, for each of the two on their own plan: warns before a plan's minutes end, and ends the
 * call when they have (P1). A call counts from the moment in which both can talk.
 */
export class Meter {
  private readonly running = new Map<string, Metered>();
  private readonly stop: () => void;

  constructor(
    private readonly calls: Calls,
    private readonly subscriptions: Pick<Subscriptions, 'keepUsage'>,
    private readonly memory: UsageMemory,
    private readonly clock: Clock,
  ) {
    calls.on({
      connected: (call) => this.beginAll(call),
      adopted: (call) => call.connectedAt !== null && this.beginAll(call),
      ended: (call) => this.endAll(call),
      surrendered: (call) => this.endAll(call),
    });
    this.stop = clock.every(TICK_MS, () => this.tick());
  }

  /** Stops counting; what was counted is handed over to be kept. */
  close(): void {
    this.stop();
    for (const metered of [...this.running.values()]) this.settle(metered);
  }

  /** Counts for somebody seated here; whoever is seated elsewhere is counted there. Said again, it changes nothing. */
  begin(callId: string, person: Person, over: () => void): void {
    if (this.running.has(keyOf(callId, person))) return;
    const now = this.clock.now();
    // Judged with the next tick: a call must not end while others still hear that it has begun.
    this.running.set(keyOf(callId, person), {
      callId,
      person,
      over,
      countedUntil: now,
      keptAt: now,
      warned: false,
    });
  }

  end(callId: string, person: Person): void {
    const metered = this.running.get(keyOf(callId, person));
    if (metered !== undefined) this.settle(metered);
  }

  private beginAll(call: Call): void {
    for (const { person } of call.members) {
      if (person.seatedAt === null) this.begin(call.id, person, () => this.calls.endByPlan(call, person));
    }
  }

  private endAll(call: Call): void {
    for (const { person } of call.members) this.end(call.id, person);
  }

  private settle(metered: Metered): void {
    this.running.delete(keyOf(metered.callId, metered.person));
    const now = this.clock.now();
    this.count(metered, now);
    this.keep(metered, now);
  }

  private tick(): void {
    const now = this.clock.now();
    for (const metered of [...this.running.values()]) {
      if (!this.running.has(keyOf(metered.callId, metered.person))) continue;
      this.count(metered, now);
      if (now - metered.keptAt >= KEEP_MS) this.keep(metered, now);
      this.judge(metered, now);
    }
  }

  private count(metered: Metered, now: number): void {
    // A clock that was set back counts nothing rather than less than nothing.
    metered.person.allowance.count(Math.max(0, now - metered.countedUntil), now);
    metered.countedUntil = now;
  }

  private keep(metered: Metered, now: number): void {
    const { person } = metered;
    metered.keptAt = now;
    if (person.allowance.isProvisional) return;
    const userId = person.identity.windowOf ?? person.id;
    this.memory.remember(userId, person.allowance.usage, now);
    this.subscriptions.keepUsage(userId, person.allowance.usage, person.identity.isAnonymous, now);
  }

  private judge(metered: Metered, now: number): void {
    const { person, over } = metered;
    const left = person.allowance.leftMs(now);
    if (left === null || left > WARNING_MS) return;
    if (left === 0) {
      over();
      return;
    }
    if (metered.warned) return;
    metered.warned = true;
    person.tell({ event: 'notice', data: { code: 'plan_minutes_low', leftMs: left } });
  }
}

const keyOf = (callId: string, person: Person): string => `${callId} ${person.id}`;
