import type { Call } from '../calls/call';
import type { MediaNegotiation } from '../calls/media-negotiation';
import type { Calls } from '../calls/calls';
import type { Chat } from '../calls/chat';
import { UNNOTICED_MS, type DisconnectReason, type PeerRegistry } from '../peers/peer-registry';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import type { MediaPlane } from '../lines/media-plane';
import type { Lobby } from '../matchmaking/lobby';

export interface RecoveryDeps {
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly negotiation: MediaNegotiation;
  readonly chat: Chat;
  readonly lobby: Lobby;
  readonly media: MediaPlane;
  readonly clock: Clock;
  /** A member who is seated on another node is to search on from there. */
  readonly putBackElsewhere: (call: Call, peer: Peer) => void;
  readonly reportError: (error: unknown, message: string) => void;
}

/**
 * What happens when something goes away: a socket, a person, a line, the media of a call. Each of these takes
 * one path here, whatever state the person was in, so that nothing of theirs stays behind.
 */
export class Recovery {
  constructor(private readonly deps: RecoveryDeps) {}

  listen(): void {
    const { peers, calls, negotiation, media } = this.deps;
    peers.on({
      away: (peer, graceMs, reason) => this.away(peer, graceMs, reason),
      back: (peer) => this.back(peer),
      gone: (peer) => this.gone(peer),
    });
    media.on({
      lineReady: (peerId) => this.withPeer(peerId, (peer) => negotiation.lineReady(peer)),
      callBroken: (callId) => {
        const call = calls.get(callId);
        if (call !== undefined) negotiation.bridgeBroken(call);
      },
      lineLost: (peerId, lineId) =>
        this.withPeer(peerId, (peer) => {
          negotiation.lineLost(peer);
          peer.send({ event: 'line_lost', data: { lineId } });
        }),
    });
    calls.on({
      allAccepted: (call) => negotiation.allAccepted(call),
      ended: (call, _, by) => {
        negotiation.ended(call);
        if (!call.announced && by !== undefined) this.searchOn(call, [by]);
      },
    });
  }

  /**
   * The media of a call could not be had. Those whose side it was are told so and become idle; the others go
   * back into the queue with the waiting time they had.
   */
  mediaFailed(call: Call, at: readonly Peer[]): void {
    this.deps.calls.end(call, 'media_failed');
    for (const peer of at) {
      peer.send({
        event: 'error',
        data: { code: 'media_unavailable', message: 'your line did not come about' },
      });
    }
    this.searchOn(call, at);
  }

  /**
   * Nothing came of a call that has just ended: all but these search on, with the waiting time they had. Where they were
   * not told of it yet, to them they have searched all the time.
   */
  private searchOn(call: Call, but: readonly Peer[]): void {
    for (const { peer, wishes, since } of call.participants) {
      if (but.includes(peer)) continue;
      if (peer.gatewayNode !== null) this.deps.putBackElsewhere(call, peer);
      else this.deps.lobby.putBack(peer, wishes, since).catch(this.report('a person could not be put back'));
    }
  }

  private away(peer: Peer, graceMs: number, reason: DisconnectReason): void {
    const { lobby, clock, peers } = this.deps;
    lobby.away(peer).catch(this.report('a ticket could not be taken out'));
    const call = this.callOf(peer);
    if (call === undefined) return;
    const tell = (): void =>
      call.other(peer.id).peer.send({ event: 'partner_reconnecting', data: { callId: call.id, graceMs } });
    if (reason !== 'moving') return tell();
    clock.after(UNNOTICED_MS, () => {
      if (peers.get(peer.id) === peer && !peer.isHere && this.callOf(peer) === call) tell();
    });
  }

  private back(peer: Peer): void {
    this.deps.lobby.back(peer).catch(this.report('a search could not go on'));
    const call = this.callOf(peer);
    if (call !== undefined) this.welcomeBack(call, peer);
  }

  /** Somebody is in this call with a new socket: they are told everything about it. */
  welcomeBack(call: Call, peer: Peer): void {
    const { calls, negotiation, chat } = this.deps;
    calls.announceTo(call, peer, null, true);
    calls.sendState(call, peer);
    negotiation.repeatOffer(call);
    chat.catchUp(call, peer);
  }

  private gone(peer: Peer): void {
    const { lobby, calls, media } = this.deps;
    const call = this.callOf(peer);
    if (call !== undefined) calls.end(call, 'lost', peer);
    lobby.gone(peer).catch(this.report('a ticket could not be taken out'));
    media.closeLine(peer.id);
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
