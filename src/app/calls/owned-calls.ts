import { DomainError } from '../../domain/error';
import { LIMITS, type EndReason } from '../../protocol';
import type { Membership } from '../cluster/membership';
import type { DataOf, ReplyOf } from '../cluster/messages';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineDirectory } from '../lines/line-directory';
import type { LineLocation } from '../lines/line-location';
import { gatewayKey } from '../peers/gateway-lease';
import type { Peer } from '../peers/peer';
import { UNNOTICED_MS } from '../peers/peer-registry';
import type { Allowance } from '../plans/allowance';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { LeaseStore } from '../ports/lease-store';
import type { Call } from './call';
import type { CallResumption } from './call-resumption';
import type { Calls } from './calls';
import { parseCallCommand, type CallCommands } from './commands';
import type { MediaNegotiation } from './media-negotiation';
import {
  callOver,
  participantAway,
  participantBack,
  participantCallEnded,
  participantCommand,
  participantConnected,
  participantGone,
  participantLeave,
  participantLine,
  peerMessage,
} from './messages';
import { makeRemotePeer, NOWHERE } from './remote-peer';
import type { RemotePeerState } from './remote-peer-schema';
import type { TalkMeter } from './talk-meter';

export interface OwnedCallsDeps {
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly calls: Calls;
  readonly commands: CallCommands;
  readonly negotiation: MediaNegotiation;
  readonly resumption: CallResumption;
  readonly lines: LineDirectory;
  readonly meter: TalkMeter;
  readonly leases: Pick<LeaseStore, 'find'>;
  readonly clock: Clock;
  /** Times how long places are held. */
  readonly graceTimer: Pick<Clock, 'after'>;
  /** The allowance of remote peers. Nothing reads it, because their minutes are counted at their gateway. */
  readonly allowance: () => Allowance;
}

/** The gateway notifies the owner when it no longer holds a place. If it dies before that, the owner decides later. */
const EXTRA_GRACE_MS = 2_000;
const GRACE_MS = LIMITS.resumeSeconds * 1000;

/** When the partner hears that a participant is away: at once, only if the participant stays away, or never. */
type AwayNotice = 'now' | 'later' | 'never';

/** The owner's side of calls with participants whose gateway is another node. */
export class OwnedCalls {
  constructor(private readonly deps: OwnedCallsDeps) {
    const { messenger, membership, calls, commands } = deps;
    messenger.onRequest(participantCommand, async ({ callId, peerId, event, data }, from) => {
      const peer = this.remotePeer(callId, peerId, from);
      return { data: { ...(await commands.execute(peer, parseCallCommand(event, data))) } };
    });
    messenger.onRequest(participantLeave, async (request, from) => this.leave(request, from));
    messenger.onRequest(participantBack, async (request, from) => this.back(request, from));
    messenger.onNotification(participantAway, ({ callId, peerId, graceMs, moving }, from) => {
      const peer = calls.remotePeer(callId, peerId, from);
      if (peer !== undefined) this.away(peer, callId, graceMs, moving ? 'later' : 'now');
    });
    messenger.onNotification(participantGone, (about, from) => this.gone(about, from));
    messenger.onNotification(participantLine, ({ callId, peerId, line }, from) => {
      const peer = calls.remotePeer(callId, peerId, from);
      // A line that is ready once more has other producers now, so the call is bridged again.
      if (peer !== undefined) this.lineChanged(peer, line, { isSameLineKept: false });
    });
    messenger.onNotification(callOver, ({ callId }, from) => {
      const call = from === messenger.self ? undefined : calls.get(callId);
      if (call !== undefined) calls.end(call, 'lost');
    });
    calls.on({
      connected: (call) => this.connected(call),
      ended: (call, reason, by) => this.ended(call, reason, by),
      released: (call) => this.forgetParticipants(call),
    });
    membership.on({ died: (node) => this.nodeDied(node) });
    messenger.on({ restored: () => this.catchUpAll() });
  }

