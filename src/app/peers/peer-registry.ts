import { randomBytes } from 'node:crypto';
import type { Allowance } from '../plans/allowance';
import type { Clock } from '../ports/clock';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import type { Identity } from '../accounts/identity';
import { Peer, type PeerSocket } from './peer';

export interface PeerEvents {
  /** Has their seat on this node from now on. */
  registered(peer: Peer): void;
  /** The socket is gone for now; the place is held until `graceMs` has passed. */
  away(peer: Peer, graceMs: number, reason: DisconnectReason): void;
  /** Back within the grace, on a new socket. */
  back(peer: Peer): void;
  /** The grace has passed, or the person said good-bye. Nothing of theirs may remain. */
  gone(peer: Peer): void;
}

/** How long a place is held, by the way the socket went (S4). */
export interface GracePeriods {
  /** The connection dropped. */
  readonly dropped: number;
  /** The page was closed or is being loaded again: nobody can tell which, so only a short wait. */
  readonly pageClosed: number;
}

/** `moving`: we have sent them on to another node, where they are in a moment. */
export type DisconnectReason = 'dropped' | 'page_closed' | 'good_bye' | 'moving';

/** For so long nobody is told that somebody who is moving is away. */
export const UNNOTICED_MS = 2_000;

/** The people of this node: who is here, who is away for a moment, and their resume tokens. */
export class PeerRegistry implements EventSource<PeerEvents> {
  private readonly byId = new Map<string, Peer>();
  private readonly byToken = new Map<string, Peer>();
  private readonly events = new EventEmitter<PeerEvents>();

  constructor(
    private readonly clock: Clock,
    private readonly gracePeriods: GracePeriods,
  ) {}

  on(listener: Partial<PeerEvents>): void {
    this.events.on(listener);
  }

  get(id: string): Peer | undefined {
    return this.byId.get(id);
  }

  all(): IterableIterator<Peer> {
    return this.byId.values();
  }

  /** Who a resume token belongs to, if they are still known here. */
  findByResumeToken(resumeToken: string): Peer | undefined {
    return this.byToken.get(resumeToken);
  }

  /** Someone known is back on a new socket; a socket they still had is closed as replaced. */
  reconnect(peer: Peer, socket: PeerSocket): void {
    if (peer.presence.state === 'here') peer.presence.socket.close('replaced');
    else peer.presence.stop();
    peer.presence = { state: 'here', socket };
  }

  /**
   * Someone known goes on from another window or device, which has shown by itself who they are. From now on they hang
   * on its log-in, and the resume token of the one before is worth nothing.
   */
  takeOver(peer: Peer, socket: PeerSocket, identity: Identity): void {
    this.byToken.delete(peer.resumeToken);
    peer.resumeToken = newToken(peer.id);
    this.byToken.set(peer.resumeToken, peer);
    peer.identity = identity;
    this.reconnect(peer, socket);
    peer.changed();
  }

  /**
   * Somebody who was not here. Their id must not be in use. `token`: the one they have shown, which stays theirs, since
   * nobody knows whether the answer to it arrives.
   */
  register(
    identity: Identity,
    allowance: Allowance,
    socket: PeerSocket,
    token = newToken(identity.userId),
  ): Peer {
    const peer = new Peer(identity, allowance, token, socket, this.clock.now());
    this.byId.set(peer.id, peer);
    this.byToken.set(token, peer);
    this.events.emit((listener) => listener.registered?.(peer));
    return peer;
  }

  /** Their log-in or their account is no more: the place is given up at once, and the socket closed. */
  signOut(peer: Peer): void {
    if (this.byId.get(peer.id) !== peer) return;
    const { presence } = peer;
    if (presence.state === 'away') presence.stop();
    this.forget(peer);
    if (presence.state === 'here') presence.socket.close('signedOut');
  }

  /** Their seat is on another node from now on: nothing of theirs ends, and nothing of them is left here. */
  release(peer: Peer): void {
    if (this.byId.get(peer.id) !== peer) return;
    this.byId.delete(peer.id);
    this.byToken.delete(peer.resumeToken);
    const { presence } = peer;
    if (presence.state === 'away') presence.stop();
    else presence.socket.close('replaced');
  }

  /** To be called after `connected` was sent, so that what the person was doing is told after it. */
  announceResumed(peer: Peer): void {
    this.events.emit((listener) => listener.back?.(peer));
  }

  /** The socket behind `socket` is closed. Ignored when the person has another one by now, or is forgotten. */
  disconnect(peer: Peer, socket: PeerSocket, reason: DisconnectReason): void {
    if (this.byId.get(peer.id) !== peer) return;
    if (peer.presence.state !== 'here' || peer.presence.socket !== socket) return;
    if (reason === 'good_bye') {
      this.forget(peer);
      return;
    }
    const graceMs = reason === 'page_closed' ? this.gracePeriods.pageClosed : this.gracePeriods.dropped;
    const stop = this.clock.after(graceMs, () => this.forget(peer));
    peer.presence = { state: 'away', until: this.clock.now() + graceMs, stop };
    this.events.emit((listener) => listener.away?.(peer, graceMs, reason));
  }

  /** Forgets everybody at once: the node is going down. */
  close(): void {
    for (const peer of [...this.byId.values()]) {
      if (peer.presence.state === 'away') peer.presence.stop();
      this.byId.delete(peer.id);
      this.byToken.delete(peer.resumeToken);
    }
  }

  private forget(peer: Peer): void {
    if (!this.byId.delete(peer.id)) return;
    this.byToken.delete(peer.resumeToken);
    this.events.emit((listener) => listener.gone?.(peer));
  }
}

/** Nobody can guess the first part; the second one says where to look for whom it belongs to. */
const newToken = (peerId: string): string => `${randomBytes(24).toString('base64url')}.${peerId}`;

/** Whom a resume token would belong to; whether it does is not said. */
export const peerIdOf = (resumeToken: string): string => resumeToken.slice(resumeToken.indexOf('.') + 1);
