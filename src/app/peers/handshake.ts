import { randomUUID } from 'node:crypto';
import { DomainError } from '../../domain/error';
import type { Place } from '../../domain/guest-limits';
import { guestName } from '../../domain/names';
import { furtherWindowId, userIdOf } from '../../domain/users';
import type { Allowance } from '../plans/allowance';
import type { Plans } from '../plans/plans';
import type { Credentials, Identity } from '../accounts/identity';
import type { PeerRegistry } from './peer-registry';
import type { PeerSocket, Peer } from './peer';

/** Finds the identity of a browser by its cookies. */
export interface IdentityResolver {
  /** Null: no known identity. Throws `DomainError('records_unavailable')` when that cannot be found out now. */
  identify(credentials: Credentials): Promise<Identity | null>;
}

export interface GuestAdmission {
  /** The guest of this session; null when the session is not valid any more. */
  admit(session: string, isNew: boolean): Promise<Identity | null>;
}

/** A peer who was released by another gateway, with what they were doing there. */
export interface TransferredPeer {
  readonly identity: Identity;
  /** Lets `peer`, who stands for them on this node, go on with what they were doing. */
  restore(peer: Peer): void;
}

/** Peers at other gateways. No method throws: if the other gateways cannot be reached, a peer counts as new. */
export interface PeerDirectory {
  /** Takes the peer with this resume token from their gateway. `isWanted` says whether their client still waits. */
  claimByToken(resumeToken: string, isWanted: () => boolean): Promise<TransferredPeer | null>;
  findElsewhere(peerId: string): Promise<{ readonly isHere: boolean } | null>;
  /** Takes a peer whose identity the caller has verified from their gateway. */
  claim(peerId: string, isWanted: () => boolean): Promise<TransferredPeer | null>;
}

/** New people are let in at the pace that this node can carry. */
export interface Arrivals {
  /** Resolves when it is their turn. Throws `DomainError('server_busy')`. */
  wait(kind: 'greeting'): Promise<void>;
}

/** The guests of one address are let in at a pace that they share. */
export interface GreetingPace {
  /** Answers 0, or how long a guest who comes from there has to wait (ms). */
  greeting(place: Place): Promise<number>;
  greetingRefused(): void;
}

/** What the client of a socket shows when it says hello. */
export interface Hello {
  readonly credentials: Credentials;
  readonly place: Place;
  readonly resumeToken?: string | undefined;
}

export interface HandshakeDeps {
  /** Blocks that the records may not have yet. */
  readonly latelyBlocked: { of(userId: string): readonly string[] };
  readonly arrivals: Arrivals;
  readonly pace: GreetingPace;
  readonly directory: PeerDirectory;
  readonly peers: PeerRegistry;
  readonly identities: IdentityResolver;
  readonly admission: GuestAdmission;
  readonly plans: Pick<Plans, 'allowanceOf'>;
}

/** Finds the peer of a client that says hello: by its resume token, by its cookies, or else a new peer. */
export class Handshake {
  /** For each handshake under way: users who were logged out, erased or became an account meanwhile. */
  private readonly underWay = new Set<Set<string>>();
  /** By resume token. Sockets that show the same token take turns, so that the peer is claimed once. */
  private readonly claims = new Map<string, Promise<unknown>>();

  constructor(private readonly deps: HandshakeDeps) {}

  /** A user was logged out, erased or became an account. A handshake may have read their records before that. */
  identityRevoked(userId: string): void {
    for (const revoked of this.underWay) revoked.add(userId);
  }

  /**
   * Throws `DomainError('server_busy')` to a new peer when too many come at once, here or from their address; whoever
   * resumes never waits.
   *
   * `isOpen` says whether the socket is still open. Undefined: the socket closed during the handshake.
   *
   * An account has one peer: if it says hello from a second window, the peer goes on there. A guest's second window
   * is a second guest, so that people can try the page in two windows without knowing what a guest is.
   */
  async complete(
    socket: PeerSocket,
    isOpen: () => boolean,
    { credentials, place, resumeToken }: Hello,
  ): Promise<{ peer: Peer; resumed: boolean } | undefined> {
    const { peers } = this.deps;
    const back = resumeToken === undefined ? null : await this.resume(resumeToken, socket, isOpen);
    if (back !== null) return back;
    // Before anybody takes a turn or is looked up, so that a flood from one address costs the others nothing.
    await this.checkPace(credentials, place);
    await this.deps.arrivals.wait('greeting');
    if (!isOpen()) return undefined;
    const { identity, allowance } = await this.read(credentials);
    if (!isOpen()) return undefined;
    const present = peers.get(identity.userId);
    if (present === undefined) return this.registerOrTransfer(identity, allowance, socket, isOpen);
    if (!identity.isAnonymous || !present.isHere) {
      peers.takeOver(present, socket, identity);
      return { peer: present, resumed: true };
    }
    return { peer: this.registerFurtherWindow(identity, present.allowance, socket), resumed: false };
  }

  private async checkPace(credentials: Credentials, place: Place): Promise<void> {
    const waitMs = await this.deps.pace.greeting(place);
    if (waitMs === 0 || (await this.isNeverPaced(credentials))) return;
    this.deps.pace.greetingRefused();
    throw new DomainError('server_busy', 'too many people come from this address', waitMs);
  }

  /** Whether an account comes, or a guest whose place is held: a browser may have kept nothing but its cookie. */
  private async isNeverPaced(credentials: Credentials): Promise<boolean> {
    const { identities, peers, directory } = this.deps;
    if (credentials.logIn === null && credentials.isNewGuest === true) return false;
    const identity = await identities.identify(credentials);
    if (identity === null) return false;
    if (!identity.isAnonymous) return true;
    const present = peers.get(identity.userId);
    if (present !== undefined) return !present.isHere;
    return (await directory.findElsewhere(identity.userId))?.isHere === false;
  }

