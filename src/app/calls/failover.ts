import { fullBucket } from '../../domain/token-bucket';
import { LIMITS } from '../../protocol';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { CallBridges } from '../lines/call-bridges';
import type { LineDirectory } from '../lines/line-directory';
import type { Peer } from '../peers/peer';
import { momentOf, storedFor } from '../ports/ages';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Lease, LeaseStore } from '../ports/lease-store';
import { CHAT_LIMIT, Call, type Participant } from './call';
import type { CallResumption } from './call-resumption';
import { callSnapshotAfter, callSnapshotSchema, type CallSnapshot } from './call-snapshot';
import type { Calls } from './calls';
import { keyOf } from './chat';
import type { MediaNegotiation } from './media-negotiation';
import type { OwnedCalls } from './owned-calls';
import type { RemoteCall, RemoteCalls } from './remote-calls';
import { NOWHERE } from './remote-peer';
import { callKey, CALL_TTL_MS } from './snapshots';

export interface CallFailoverDeps {
  readonly leases: LeaseStore;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly calls: Calls;
  readonly negotiation: MediaNegotiation;
  readonly resumption: CallResumption;
  readonly lines: LineDirectory;
  readonly bridges: CallBridges;
  readonly remoteCalls: RemoteCalls;
  readonly ownedCalls: OwnedCalls;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

const RETRY_MS = 300;

/**
 * Gives a call a new owner when its owner is dead or has released it: the participant's gateway that takes the call's
 * lease first. The new owner goes on from the snapshot in the lease: the same call, the same record. The other
 * gateway finds the new owner in the lease.
 */
export class CallFailover {
  private readonly pending = new Set<string>();

  constructor(private readonly deps: CallFailoverDeps) {
    deps.calls.on({ released: (call) => this.released(call) });
    deps.remoteCalls.on({ ownerLost: (call) => void this.takeOver(call) });
  }

  /** The call has no owner any more. Tries until the call has one again, or has ended. */
  async takeOver(call: RemoteCall): Promise<void> {
    // Both participants may have their gateway here, and each has to learn where the call is.
    const key = keyOf(call.callId, call.peer.id);
    if (this.pending.has(key)) return;
    this.pending.add(key);
    try {
      await this.settle(call);
    } catch (error) {
      this.deps.reportError(error, 'a call could not be taken over yet');
      this.deps.clock.after(RETRY_MS, () => {
        if (this.deps.remoteCalls.of(call.peer) === call) void this.takeOver(call);
      });
    } finally {
      this.pending.delete(key);
    }
  }