  /** Makes the `Peer` of a participant whose gateway is another node, and remembers where their line is. */
  addRemotePeer(state: RemotePeerState, gateway: NodeAddress, callId: string): Peer {
    const peer = this.remotePeerFor(state, gateway, callId);
    this.deps.lines.setRemoteLine(peer.id, state.line);
    return peer;
  }

  /** The participant's gateway is this node from now on. `false`: the call is over. */
  moveGatewayHere(peer: Peer, callId: string): boolean {
    const { calls, lines, meter } = this.deps;
    const call = calls.get(callId);
    const before = call?.participant(peer.id)?.peer;
    if (call === undefined || before === undefined) return false;
    if (before.presence.state === 'away') before.presence.stop();
    lines.setRemoteLine(peer.id, null);
    calls.replacePeer(call, peer);
    if (call.connected !== null) meter.begin(callId, peer, () => calls.endByPlan(call, peer));
    return true;
  }

  /** Another node is the participant's gateway, or is about to be. Their place is held until that node reports back. */
  moveGatewayAway(call: Call, state: RemotePeerState, gateway: NodeAddress): void {
    const before = call.participant(state.identity.userId)?.peer;
    if (before !== undefined) this.deps.meter.end(call.id, before);
    const peer = this.addRemotePeer(state, gateway, call.id);
    this.deps.calls.replacePeer(call, peer);
    this.away(peer, call.id, GRACE_MS, 'never');
  }

  /** The call was taken over: this participant's gateway has not reported back yet. */
  awaitParticipant(peer: Peer, callId: string): void {
    this.away(peer, callId, GRACE_MS, 'never');
  }

  private remotePeerFor(state: RemotePeerState, gateway: NodeAddress, callId: string): Peer {
    const { messenger, allowance, clock } = this.deps;
    return makeRemotePeer(state, gateway, callId, { messenger, allowance: allowance(), clock });
  }

  private remotePeer(callId: string, peerId: string, gateway: NodeAddress): Peer {
    const peer = this.deps.calls.remotePeer(callId, peerId, gateway);
    if (peer === undefined) throw new DomainError('stale_call', 'that call is not owned here');
    return peer;
  }

  private leave(
    { callId, peerId, reason }: DataOf<typeof participantLeave>,
    from: NodeAddress,
  ): ReplyOf<typeof participantLeave> {
    const { calls } = this.deps;
    const peer = this.remotePeer(callId, peerId, from);
    const call = calls.get(callId);
    if (call === undefined) return {};
    if (reason === 'plan_over') calls.endByPlan(call, peer);
    else calls.end(call, reason, peer);
    return {};
  }

  private async back(
    { callId, peerId, isHere, remotePeer: state }: DataOf<typeof participantBack>,
    from: NodeAddress,
  ): Promise<ReplyOf<typeof participantBack>> {
    const { calls, resumption } = this.deps;
    if (calls.get(callId)?.participant(peerId)?.peer.gatewayNode !== from)
      await this.checkGateway(peerId, from);
    const call = calls.get(callId);
    const before = call?.participant(peerId)?.peer;
    if (call === undefined || before === undefined) return { known: false, connectedAt: null };
    if (before.presence.state === 'away') before.presence.stop();
    const peer = this.remotePeerFor(state, from, callId);
    calls.replacePeer(call, peer);
    this.lineChanged(peer, state.line, { isSameLineKept: true });
    if (isHere) resumption.resume(call, peer);
    else this.away(peer, callId, GRACE_MS, 'now');
    return { known: true, connectedAt: call.connectedAt };
  }

  /** Throws when another node has the peer's gateway lease: a node that was held up may report for a lost peer. */
  private async checkGateway(peerId: string, gateway: NodeAddress): Promise<void> {
    const lease = await this.deps.leases.find(gatewayKey(peerId));
    if (lease !== null && lease.holder !== gateway)
      throw new DomainError('stale_call', 'another node is the gateway of this peer');
  }

