import type { Call } from '../calls/call';
import type { CallResumption } from '../calls/call-resumption';
import type { Calls } from '../calls/calls';
import type { MediaNegotiation } from '../calls/media-negotiation';
import type { RemoteCalls } from '../calls/remote-calls';
import type { CallBridges } from '../lines/call-bridges';
import type { LineDirectory } from '../lines/line-directory';
import type { LineRequests } from '../lines/line-requests';
import type { Lobby } from '../matchmaking/lobby';
import type { Peer } from '../peers/peer';
import {
  UNNOTICED_MS,
  type Departure,
  type DisconnectReason,
  type PeerRegistry,
} from '../peers/peer-registry';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { PeerRestore } from '../transfer/peer-restore';

export interface PeerRecoveryDeps {
  readonly peers: PeerRegistry;
  readonly lines: LineDirectory;
  readonly lineRequests: LineRequests;
  readonly bridges: CallBridges;
  readonly calls: Calls;
  readonly remoteCalls: RemoteCalls;
  readonly negotiation: MediaNegotiation;
  readonly resumption: CallResumption;
  readonly lobby: Lobby;
  readonly restore: PeerRestore;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/**
 * Handles the loss of a socket, a peer, a line or a bridge. Each loss takes one path here, whatever the peer was
 * doing, so that nothing of the peer stays behind. The order within a path is deliberate: the search or the call comes
 * first, because no peer may be matched with one who is leaving; the line comes last, because the call uses it.
 */
export class PeerRecovery {
  constructor(private readonly deps: PeerRecoveryDeps) {
    const { peers, lines, lineRequests, bridges, calls, negotiation } = deps;
    peers.on({
      away: (peer, graceMs, reason) => this.away(peer, graceMs, reason),
      back: (peer) => this.back(peer),
      gone: (peer, how) => this.gone(peer, how),
    });
    lineRequests.on({ closed: (peer) => negotiation.lineLost(peer) });
    lines.on({
      ready: (peerId) => this.withPeer(peerId, (peer) => negotiation.lineReady(peer)),
      lost: (peerId, lineId) =>
        this.withPeer(peerId, (peer) => {
          negotiation.lineLost(peer);
          peer.send({ event: 'line_lost', data: { lineId } });
        }),
    });
    bridges.on({
      broken: (callId) => {
        const call = calls.get(callId);
        if (call !== undefined) negotiation.bridgeBroken(call);
      },
    });
  }

  private away(peer: Peer, graceMs: number, reason: DisconnectReason): void {
    const { lobby, remoteCalls } = this.deps;
    lobby.away(peer).catch(this.report('a ticket could not be removed from the queue'));
    const call = this.callOf(peer);
    if (call === undefined) remoteCalls.away(peer, graceMs, reason === 'moving');
    else this.notifyPartner(call, peer, graceMs, reason);
  }

  private notifyPartner(call: Call, peer: Peer, graceMs: number, reason: DisconnectReason): void {
    const { clock, peers } = this.deps;
    const notify = (): void =>
      call.other(peer.id).peer.send({ event: 'partner_reconnecting', data: { callId: call.id, graceMs } });
    if (reason !== 'moving') return notify();
    clock.after(UNNOTICED_MS, () => {
      if (peers.get(peer.id) === peer && !peer.isHere && this.callOf(peer) === call) notify();
    });
  }

  private back(peer: Peer): void {
    const { lobby, resumption, restore } = this.deps;
    lobby.back(peer).catch(this.report('a peer who came back could not be put back into the queue'));
    const call = this.callOf(peer);
    if (call !== undefined) resumption.resume(call, peer);
    restore.back(peer).catch(this.report('the line or call of a peer who came back could not be claimed'));
  }

  private gone(peer: Peer, how: Departure): void {
    const { lobby, calls, remoteCalls, lines, restore } = this.deps;
    const call = this.callOf(peer);
    if (call !== undefined) calls.end(call, how, peer);
    lobby.gone(peer).catch(this.report('a ticket could not be removed from the queue'));
    lines.close(peer.id);
    restore.forget(peer);
    remoteCalls.gone(peer, how);
  }

  private callOf(peer: Peer): Call | undefined {
    return peer.state.kind === 'in_call' ? this.deps.calls.get(peer.state.callId) : undefined;
  }

  private withPeer(peerId: string, then: (peer: Peer) => void): void {
    const { peers, calls } = this.deps;
    const peer = peers.get(peerId) ?? calls.findRemotePeer(peerId);
    if (peer !== undefined) then(peer);
  }

  private report(message: string): (error: unknown) => void {
    return (error) => this.deps.reportError(error, message);
  }
}
