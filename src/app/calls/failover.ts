import { fullBucket } from '../../domain/token-bucket';
import { CHAT_LIMIT, Call, type Participant } from './call';
import type { Calls } from './calls';
import type { MediaNegotiation } from './media-negotiation';
import { keyOf } from './chat';
import type { Peer } from '../peers/peer';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { Lease, LeaseStore } from '../ports/lease-store';
import { LIMITS } from '../../protocol';
import { callSnapshotSchema, type CallSnapshot } from '../cluster/contract';
import type { ClusterMedia } from '../lines/cluster-media';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { RemoteCall, RemoteCalls } from './remote-calls';
import { callKey, CALL_TTL_MS } from './snapshots';
import { NOWHERE } from './remote-peer';
import type { OwnedCalls } from './owned-calls';

export interface CallFailoverDeps {
  readonly leases: LeaseStore;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly calls: Calls;
  readonly negotiation: MediaNegotiation;
  readonly media: ClusterMedia;
  readonly remoteCalls: RemoteCalls;
  readonly ownedCalls: OwnedCalls;
  readonly clock: Clock;
  readonly reportError: (error: unknown, message: string) => void;
}

const RETRY_MS = 300;

/**
 * Who is a call's home when its home is gone: the seat of a member that takes the call's lease first. It goes on from
 * the note that was left: the same call, the same record. The other seat finds out from the lease.
 */
export class CallFailover {
  private readonly underWay = new Set<string>();

  constructor(private readonly deps: CallFailoverDeps) {
    deps.calls.on({ released: (call) => this.surrendered(call) });
  }

  /** The home of this call is gone. Tried until it has another one, or is over. */
  async takeOver(call: RemoteCall): Promise<void> {
    // Both of its people may be seated here, and each has to learn where it is.
    const key = keyOf(call.callId, call.peer.id);
    if (this.underWay.has(key)) return;
    this.underWay.add(key);
    try {
      await this.settle(call);
    } catch (error) {
      this.deps.reportError(error, 'a call could not be given another home yet');
      this.deps.clock.after(RETRY_MS, () => {
        if (this.deps.remoteCalls.of(call.peer) === call) void this.takeOver(call);
      });
    } finally {
      this.underWay.delete(key);
    }
  }

  /** This node was taken for dead, and another one is the call's home by now: members who are seated here find it. */
  private surrendered(call: Call): void {
    const { remoteCalls } = this.deps;
    for (const { peer, since } of call.participants) {
      const { state } = peer;
      if (peer.gatewayNode !== null || state.kind !== 'in_call' || state.callId !== call.id) continue;
      const { id, name } = call.other(peer.id).peer;
      peer.state = { ...state, owner: NOWHERE };
      const { wishes } = state;
      void this.takeOver(
        remoteCalls.add({ callId: call.id, peer, partner: { id, name }, wishes, since, owner: NOWHERE }),
      );
    }
  }

  private async settle(call: RemoteCall): Promise<void> {
    const { leases, messenger, remoteCalls, calls, membership } = this.deps;
    const { self } = messenger;
    if (calls.get(call.callId) !== undefined) {
      this.arrive(call);
      return;
    }
    const lease = await leases.take(callKey(call.callId), self, { ttlMs: CALL_TTL_MS, from: call.owner });
    if (remoteCalls.of(call.peer) !== call) return;
    if (lease.holder !== self) {
      remoteCalls.ownerChanged(call, lease.holder);
      await remoteCalls.rejoin(call);
      // That one may be gone as well by now.
      if (remoteCalls.of(call.peer) === call && !membership.isKnown(call.owner)) await this.settle(call);
      return;
    }
    // While the lease was on its way, somebody else of the call may have been quicker.
    if (calls.get(call.callId) !== undefined) {
      this.arrive(call);
      return;
    }
    const note = this.snapshotIn(lease);
    if (note !== null) this.adopt(call.callId, note);
    else {
      // It ended in the very moment in which its home did, or was never written down so that it could be read.
      remoteCalls.lost(call);
      await leases.release(callKey(call.callId), self);
    }
  }