  /**
   * Another node owns the call now: it was handed over, or this node was declared dead. The new owner handles the
   * call's media, and participants whose gateway is here become participants of a remote call.
   */
  private released(call: Call): void {
    const { remoteCalls, negotiation, bridges } = this.deps;
    negotiation.release(call);
    bridges.release(call.id);
    for (const { peer, since } of call.participants) {
      const { state } = peer;
      if (peer.gatewayNode !== null || state.kind !== 'in_call' || state.callId !== call.id) continue;
      const { id, name } = call.other(peer.id).peer;
      peer.state = { ...state, owner: NOWHERE };
      const { wishes } = state;
      const partner = { id, name };
      void this.takeOver(
        remoteCalls.add({ callId: call.id, peer, partner, wishes, since, owner: NOWHERE, announced: true }),
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
      // That node may be dead by now, too.
      if (remoteCalls.of(call.peer) === call && !membership.isReachable(call.owner)) await this.settle(call);
      return;
    }
    // While this lease was being taken, the partner's failover on this node may have adopted the call.
    if (calls.get(call.callId) !== undefined) {
      this.arrive(call);
      return;
    }
    const snapshot = this.snapshotIn(lease);
    if (snapshot !== null) this.adopt(call.callId, snapshot);
    else {
      // The call ended just when its owner died, or its snapshot cannot be read.
      remoteCalls.lost(call);
      await leases.release(callKey(call.callId), self);
    }
  }

  /** A snapshot that cannot be read counts as none. Trying again would not help, and the call would never end. */
  private snapshotIn({ value }: Lease): CallSnapshot | null {
    if (value === '') return null;
    try {
      const snapshot = callSnapshotSchema.parse(JSON.parse(value));
      return callSnapshotAfter(snapshot, storedFor(this.deps.clock, snapshot.writtenAt, CALL_TTL_MS));
    } catch (error) {
      this.deps.reportError(error, 'the snapshot of a call cannot be read');
      return null;
    }
  }

  /** The partner's gateway is this node too, and it owns the call already. */
  private arrive(call: RemoteCall): void {
    const { remoteCalls, ownedCalls, calls, resumption } = this.deps;
    const { callId, peer, wishes, since } = call;
    if (calls.get(callId)?.participant(peer.id) === undefined) {
      remoteCalls.lost(call);
      return;
    }
    remoteCalls.remove(peer);
    peer.state = { kind: 'in_call', wishes, callId, since };
    if (!ownedCalls.moveGatewayHere(peer, callId)) return;
    const owned = calls.get(callId);
    if (owned !== undefined && peer.isHere) resumption.resume(owned, peer);
  }

  private adopt(callId: string, snapshot: CallSnapshot): void {
    const { calls, negotiation, bridges, reportError } = this.deps;
    bridges.goOnFrom(snapshot.generation);
    const call = this.restore(callId, snapshot);
    calls.adopt(call, snapshot.acceptLeftMs);
    this.welcomeParticipants(call);
    if (snapshot.mode === 'text' || this.adoptBridge(call, snapshot)) return;
    negotiation
      .renegotiate(call)
      .catch((error: unknown) => reportError(error, 'a call that was taken over could not be bridged'));
  }

  private restore(callId: string, snapshot: CallSnapshot): Call {
    const { clock } = this.deps;
    const { mode, matchedAt, matchedMs, participants, handedOver, undelivered, connected } = snapshot;
    const gateways = handedOver?.gateways ?? [NOWHERE, NOWHERE];
    const matched = { at: matchedAt, elapsed: momentOf(clock, matchedMs) };
    const call = new Call(callId, mode, matched, [
      this.participant(callId, participants[0], gateways[0]),
      this.participant(callId, participants[1], gateways[1]),
    ]);
    call.announced = true;
    call.connectionTimeMs = snapshot.connectionTimeMs;
    call.connected =
      connected === null ? null : { at: connected.at, elapsed: momentOf(clock, connected.talkedMs) };
    call.messageCount = snapshot.messageCount;
    call.messagesBefore = snapshot.messageCount;
    for (const entry of undelivered) call.chat.set(keyOf(entry.senderId, entry.id), { ...entry });
    return call;
  }

  private welcomeParticipants(call: Call): void {
    const { ownedCalls, resumption } = this.deps;
    // Peers who came here because their gateway died have not been told yet that their call goes on.
    for (const { peer } of call.participants) {
      if (peer.gatewayNode === null && peer.isHere) resumption.resume(call, peer);
    }
    for (const { peer } of call.participants) {
      if (peer.gatewayNode !== NOWHERE) continue;
      ownedCalls.awaitParticipant(peer, call.id);
      const data = { callId: call.id, graceMs: LIMITS.resumeSeconds * 1000 };
      call.other(peer.id).peer.send({ event: 'partner_reconnecting', data });
    }
  }

  /** The bridge of a call that was handed over goes on flowing. `false`: the call has to be bridged (again). */
  private adoptBridge(call: Call, { handedOver }: CallSnapshot): boolean {
    const { lines, bridges, negotiation } = this.deps;
    const bridge = handedOver?.bridge ?? null;
    if (bridge === null) return false;
    bridges.adopt(call.id, bridge);
    const lineIds = call.participants.map(
      ({ peer }) => (lines.lineOf(peer.id) ?? lines.remoteLine(peer.id))?.lineId ?? '',
    );
    if (!lineIds.every((lineId) => bridge.lines.includes(lineId))) return false;
    negotiation.adoptFlowing(call, bridge.generation);
    return true;
  }

  private participant(
    callId: string,
    { remotePeer, accepted }: CallSnapshot['participants'][number],
    gateway: NodeAddress,
  ): Participant {
    const { remoteCalls, ownedCalls, clock, membership } = this.deps;
    const own = this.ownPeer(callId, remotePeer.identity.userId);
    const isLineLost = remotePeer.line !== null && membership.stateOf(remotePeer.line.node) === 'dead';
    const line = isLineLost ? null : remotePeer.line;
    if (own !== undefined) remoteCalls.remove(own);
    return {
      peer: own ?? ownedCalls.addRemotePeer({ ...remotePeer, line }, gateway, callId),
      since: momentOf(clock, remotePeer.waitedMs),
      wishes: remotePeer.wishes,
      accepted,
      typing: false,
      chatBucket: fullBucket(CHAT_LIMIT, clock.elapsed()),
    };
  }

  /** The participant, if their gateway is here. From now on the owner of their call is here, too. */
  private ownPeer(callId: string, peerId: string): Peer | undefined {
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
