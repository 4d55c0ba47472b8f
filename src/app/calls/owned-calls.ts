import type { Call } from './call';
import type { Calls } from './calls';
import type { MediaNegotiation } from './media-negotiation';
import { UNNOTICED_MS } from '../peers/peer-registry';
import type { Peer } from '../peers/peer';
import type { Allowance } from '../plans/allowance';
import type { Meter } from './talk-meter';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { LeaseStore } from '../ports/lease-store';
import { DomainError } from '../../domain/error';
import { LIMITS, type EndReason } from '../../protocol';
import type { RequestData, RemotePeerState, LineAt } from '../cluster/contract';
import type { ClusterMedia } from '../lines/cluster-media';
import { gatewayKey } from '../transfer/peer-snapshots';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import { makeRemotePeer, NOWHERE } from './remote-peer';

export interface OwnedCallsDeps {
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly calls: Calls;
  readonly negotiation: MediaNegotiation;
  readonly media: ClusterMedia;
  readonly meter: Meter;
  readonly leases: Pick<LeaseStore, 'find'>;
  readonly clock: Clock;
  readonly allowance: () => Allowance;
  /** Handles a member's message about a call as if their socket were here. Throws `DomainError`. */
  readonly execute: (peer: Peer, event: string, data: unknown) => Promise<object>;
  /** A member is here (again): is told everything about the call. */
  readonly resumeCall: (call: Call, peer: Peer) => void;
}

/** A seat says when a place is held no longer; should it die meanwhile, the home says so itself a little later. */
const PATIENCE_MS = 2_000;
const GRACE_MS = LIMITS.resumeSeconds * 1000;
const MISSED = 2;

/** The home's side of calls with members who are seated on other nodes. */
export class OwnedCalls {
  /** Audits in a row in which a member's seat did not name them; by call and person. */
  private readonly missed = new Map<string, number>();

  constructor(private readonly deps: OwnedCallsDeps) {
    const { messenger, membership, calls } = deps;
    messenger.onRequest('participant_command', async ({ callId, peerId, event, data }, from) => ({
      data: { ...(await deps.execute(this.remotePeer(callId, peerId, from), event, data)) },
    }));
    messenger.onRequest('participant_leave', async (asked, from) => this.leave(asked, from));
    messenger.onRequest('participant_back', async (asked, from) => this.back(asked, from));
    messenger.onRequest('participants_reconcile', async ({ participants: named }, from) =>
      this.reconcile(named, from),
    );
    messenger.onNotification('participant_away', ({ callId, peerId, graceMs, moving }, from) => {
      const remotePeer = calls.remotePeer(callId, peerId, from);
      if (remotePeer !== undefined) this.away(remotePeer, callId, graceMs, moving ? 'later' : true);
    });
    messenger.onNotification('participant_gone', ({ callId, peerId }, from) =>
      this.gone(callId, peerId, from),
    );
    messenger.onNotification('participant_line', ({ callId, peerId, line }, from) => {
      const remotePeer = calls.remotePeer(callId, peerId, from);
      if (remotePeer !== undefined) this.line(remotePeer, line);
    });
    messenger.onNotification('call_over', ({ callId }, from) => {
      const call = from === messenger.self ? undefined : calls.get(callId);
      if (call !== undefined) calls.end(call, 'lost');
    });
    calls.on({
      connected: (call) => this.connected(call),
      ended: (call, reason, by) => this.ended(call, reason, by),
      released: (call) => this.released(call),
    });
    membership.on({ died: (node) => this.nodeDied(node) });
  }

  /** How a member who is seated elsewhere takes part in this call. */
  addRemotePeer(state: RemotePeerState, gateway: NodeAddress, callId: string): Peer {
    const remotePeer = this.remotePeerFor(state, gateway, callId);
    this.deps.media.setRemoteLine(remotePeer.id, state.line);
    return remotePeer;
  }

  /** A member has their seat on this node now. `false` where the call is over. */
  moveGatewayHere(peer: Peer, callId: string): boolean {
    const { calls, media, meter } = this.deps;
    const call = calls.get(callId);
    const before = call?.participant(peer.id)?.peer;
    if (call === undefined || before === undefined) return false;
    if (before.presence.state === 'away') before.presence.stop();
    media.setRemoteLine(peer.id, null);
    calls.replacePeer(call, peer);
    if (call.connectedAt !== null) meter.begin(callId, peer, () => calls.endByPlan(call, peer));
    return true;
  }

