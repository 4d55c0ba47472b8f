import type { Call } from './call';
import type { Calls } from './calls';
import type { Clock } from '../ports/clock';
import type { LeaseStore } from '../ports/lease-store';
import type { CallSnapshot } from '../cluster/contract';
import type { ClusterMedia } from '../lines/cluster-media';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import { remotePeerState } from './remote-peer';

/** How long a call's note outlives the last time its home has renewed it. */
export const CALL_TTL_MS = 60_000;
const RENEW_MS = 10_000;
/** Lines that somebody may not have yet: as many as `Chat` lets be on their way, of both. */
const UNDELIVERED = 120;

export const callKey = (callId: string): string => `call:${callId}`;

export interface CallSnapshotsDeps {
  readonly leases: LeaseStore;
  readonly calls: Calls;
  readonly media: ClusterMedia;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly reportError: (error: unknown, message: string) => void;
}

/**
 * Writes down the calls that are at home here, each time something about them changes, so that another node can be
 * their home when this one is gone. A call whose lease another node has taken is that node's.
 */
export class CallSnapshots {
  private readonly due = new Set<Call>();
  /** Their notes say where everything is, so that whoever is their home next need make nothing anew. */
  private readonly handing = new Set<Call>();
  private writing: NodeJS.Immediate | undefined;
  private readonly stop: () => void;

  constructor(private readonly deps: CallSnapshotsDeps) {
    const { calls, membership, clock } = deps;
    const write = (call: Call): void => this.writeSoon(call);
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
    // What was written before may have been lost with whatever kept it.
    deps.messenger.onRestored(writeAll);
    this.stop = clock.every(RENEW_MS, writeAll);
    membership.on({ maybeSuspected: writeAll });
  }

  snapshotOf(call: Call): CallSnapshot {
    const { media } = this.deps;
    const [one, other] = call.participants.map(({ peer, since, accepted }) => {
      const { state } = peer;
      const wishes = state.kind === 'in_call' ? state.wishes : null;
      const line = peer.gatewayNode === null ? media.lineOf(peer.id) : media.remoteLine(peer.id);
      return wishes === null
        ? null
        : { remotePeer: remotePeerState(peer, { wishes, since }, line), accepted };
    });
    if (one === null || one === undefined || other === null || other === undefined) {
      throw new Error('a call that is over has no note');
    }
    return {
      mode: call.mode,
      matchedAt: call.matchedAt,
      participants: [one, other],
      acceptUntil: call.phase.phase === 'meeting' ? call.phase.until : null,
      flowedAt: call.flowedAt,
      connectedAt: call.connectedAt,
      messageCount: call.messageCount,
      handedOver: this.handing.has(call) ? this.handedOver(call) : null,
      undelivered: [...call.chat.values()].filter(({ status }) => status === 'sent').slice(-UNDELIVERED),
    };
  }

  /** Writes a call down for another home. `false` when it is another node's already, or over. */
  async handOver(call: Call): Promise<boolean> {
    const { leases, messenger, calls } = this.deps;
    const key = callKey(call.id);
    this.handing.add(call);
    try {
      do {
        this.due.delete(call);
        if (calls.get(call.id) !== call) return false;
        const note = JSON.stringify(this.snapshotOf(call));
        const lost = await leases.renew(messenger.self, [{ key, value: note }], CALL_TTL_MS);
        if (lost.length > 0) this.lost([call], new Set(lost));
        // What has changed while it was written has to be in the note as well.
      } while (this.due.has(call));
      return calls.get(call.id) === call;
    } finally {
      // Nothing changes any more between here and the surrender, which follows in the same turn.
      this.handing.delete(call);
    }
  }

  private handedOver(call: Call): CallSnapshot['handedOver'] {
    const [one, other] = call.participants.map(({ peer }) => peer.gatewayNode ?? this.deps.messenger.self);
    if (one === undefined || other === undefined) return null;
    return { peerDirectory: [one, other], bridge: this.deps.media.flowingBridge(call.id) };
  }

  close(): void {
    this.stop();
    clearImmediate(this.writing);
    this.due.clear();
  }

  private writeSoon(call: Call): void {
    this.due.add(call);
    this.writing ??= setImmediate(() => {
      this.writing = undefined;
      this.write();
    });
  }

  private write(): void {
    const { leases, messenger, calls } = this.deps;
    const going = [...this.due].filter((call) => calls.get(call.id) === call);
    this.due.clear();
    if (going.length === 0) return;
    const renewals = going.map((call) => ({
      key: callKey(call.id),
      note: JSON.stringify(this.snapshotOf(call)),
    }));
    leases
      .renew(messenger.self, renewals, CALL_TTL_MS)
      .then((lost) => this.lost(going, new Set(lost)))
      .catch(this.report);
  }

  /**
   * The call is over. Where another node took this one for dead and is its home by now, that node has to hear that the
   * members seated here are not in it any more.
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
        messenger.notify(lease.holder, 'participant_gone', { callId: call.id, peerId });
  }

  /** Other nodes took this one for dead, and one of them is the call's home now. */
  private lost(going: readonly Call[], keys: ReadonlySet<string>): void {
    for (const call of going) if (keys.has(callKey(call.id))) this.deps.calls.release(call);
  }

  private readonly report = (error: unknown): void => {
    this.deps.reportError(error, 'calls could not be written down for other nodes');
  };
}
