import { DomainError } from '../../domain/error';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { CallBridges } from '../lines/call-bridges';
import type { LineDirectory } from '../lines/line-directory';
import { ageOf } from '../ports/ages';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { LeaseStore } from '../ports/lease-store';
import type { Call, Participant } from './call';
import type { CallSnapshot } from './call-snapshot';
import type { Calls } from './calls';
import { participantGone } from './messages';
import { remotePeerState } from './remote-peer';

/** How long a call's snapshot outlives its last renewal by the owner. */
export const CALL_TTL_MS = 60_000;
const RENEW_MS = 10_000;
/** After this a write that failed is made again: the store is mostly away for a second or two. */
const RETRY_MS = 500;
/** Undelivered messages in a snapshot: as many as `Chat` allows of both participants together. */
export const MOST_UNDELIVERED = 120;

/** How long a reply may wait for the store. Beyond that the store is away, and no other node can take the call over. */
const KEPT_WITHIN_MS = 1_000;

/** The lease that says which node owns a call; its value is the call's snapshot. */
export const callKey = (callId: string): string => `call:${callId}`;

export interface CallSnapshotsDeps {
  readonly leases: LeaseStore;
  readonly calls: Calls;
  readonly lines: LineDirectory;
  readonly bridges: CallBridges;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** The leases that another node has taken, or that the store did not answer. */
type WriteOutcome = ReadonlySet<string> | 'unknown';

interface NextWrite {
  readonly timer: NodeJS.Immediate;
  readonly outcome: Promise<WriteOutcome>;
  readonly settle: (outcome: WriteOutcome) => void;
}

/**
 * Writes a snapshot of each call that is owned here whenever the call changes, so that another node can own the call
 * when this one is dead. A call whose lease another node has taken is owned by that node.
 */
export class CallSnapshots {
  private readonly due = new Set<Call>();
  /**
   * Calls being handed over. Their snapshots name the flowing bridge, so that the next owner need not make a new one.
   */
  private readonly handingOver = new Set<Call>();
  private next: NextWrite | undefined;
  private stopRetry: (() => void) | undefined;
  private isClosed = false;
  /** The last write failed or took too long. Replies do not wait until one succeeds again. */
  private isStoreAway = false;
  private readonly stop: () => void;

  constructor(private readonly deps: CallSnapshotsDeps) {
    const { calls, membership, clock } = deps;
    const write = (call: Call): void => void this.writeSoon(call);
    calls.on({
      opened: write,
      adopted: write,
      changed: write,
      connected: write,
      ended: (call) => {
        this.due.delete(call);
        this.releaseLease(call).catch(this.report);
      },
      released: (call) => this.due.delete(call),
    });
    const writeAll = (): void => [...calls.all()].forEach(write);
    // Snapshots that were written before may have been lost with the store.
    deps.messenger.on({ restored: writeAll });
    this.stop = clock.every(RENEW_MS, writeAll);
    membership.on({ heldUp: writeAll });
  }

  snapshotOf(call: Call): CallSnapshot {
    const { clock, bridges } = this.deps;
    const [one, other] = call.participants;
    const { connected, phase } = call;
    return {
      mode: call.mode,
      writtenAt: clock.now(),
      matchedAt: call.matchedAt,
      matchedMs: ageOf(clock, call.matched.elapsed),
      participants: [this.participant(one), this.participant(other)],
      acceptLeftMs: phase.phase === 'accepting' ? Math.max(0, phase.until - clock.elapsed()) : null,
      connectionTimeMs: call.connectionTimeMs,
      generation: bridges.generationOf(call.id),
      connected: connected === null ? null : { at: connected.at, talkedMs: ageOf(clock, connected.elapsed) },
      messageCount: call.messageCount,
      undelivered: [...call.chat.values()].filter(({ status }) => status === 'sent').slice(-MOST_UNDELIVERED),
      handedOver: this.handingOver.has(call) ? this.handedOver(call) : null,
    };
  }

  /**
   * Resolves when the call as it is now is in the store, so that it outlives this node. Throws `DomainError` with
   * `stale_call` when another node has taken the call over. A store that is away is not waited for: nothing can be kept
   * in it, and no other node can take the call over through it.
   */
  async kept(call: Call): Promise<void> {
    const { clock, calls } = this.deps;
    const written = this.writeSoon(call);
    if (this.isStoreAway) return;
    const tooLate = new Promise<'unknown'>((resolve) => {
      const stop = clock.after(KEPT_WITHIN_MS, () => {
        this.isStoreAway = true;
        resolve('unknown');
      });
      void written.then(stop);
    });
    const outcome = await Promise.race([written, tooLate]);
    const isReleased = calls.get(call.id) !== call && call.phase.phase !== 'ended';
    if (isReleased || (outcome !== 'unknown' && outcome.has(callKey(call.id))))
      throw new DomainError('stale_call', 'another node owns that call by now');
  }