  /** A member has their seat here, where the call is at home by now, and is told everything about it. */
  arrive(peer: Peer, callId: string): boolean {
    if (!this.moveGatewayHere(peer, callId)) return false;
    const call = this.deps.calls.get(callId);
    if (call !== undefined) this.welcome(call, peer);
    return true;
  }

  /** Somebody seated here is told everything about a call that goes on. */
  welcome(call: Call, peer: Peer): void {
    if (peer.isHere) this.deps.resumeCall(call, peer);
  }

  /** A member who was seated here is seated elsewhere, or about to be: their place is held until that node speaks up. */
  moveGatewayAway(call: Call, state: RemotePeerState, gateway: NodeAddress): void {
    const before = call.participant(state.identity.userId)?.peer;
    if (before !== undefined) this.deps.meter.end(call.id, before);
    const remotePeer = this.addRemotePeer(state, gateway, call.id);
    this.deps.calls.replacePeer(call, remotePeer);
    this.away(remotePeer, call.id, GRACE_MS, false);
  }

  /** Of an adopted call: this member has not spoken up yet. */
  expectPeer(remotePeer: Peer, callId: string): void {
    this.away(remotePeer, callId, GRACE_MS, false);
  }

  private remotePeerFor(state: RemotePeerState, gateway: NodeAddress, callId: string): Peer {
    const { messenger, allowance, clock } = this.deps;
    return makeRemotePeer(state, gateway, callId, { messenger, allowance: allowance(), now: clock.now() });
  }

  private remotePeer(callId: string, peerId: string, from: NodeAddress): Peer {
    const remotePeer = this.deps.calls.remotePeer(callId, peerId, from);
    if (remotePeer === undefined) throw new DomainError('stale_call', 'that call is not at home here');
    return remotePeer;
  }

  private leave(
    { callId, peerId, reason }: RequestData<'participant_leave'>,
    from: NodeAddress,
  ): Record<string, never> {
    const { calls } = this.deps;
    const remotePeer = this.remotePeer(callId, peerId, from);
    const call = calls.get(callId);
    if (call === undefined) return {};
    if (reason === 'plan_over') calls.endByPlan(call, remotePeer);
    else calls.end(call, reason, remotePeer);
    return {};
  }

  private async back(
    { callId, peerId, isHere, remotePeer: state }: RequestData<'participant_back'>,
    from: NodeAddress,
  ): Promise<{ known: boolean; connectedAt: number | null }> {
    const { calls, resumeCall } = this.deps;
    if (calls.get(callId)?.participant(peerId)?.peer.gatewayNode !== from)
      await this.checkGateway(peerId, from);
    const call = calls.get(callId);
    const before = call?.participant(peerId)?.peer;
    if (call === undefined || before === undefined) return { known: false, connectedAt: null };
    if (before.presence.state === 'away') before.presence.stop();
    const remotePeer = this.remotePeerFor(state, from, callId);
    calls.replacePeer(call, remotePeer);
    this.missed.delete(keyOf(callId, peerId));
    this.line(remotePeer, state.line);
    if (isHere) resumeCall(call, remotePeer);
    else this.away(remotePeer, callId, GRACE_MS);
    return { known: true, connectedAt: call.connectedAt };
  }

  /** A node that stood still may speak up for somebody whose seat another one has taken meanwhile. Throws then. */
  private async checkGateway(peerId: string, gateway: NodeAddress): Promise<void> {
    const lease = await this.deps.leases.find(gatewayKey(peerId));
    if (lease !== null && lease.holder !== gateway)
      throw new DomainError('stale_call', 'they are seated elsewhere');
  }

  private away(remotePeer: Peer, callId: string, graceMs: number, isTold: boolean | 'later' = true): void {
    const { calls, clock } = this.deps;
    const call = calls.get(callId);
    if (call === undefined) return;
    if (remotePeer.presence.state === 'away') remotePeer.presence.stop();
    const stop = clock.after(graceMs + PATIENCE_MS, () => calls.end(call, 'lost', remotePeer));
    remotePeer.presence = { state: 'away', until: clock.now() + graceMs, stop };
    const tell = (): void =>
      call.other(remotePeer.id).peer.send({ event: 'partner_reconnecting', data: { callId, graceMs } });
    if (isTold === true) tell();
    if (isTold !== 'later') return;
    clock.after(UNNOTICED_MS, () => {
      if (
        calls.get(callId) === call &&
        call.participant(remotePeer.id)?.peer === remotePeer &&
        !remotePeer.isHere
      )
        tell();
    });
  }