  /** One that cannot be read is said, and is none: tried again, it would not be read either, and the call never end. */
  private snapshotIn({ value }: Lease): CallSnapshot | null {
    if (value === '') return null;
    try {
      return callSnapshotSchema.parse(JSON.parse(value));
    } catch (error) {
      this.deps.reportError(error, 'what was written down of a call cannot be read');
      return null;
    }
  }

  /** Their partner was seated here before them, and this node has been the call's home since. */
  private arrive(call: RemoteCall): void {
    const { remoteCalls, ownedCalls, calls } = this.deps;
    const { callId, peer, wishes, since } = call;
    if (calls.get(callId)?.participant(peer.id) === undefined) {
      remoteCalls.lost(call);
      return;
    }
    remoteCalls.remove(peer);
    peer.state = { kind: 'in_call', wishes, callId, since };
    ownedCalls.arrive(peer, callId);
  }

  private adopt(callId: string, note: CallSnapshot): void {
    const { calls, negotiation, ownedCalls, reportError } = this.deps;
    const [one, other] = note.participants;
    const peerDirectory = note.handedOver?.peerDirectory ?? [NOWHERE, NOWHERE];
    const call = new Call(callId, note.mode, note.matchedAt, [
      this.participant(callId, one, peerDirectory[0]),
      this.participant(callId, other, peerDirectory[1]),
    ]);
    call.announced = true;
    call.flowedAt = note.flowedAt;
    call.connectedAt = note.connectedAt;
    call.messageCount = note.messageCount;
    call.messagesBefore = note.messageCount;
    for (const entry of note.undelivered) call.chat.set(keyOf(entry.senderId, entry.id), { ...entry });
    calls.adopt(call, note.acceptUntil);
    for (const { peer } of call.participants) {
      // Who came here because their node died has not been told yet that their call goes on.
      if (peer.gatewayNode === null) ownedCalls.welcome(call, peer);
    }
    for (const { peer } of call.participants) {
      if (peer.gatewayNode !== NOWHERE) continue;
      ownedCalls.expectPeer(peer, callId);
      const graceMs = LIMITS.resumeSeconds * 1000;
      call.other(peer.id).peer.send({ event: 'partner_reconnecting', data: { callId, graceMs } });
    }
    if (note.mode === 'text' || this.carryOn(call, note)) return;
    negotiation
      .renegotiate(call)
      .catch((error: unknown) => reportError(error, 'an adopted call could not be joined'));
  }

  /** What flows goes on where the home was given up of its own will. `false`: it has to be joined (anew). */
  private carryOn(call: Call, { handedOver }: CallSnapshot): boolean {
    const { media, negotiation } = this.deps;
    const bridge = handedOver?.bridge ?? null;
    if (bridge === null) return false;
    media.adoptBridge(call.id, bridge);
    const lines = call.participants.map(
      ({ peer }) => (media.lineOf(peer.id) ?? media.remoteLine(peer.id))?.lineId ?? '',
    );
    if (!lines.every((lineId) => bridge.lines.includes(lineId))) return false;
    negotiation.adoptFlowing(call, bridge.generation);
    return true;
  }

  private participant(
    callId: string,
    { remotePeer, accepted }: CallSnapshot['participants'][number],
    gateway: NodeAddress,
  ): Participant {
    const { remoteCalls, ownedCalls, clock, membership } = this.deps;
    const own = this.ownParticipant(callId, remotePeer.identity.userId);
    const line = remotePeer.line === null || membership.isDead(remotePeer.line.node) ? null : remotePeer.line;
    if (own !== undefined) remoteCalls.remove(own);
    return {
      peer: own ?? ownedCalls.addRemotePeer({ ...remotePeer, line }, gateway, callId),
      since: remotePeer.since,
      wishes: remotePeer.wishes,
      accepted,
      typing: false,
      chatBucket: fullBucket(CHAT_LIMIT, clock.now()),
    };
  }

  /** A member who is seated here: the call is at home where they are. */
  private ownParticipant(callId: string, peerId: string): Peer | undefined {
    for (const { callId: id, peer } of this.deps.remoteCalls.all()) {
      if (id !== callId || peer.id !== peerId) continue;
      const { state } = peer;
      if (state.kind !== 'in_call') return undefined;
      const { wishes, since } = state;
      peer.state = { kind: 'in_call', wishes, callId, since };
      return peer;
    }
    return undefined;
  }
}