  private away(peer: Peer, callId: string, graceMs: number, notice: AwayNotice): void {
    const { calls, clock, graceTimer } = this.deps;
    const call = calls.get(callId);
    if (call === undefined) return;
    if (peer.presence.state === 'away') peer.presence.stop();
    const stop = graceTimer.after(graceMs + EXTRA_GRACE_MS, () => calls.end(call, 'lost', peer));
    peer.presence = { state: 'away', until: clock.elapsed() + graceMs, stop };
    const notify = (): void =>
      call.other(peer.id).peer.send({ event: 'partner_reconnecting', data: { callId, graceMs } });
    if (notice === 'now') notify();
    if (notice !== 'later') return;
    clock.after(UNNOTICED_MS, () => {
      const isSame = calls.get(callId) === call && call.participant(peer.id)?.peer === peer;
      if (isSame && !peer.isHere) notify();
    });
  }

  private gone({ callId, peerId, how }: DataOf<typeof participantGone>, from: NodeAddress): void {
    const { calls } = this.deps;
    const call = calls.get(callId);
    // After a failover the gateway may not have reported back yet, so the peer's gateway is not known here.
    const peer = calls.remotePeer(callId, peerId, from) ?? calls.remotePeer(callId, peerId, NOWHERE);
    if (call !== undefined && peer !== undefined) calls.end(call, how, peer);
  }

  private lineChanged(
    peer: Peer,
    line: LineLocation | null,
    { isSameLineKept }: { readonly isSameLineKept: boolean },
  ): void {
    const { lines, negotiation } = this.deps;
    const before = lines.remoteLine(peer.id);
    lines.setRemoteLine(peer.id, line);
    // The same line as before, reported by another gateway: what flows goes on flowing.
    const isSame = before?.lineId === line?.lineId && before?.ready === line?.ready;
    if (isSame && (isSameLineKept || line?.ready !== true)) return;
    if (line?.ready === true) negotiation.lineReady(peer);
    else negotiation.lineLost(peer);
  }

  private connected(call: Call): void {
    for (const { peer } of call.participants) {
      if (peer.gatewayNode === null || call.connectedAt === null) continue;
      const about = { callId: call.id, peerId: peer.id, at: call.connectedAt };
      this.deps.messenger.notify(peer.gatewayNode, participantConnected, about);
    }
  }

  private ended(call: Call, reason: EndReason, by: Peer | undefined): void {
    for (const { peer } of call.participants) {
      if (peer.gatewayNode !== null) this.notifyEnd(call, peer, peer.gatewayNode, { reason, by });
    }
    this.forgetParticipants(call);
  }

  private notifyEnd(
    { id: callId }: Call,
    peer: Peer,
    gateway: NodeAddress,
    { reason, by }: { readonly reason: EndReason; readonly by: Peer | undefined },
  ): void {
    const { messenger } = this.deps;
    if (gateway === NOWHERE) {
      messenger.notifyAll(callOver, { callId }).catch(() => undefined);
      return;
    }
    const ended = { callId, peerId: peer.id, reason, by: by?.id ?? null };
    messenger.notify(gateway, participantCallEnded, ended);
    // A peer who seems away was not told of the end. Their gateway may only have been held up, and can tell them.
    if (peer === by || peer.isHere) return;
    const data = { callId, reason: reason === 'plan_over' ? 'left' : reason };
    const message = { event: 'partner_disconnected', data };
    messenger.notify(gateway, peerMessage, { peerId: peer.id, callId, message });
  }

  private forgetParticipants(call: Call): void {
    for (const { peer } of call.participants) {
      if (peer.gatewayNode === null) continue;
      if (peer.presence.state === 'away') peer.presence.stop();
      this.deps.lines.setRemoteLine(peer.id, null);
    }
  }

  /** Messages to other gateways may not have got through. */
  private catchUpAll(): void {
    for (const call of this.deps.calls.all()) {
      for (const { peer } of call.participants) {
        if (peer.gatewayNode !== null && peer.isHere) this.deps.resumption.catchUp(call, peer);
      }
    }
  }

  /** A dead node cannot report its peers away. They have as long to come back as after any dropped socket. */
  private nodeDied(node: NodeAddress): void {
    for (const call of this.deps.calls.all()) {
      for (const { peer } of call.participants) {
        if (peer.gatewayNode === node && peer.isHere) this.away(peer, call.id, GRACE_MS, 'now');
      }
    }
  }
}