  private gone(callId: string, peerId: string, from: NodeAddress): void {
    const { calls } = this.deps;
    const call = calls.get(callId);
    // Of an adopted call: their seat has not spoken up yet, and this is all it has to say.
    const remotePeer = calls.remotePeer(callId, peerId, from) ?? calls.remotePeer(callId, peerId, NOWHERE);
    if (call !== undefined && remotePeer !== undefined) calls.end(call, 'lost', remotePeer);
  }

  private line(remotePeer: Peer, line: LineAt | null): void {
    const { media, negotiation } = this.deps;
    const before = media.remoteLine(remotePeer.id);
    media.setRemoteLine(remotePeer.id, line);
    // The same line as before, at another seat: whatever flows goes on flowing.
    if (before?.lineId === line?.lineId && before?.ready === line?.ready) return;
    if (line?.ready === true) negotiation.lineReady(remotePeer);
    else negotiation.lineLost(remotePeer);
  }

  private connected(call: Call): void {
    for (const { peer } of call.participants) {
      if (peer.gatewayNode === null || call.connectedAt === null) continue;
      const told = { callId: call.id, peerId: peer.id, at: call.connectedAt };
      this.deps.messenger.notify(peer.gatewayNode, 'participant_connected', told);
    }
  }

  private ended(call: Call, reason: EndReason, by: Peer | undefined): void {
    const { messenger, clock } = this.deps;
    for (const { peer } of call.participants) {
      if (peer.gatewayNode === null) continue;
      if (peer.gatewayNode === NOWHERE) {
        messenger.notifyAll('call_over', { callId: call.id }).catch(() => undefined);
        continue;
      }
      messenger.notify(peer.gatewayNode, 'participant_call_ended', {
        callId: call.id,
        peerId: peer.id,
        reason,
        by: by?.id ?? null,
        at: clock.now(),
      });
      // Not told here, since they seem to be away; their seat knows better, should only its node have stood still.
      if (peer === by || peer.isHere) continue;
      const told = { callId: call.id, reason: reason === 'plan_over' ? 'left' : reason };
      const message = { event: 'partner_disconnected', data: told };
      messenger.notify(peer.gatewayNode, 'peer_message', { peerId: peer.id, callId: call.id, message });
    }
    this.released(call);
  }

  private released(call: Call): void {
    for (const { peer } of call.participants) {
      this.missed.delete(keyOf(call.id, peer.id));
      if (peer.gatewayNode === null) continue;
      if (peer.presence.state === 'away') peer.presence.stop();
      this.deps.media.setRemoteLine(peer.id, null);
    }
  }

  /** A node that dies takes no leave of the people seated there; they have as long as after any dropped socket. */
  private nodeDied(node: NodeAddress): void {
    for (const call of this.deps.calls.all()) {
      for (const { peer } of call.participants) {
        if (peer.gatewayNode === node && peer.isHere) this.away(peer, call.id, GRACE_MS);
      }
    }
  }

  /** Names those that are not of this home, and lets go of members whom their seat no longer names. */
  private reconcile(
    named: readonly { callId: string; peerId: string }[],
    from: NodeAddress,
  ): { unknown: { callId: string; peerId: string }[] } {
    const { calls } = this.deps;
    const keys = new Set(named.map(({ callId, peerId }) => keyOf(callId, peerId)));
    for (const call of [...calls.all()]) {
      for (const { peer } of call.participants) {
        if (peer.gatewayNode !== from || !peer.isHere) continue;
        const key = keyOf(call.id, peer.id);
        const missed = keys.has(key) ? 0 : (this.missed.get(key) ?? 0) + 1;
        this.missed.set(key, missed);
        if (missed >= MISSED) calls.end(call, 'lost', peer);
      }
    }
    return {
      unknown: named.filter(({ callId, peerId }) => {
        const peer = calls.get(callId)?.participant(peerId)?.peer;
        return peer?.gatewayNode !== from;
      }),
    };
  }
}

const keyOf = (callId: string, peerId: string): string => `${callId} ${peerId}`;
