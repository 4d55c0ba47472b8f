import { randomBytes } from 'node:crypto';
import { userIdOf } from '../../domain/users';
import type { Allowance } from '../plans/allowance';
import type { Clock } from '../ports/clock';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import type { Identity } from '../accounts/identity';
import { Peer, type PeerSocket } from './peer';

export interface PeerEvents {
  /** This node is the peer's gateway from now on. */
  registered(peer: Peer): void;
  /** The peer's socket is gone for now. Their place is held until `graceMs` has passed. */
  away(peer: Peer, graceMs: number, reason: DisconnectReason): void;
  /** The peer is back within the grace period, on a new socket. */
  back(peer: Peer): void;
  /** Nothing of the peer may remain. */
  gone(peer: Peer, how: Departure): void;
}

/**
 * `lost`: the grace period has passed, or the client closed its socket. `left`: their place was given up while they were
 * there, so nobody may be told that a connection was lost.
 */
export type Departure = 'lost' | 'left';

/** How long a place is held, by the way the socket was closed (S4). */
export interface GracePeriods {
  /** The connection dropped. */
  readonly dropped: number;
  /** The page was closed or is being loaded again. The server cannot tell which, so the wait is short. */
  readonly pageClosed: number;
}

/** `moving`: this node has sent the client on to another node, which is about to be the peer's gateway. */
export type DisconnectReason = 'dropped' | 'page_closed' | 'good_bye' | 'moving';

/** How long the partner is not told that a peer who is moving is away. */
export const UNNOTICED_MS = 2_000;

/** The peers whose gateway is this node: peers with a socket, peers who are away for a moment, their resume tokens. */
export class PeerRegistry implements EventSource<PeerEvents> {
  private readonly byId = new Map<string, Peer>();
  private readonly byToken = new Map<string, Peer>();
  /** By user: the peers of all of their windows. */
  private readonly byUser = new Map<string, Set<Peer>>();
  private readonly events = new EventEmitter<PeerEvents>();

  constructor(
    private readonly clock: Clock,
    private readonly gracePeriods: GracePeriods,
    /** Times how long places are held. */
    private readonly graceTimer: Pick<Clock, 'after'> = clock,
  ) {}

  on(listener: Partial<PeerEvents>): void {
    this.events.on(listener);
  }

  get(id: string): Peer | undefined {
    return this.byId.get(id);
  }

  /** The peers of all windows of this user whose gateway is this node. */
  windowsOf(userId: string): readonly Peer[] {
    return [...(this.byUser.get(userId) ?? [])];
  }

  /** Whether this peer is here, on this very socket. */
  isAt(peer: Peer, socket: PeerSocket): boolean {
    const { presence } = peer;
    return this.byId.get(peer.id) === peer && presence.state === 'here' && presence.socket === socket;
  }

  all(): IterableIterator<Peer> {
    return this.byId.values();
  }

  /** The peer with this resume token, if they are still known here. */
  findByResumeToken(resumeToken: string): Peer | undefined {
    return this.byToken.get(resumeToken);
  }

  /** The peer is back on a new socket. A socket that they still had is closed as replaced. */
  reconnect(peer: Peer, socket: PeerSocket): void {
    if (peer.presence.state === 'here') peer.presence.socket.close('replaced');
    else peer.presence.stop();
    peer.presence = { state: 'here', socket };
  }

  /**
   * The peer goes on from another window or device, which has proved their identity with its own cookies. From now on
   * the peer depends on its log-in, and the former resume token is not valid any more.
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
   * Registers a peer who is new on this node. Their id must not be in use. `token`: the resume token that the client
   * has shown. It stays valid, because a reply with a new token might be lost.
   */
  register(
    identity: Identity,
    allowance: Allowance,
    socket: PeerSocket,
    token = newToken(identity.userId),
  ): Peer {
    const peer = new Peer(identity, allowance, token, socket, this.clock.elapsed());
    this.byId.set(peer.id, peer);
    this.byToken.set(token, peer);
    this.addWindow(peer);
    this.events.emit((listener) => listener.registered?.(peer));
    return peer;
  }

  /** The peer's log-in or account is gone: their place is given up at once, and their socket is closed. */
  signOut(peer: Peer): void {
    this.dismiss(peer, 'signedOut');
  }

  /** Gives the peer's place up at once, so that their search or call ends, and closes their socket. */
  dismiss(peer: Peer, close: 'signedOut' | 'banned'): void {
    if (this.byId.get(peer.id) !== peer) return;
    const { presence } = peer;
    if (presence.state === 'away') presence.stop();
    this.forget(peer, presence.state === 'here' ? 'left' : 'lost');
    if (presence.state === 'here') presence.socket.close(close);
  }

  /**
   * Another node is the peer's gateway from now on. Nothing of the peer ends, and nothing of the peer is left here. Where
   * the client still has a socket here, `close` says whether it comes again.
   */
  release(peer: Peer, close: 'replaced' | 'moving'): void {
    if (this.byId.get(peer.id) !== peer) return;
    this.byId.delete(peer.id);
    this.byToken.delete(peer.resumeToken);
    this.removeWindow(peer);
    const { presence } = peer;
    if (presence.state === 'away') presence.stop();
    else presence.socket.close(close);
  }

  /** To be called after `connected` was sent, because listeners then send what the peer was doing. */
  announceResumed(peer: Peer): void {
    this.events.emit((listener) => listener.back?.(peer));
  }

  /** `socket` is closed. Ignored when the peer has another socket by now, or is forgotten. */
  disconnect(peer: Peer, socket: PeerSocket, reason: DisconnectReason): void {
    if (this.byId.get(peer.id) !== peer) return;
    if (peer.presence.state !== 'here' || peer.presence.socket !== socket) return;
    if (reason === 'good_bye') {
      this.forget(peer);
      return;
    }
    const graceMs = reason === 'page_closed' ? this.gracePeriods.pageClosed : this.gracePeriods.dropped;
    const stop = this.graceTimer.after(graceMs, () => this.forget(peer));
    peer.presence = { state: 'away', until: this.clock.elapsed() + graceMs, stop };
    this.events.emit((listener) => listener.away?.(peer, graceMs, reason));
  }

  /** Forgets all peers at once, because the node is going down. */
  close(): void {
    for (const peer of [...this.byId.values()]) {
      if (peer.presence.state === 'away') peer.presence.stop();
      this.byId.delete(peer.id);
      this.byToken.delete(peer.resumeToken);
      this.removeWindow(peer);
    }
  }

  private addWindow(peer: Peer): void {
    const userId = userIdOf(peer.id);
    this.byUser.set(userId, (this.byUser.get(userId) ?? new Set<Peer>()).add(peer));
  }

  private removeWindow(peer: Peer): void {
    const userId = userIdOf(peer.id);
    const windows = this.byUser.get(userId);
    windows?.delete(peer);
    if (windows?.size === 0) this.byUser.delete(userId);
  }

  private forget(peer: Peer, how: Departure = 'lost'): void {
    if (!this.byId.delete(peer.id)) return;
    this.byToken.delete(peer.resumeToken);
    this.removeWindow(peer);
    this.events.emit((listener) => listener.gone?.(peer, how));
  }
}

/** The first part cannot be guessed. The second part is the peer's id, by which the peer is found. */
const newToken = (peerId: string): string => `${randomBytes(24).toString('base64url')}.${peerId}`;

/** The id of the peer whom a resume token names. The token may still be wrong. */
export const peerIdOf = (resumeToken: string): string => resumeToken.slice(resumeToken.indexOf('.') + 1);