  /** Writes the snapshot for the next owner. `false` when another node owns the call already, or it has ended. */
  async handOver(call: Call): Promise<boolean> {
    const { leases, messenger, calls } = this.deps;
    const key = callKey(call.id);
    this.handingOver.add(call);
    try {
      do {
        this.due.delete(call);
        if (calls.get(call.id) !== call) return false;
        const value = JSON.stringify(this.snapshotOf(call));
        const lost = await leases.renew(messenger.self, [{ key, value }], CALL_TTL_MS);
        if (lost.length > 0) this.lost([call], new Set(lost));
        // What has changed during the write has to be in the snapshot as well.
      } while (this.due.has(call));
      return calls.get(call.id) === call;
    } finally {
      // Nothing changes between here and the release, which follows in the same turn of the event loop.
      this.handingOver.delete(call);
    }
  }

  close(): void {
    this.stop();
    this.isClosed = true;
    this.stopRetry?.();
    this.due.clear();
    if (this.next === undefined) return;
    clearImmediate(this.next.timer);
    this.next.settle('unknown');
    this.next = undefined;
  }

  private participant({ peer, since, accepted }: Participant): CallSnapshot['participants'][number] {
    const { lines, clock } = this.deps;
    if (peer.state.kind !== 'in_call') throw new Error('a call that has ended has no snapshot');
    const { wishes } = peer.state;
    const line = peer.gatewayNode === null ? lines.lineOf(peer.id) : lines.remoteLine(peer.id);
    return { remotePeer: remotePeerState(peer, { wishes, waitedMs: ageOf(clock, since) }, line), accepted };
  }

  private handedOver(call: Call): CallSnapshot['handedOver'] {
    const { messenger, bridges } = this.deps;
    const [one, other] = call.participants;
    const gatewayOf = ({ peer }: Participant): string => peer.gatewayNode ?? messenger.self;
    return { gateways: [gatewayOf(one), gatewayOf(other)], bridge: bridges.flowing(call.id) };
  }

  private writeSoon(call: Call): Promise<WriteOutcome> {
    this.due.add(call);
    this.next ??= this.scheduleWrite();
    return this.next.outcome;
  }

  private scheduleWrite(): NextWrite {
    let settle: (outcome: WriteOutcome) => void = () => undefined;
    const outcome = new Promise<WriteOutcome>((resolve) => (settle = resolve));
    const timer = setImmediate(() => {
      this.next = undefined;
      void this.write().then(settle);
    });
    return { timer, outcome, settle };
  }

  private async write(): Promise<WriteOutcome> {
    const { leases, messenger, calls } = this.deps;
    const live = [...this.due].filter((call) => calls.get(call.id) === call);
    this.due.clear();
    if (live.length === 0) return new Set();
    const renewals = live.map((call) => ({
      key: callKey(call.id),
      value: JSON.stringify(this.snapshotOf(call)),
    }));
    try {
      const lost = new Set(await leases.renew(messenger.self, renewals, CALL_TTL_MS));
      this.isStoreAway = false;
      this.lost(live, lost);
      return lost;
    } catch (error) {
      this.isStoreAway = true;
      this.report(error);
      this.retryLater(live);
      return 'unknown';
    }
  }

  /** The store comes back at a moment of its own, and may have lost everything: the bus can be there again earlier. */
  private retryLater(unwritten: readonly Call[]): void {
    if (this.isClosed) return;
    for (const call of unwritten) this.due.add(call);
    this.stopRetry ??= this.deps.clock.after(RETRY_MS, () => {
      this.stopRetry = undefined;
      this.next ??= this.scheduleWrite();
    });
  }

  /**
   * The call has ended. If another node declared this one dead and owns the call by now, that node is notified that
   * the participants whose gateway is here are not in the call any more.
   */
  private async releaseLease(call: Call): Promise<void> {
    const { leases, messenger } = this.deps;
    const key = callKey(call.id);
    const here = call.participants.filter(({ peer }) => peer.gatewayNode === null).map(({ peer }) => peer.id);
    const lease = await leases.find(key);
    if (lease === null) return;
    if (lease.holder === messenger.self) await leases.release(key, messenger.self);
    else
      for (const peerId of here)
        messenger.notify(lease.holder, participantGone, { callId: call.id, peerId, how: 'lost' });
  }

  /** Other nodes declared this one dead, and one of them owns these calls now. */
  private lost(calls: readonly Call[], keys: ReadonlySet<string>): void {
    for (const call of calls) if (keys.has(callKey(call.id))) this.deps.calls.release(call);
  }

  private readonly report = (error: unknown): void => {
    this.deps.reportError(error, 'the snapshots of calls could not be written');
  };
}
