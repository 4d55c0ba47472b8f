import { userIdOf } from '../../domain/users';
import type { Call } from './call';
import type { Calls } from './calls';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import type { Subscriptions } from '../plans/ports/subscriptions';
import type { UsageMemory } from '../plans/usage-memory';

/** A participant is warned this long before their minutes end. */
export const WARNING_MS = 60_000;
/** How often running calls are counted. */
const TICK_MS = 1000;
/** How often counted minutes are stored: a crash loses no more than this. */
const KEEP_MS = 30_000;

interface Metered {
  readonly callId: string;
  readonly peer: Peer;
  /** Ends the call because the participant's minutes are used up. */
  readonly over: () => void;
  /** Moments of this process (`Clock.elapsed`). */
  countedUntil: number;
  keptAt: number;
  warned: boolean;
}

/**
 * Counts the minutes of calls, for each participant on their own plan. It warns before a plan's minutes end, and ends
 * the call when they have ended (P1). A call counts from the moment in which both participants can talk.
 */
export class TalkMeter {
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
      adopted: (call) => call.connected !== null && this.beginAll(call),
      ended: (call) => this.endAll(call),
      released: (call) => this.endAll(call),
    });
    this.stop = clock.every(TICK_MS, () => this.tick());
  }

  /** Stops counting. The counted minutes are passed on to be stored. */
  close(): void {
    this.stop();
    for (const metered of [...this.running.values()]) this.settle(metered);
  }

  /** Counts for a peer whose gateway is here; other peers are counted at their gateway. Idempotent. */
  begin(callId: string, peer: Peer, over: () => void): void {
    if (this.running.has(keyOf(callId, peer))) return;
    const now = this.clock.elapsed();
    // The plan is checked with the next tick: a call must not end while listeners still hear that it has begun.
    this.running.set(keyOf(callId, peer), {
      callId,
      peer,
      over,
      countedUntil: now,
      keptAt: now,
      warned: false,
    });
  }

  end(callId: string, peer: Peer): void {
    const metered = this.running.get(keyOf(callId, peer));
    if (metered !== undefined) this.settle(metered);
  }

  private beginAll(call: Call): void {
    for (const { peer } of call.participants) {
      if (peer.gatewayNode === null) this.begin(call.id, peer, () => this.calls.endByPlan(call, peer));
    }
  }

  private endAll(call: Call): void {
    for (const { peer } of call.participants) this.end(call.id, peer);
  }

  private settle(metered: Metered): void {
    this.running.delete(keyOf(metered.callId, metered.peer));
    this.count(metered);
    this.keep(metered);
  }

  private tick(): void {
    const now = this.clock.elapsed();
    for (const metered of [...this.running.values()]) {
      if (!this.running.has(keyOf(metered.callId, metered.peer))) continue;
      this.count(metered);
      if (now - metered.keptAt >= KEEP_MS) this.keep(metered);
      this.checkPlan(metered);
    }
  }

  /** How long is measured; the wall time only says for which day it counts. */
  private count(metered: Metered): void {
    const now = this.clock.elapsed();
    metered.peer.allowance.count(now - metered.countedUntil, this.clock.now());
    metered.countedUntil = now;
  }

  private keep(metered: Metered): void {
    const { peer } = metered;
    metered.keptAt = this.clock.elapsed();
    if (peer.allowance.isProvisional) return;
    const userId = userIdOf(peer.id);
    const now = this.clock.now();
    this.memory.remember(userId, peer.allowance.usage);
    this.subscriptions.keepUsage(userId, peer.allowance.usage, peer.identity.isAnonymous, now);
  }

  private checkPlan(metered: Metered): void {
    const { peer, over } = metered;
    const left = peer.allowance.leftMs(this.clock.now());
    if (left === null || left > WARNING_MS) return;
    if (left === 0) {
      over();
      return;
    }
    if (metered.warned) return;
    metered.warned = true;
    peer.send({ event: 'notice', data: { code: 'plan_minutes_low', leftMs: left } });
  }
}

const keyOf = (callId: string, peer: Peer): string => `${callId} ${peer.id}`;