  /**
   * The peer with this resume token, at whichever gateway they are. Null: the token is unknown or not valid any more.
   */
  private async resume(
    token: string,
    socket: PeerSocket,
    isOpen: () => boolean,
  ): Promise<{ peer: Peer; resumed: boolean } | null | undefined> {
    const { peers, directory } = this.deps;
    for (;;) {
      const holder = peers.findByResumeToken(token);
      if (holder !== undefined) {
        peers.reconnect(holder, socket);
        return { peer: holder, resumed: true };
      }
      const before = this.claims.get(token);
      if (before === undefined) break;
      await before;
      if (!isOpen()) return undefined;
    }
    const claim = async (): Promise<{ peer: Peer; resumed: boolean } | null | undefined> => {
      const transferred = await directory.claimByToken(token, isOpen);
      return transferred === null
        ? null
        : this.takeTransferred(transferred, transferred.identity, socket, isOpen, token);
    };
    const claiming = claim().finally(() => this.claims.delete(token));
    this.claims.set(
      token,
      claiming.catch(() => undefined),
    );
    return claiming;
  }

  /** For an identity without a peer here: takes the peer from another gateway, or registers a new one. */
  private async registerOrTransfer(
    identity: Identity,
    allowance: Allowance,
    socket: PeerSocket,
    isOpen: () => boolean,
  ): Promise<{ peer: Peer; resumed: boolean } | undefined> {
    const { peers, directory } = this.deps;
    const elsewhere = await directory.findElsewhere(identity.userId);
    if (!isOpen()) return undefined;
    if (elsewhere !== null && identity.isAnonymous && elsewhere.isHere) {
      return { peer: this.registerFurtherWindow(identity, allowance, socket), resumed: false };
    }
    const transferred = elsewhere === null ? null : await directory.claim(identity.userId, isOpen);
    if (transferred !== null) return this.takeTransferred(transferred, identity, socket, isOpen);
    if (!isOpen()) return undefined;
    // Two sockets of one user may have said hello at the same time.
    const present = peers.get(identity.userId);
    if (present === undefined) return { peer: this.register(identity, allowance, socket), resumed: false };
    peers.takeOver(present, socket, identity);
    return { peer: present, resumed: true };
  }

  /**
   * The new guest shares the minutes and the blocks of the first window, so that a second window is no way around a
   * plan or a block. It has the same name, which the pages of every window show as the user's.
   */
  private registerFurtherWindow(identity: Identity, allowance: Allowance, socket: PeerSocket): Peer {
    const userId = furtherWindowId(identity.userId, randomUUID());
    return this.register({ ...identity, userId }, allowance, socket);
  }

  /** A block that an open window has made counts in the new one even if the records do not have it. */
  private register(identity: Identity, allowance: Allowance, socket: PeerSocket, token?: string): Peer {
    const { peers, latelyBlocked } = this.deps;
    const userId = userIdOf(identity.userId);
    const windows = peers.windowsOf(userId);
    const blocked = new Set([
      ...identity.blocked,
      ...latelyBlocked.of(userId),
      ...windows.flatMap((window) => [...window.blocked]),
    ]);
    return peers.register({ ...identity, blocked: [...blocked] }, allowance, socket, token);
  }

  /**
   * Registers a peer whom their former gateway has released. That gateway does not have the peer any more, so they
   * are registered here even if their socket has closed meanwhile: as away.
   */
  private async takeTransferred(
    transferred: TransferredPeer,
    identity: Identity,
    socket: PeerSocket,
    isOpen: () => boolean,
    token?: string,
  ): Promise<{ peer: Peer; resumed: boolean } | undefined> {
    const { peers, plans } = this.deps;
    const allowance = await plans.allowanceOf(identity);
    // Another socket of the same user may have completed its handshake meanwhile, as a new peer.
    const present = peers.get(identity.userId);
    if (present !== undefined) peers.takeOver(present, socket, identity);
    const peer = present ?? this.register(identity, allowance, socket, token);
    if (peer.state.kind === 'idle') transferred.restore(peer);
    if (isOpen()) return { peer, resumed: true };
    peers.disconnect(peer, socket, 'dropped');
    // The owner of their call and the node of their line need to know the gateway, with a socket or without.
    peers.announceResumed(peer);
    return undefined;
  }

  /** Reads the client's identity and allowance, and reads again if that user was logged out meanwhile. */
  private async read(credentials: Credentials): Promise<{ identity: Identity; allowance: Allowance }> {
    const { identities, plans } = this.deps;
    for (;;) {
      const revoked = new Set<string>();
      this.underWay.add(revoked);
      try {
        const identity = await this.identityFor(await identities.identify(credentials), credentials);
        const allowance = await plans.allowanceOf(identity);
        if (!revoked.has(identity.userId)) return { identity, allowance };
      } finally {
        this.underWay.delete(revoked);
      }
    }
  }

  private async identityFor(known: Identity | null, { guest, isNewGuest }: Credentials): Promise<Identity> {
    if (known !== null) return known;
    const admitted = guest === null ? null : await this.deps.admission.admit(guest, isNewGuest === true);
    return admitted ?? anotherGuest();
  }
}

/** A guest of this window alone, whom no session remembers. */
const anotherGuest = (): Identity => ({
  userId: `guest_${randomUUID()}`,
  name: guestName(Math.random),
  isAnonymous: true,
  ageBand: null,
  blocked: [],
  logInId: null,
  guestSession: null,
});
