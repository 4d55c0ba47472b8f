import { randomUUID } from 'node:crypto';
import { guestName } from '../../domain/names';
import type { Allowance } from '../plans/allowance';
import type { Plans } from '../plans/plans';
import type { Credentials, Identity } from '../accounts/identity';
import type { PeerRegistry } from './peer-registry';
import type { PeerSocket, Peer } from './peer';

/** Who a browser is, from what its cookies say. */
export interface IdentityResolver {
  /** Null: nobody known. Throws `DomainError('records_unavailable')` when that cannot be told now. */
  identify(credentials: Credentials): Promise<Identity | null>;
}

export interface GuestAdmission {
  /** The guest of this session; null where it lets nobody in. */
  admit(session: string, isNew: boolean): Promise<Identity | null>;
}

/** Somebody who had their seat on another node until now, with what they were doing there. */
export interface TransferredPeer {
  readonly identity: Identity;
  /** Puts what they were doing into the person they are here. */
  restore(peer: Peer): void;
}

/** Seats on other nodes. None of these throws: without word from them people are greeted as if they were new. */
export interface PeerDirectory {
  /** The person whose token this is, given up by the node where they were. */
  claimByToken(resumeToken: string): Promise<TransferredPeer | null>;
  findElsewhere(peerId: string): Promise<{ readonly isHere: boolean } | null>;
  /** Somebody who is known to be whom they say they are. */
  claim(peerId: string): Promise<TransferredPeer | null>;
}

export interface HandshakeDeps {
  readonly directory: PeerDirectory;
  readonly peers: PeerRegistry;
  readonly identities: IdentityResolver;
  readonly admission: GuestAdmission;
  readonly plans: Pick<Plans, 'allowanceOf'>;
}

/** Who said hello: the person they were a moment ago, the one their cookies tell of, or somebody new. */
export class Handshake {
  /** Of each greeting under way: who was logged out, erased or became somebody else meanwhile. */
  private readonly underWay = new Set<Set<string>>();
  /** Sockets that show the same token take turns, so that the person is fetched once. */
  private readonly recalls = new Map<string, Promise<unknown>>();

  constructor(private readonly deps: HandshakeDeps) {}

  /** To be told when somebody is logged out, erased or somebody else: what is being read of them may be from before. */
  identityRevoked(userId: string): void {
    for (const revoked of this.underWay) revoked.add(userId);
  }

  /**
   * `isOpen` tells whether the socket still is, since this takes a moment: undefined when it closed meanwhile.
   *
   * An account is in one place at a time: greeted from a second window, it goes on there. A guest's second window is
   * a second guest, so that nobody has to know what a guest is to try the page in two windows.
   */
  async complete(
    socket: PeerSocket,
    isOpen: () => boolean,
    credentials: Credentials,
    resumeToken: string | undefined,
  ): Promise<{ peer: Peer; resumed: boolean } | undefined> {
    const { peers } = this.deps;
    const back = resumeToken === undefined ? null : await this.resume(resumeToken, socket, isOpen);
    if (back !== null) return back;
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

  /** Whose token this is, from wherever they are; null: nobody's, or nobody's any more. */
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
      const before = this.recalls.get(token);
      if (before === undefined) break;
      await before;
      if (!isOpen()) return undefined;
    }
    const recall = async (): Promise<{ peer: Peer; resumed: boolean } | null | undefined> => {
      const recalled = await directory.claimByToken(token);
      return recalled === null
        ? null
        : this.takeTransferred(recalled, recalled.identity, socket, isOpen, token);
    };
    const recalling = recall().finally(() => this.recalls.delete(token));
    this.recalls.set(
      token,
      recalling.catch(() => undefined),
    );
    return recalling;
  }

  /** Somebody who is not seated here; perhaps they are elsewhere. */
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
    const fetched = elsewhere === null ? null : await directory.claim(identity.userId);
    if (fetched !== null) return this.takeTransferred(fetched, identity, socket, isOpen);
    if (!isOpen()) return undefined;
    // Two sockets of one person may have come at the same time.
    const present = peers.get(identity.userId);
    if (present === undefined) return { peer: peers.register(identity, allowance, socket), resumed: false };
    peers.takeOver(present, socket, identity);
    return { peer: present, resumed: true };
  }

  /** Their minutes are the first window's: a second one is no way around a plan. */
  private registerFurtherWindow(identity: Identity, allowance: Allowance, socket: PeerSocket): Peer {
    return this.deps.peers.register({ ...anotherGuest(), windowOf: identity.userId }, allowance, socket);
  }

  /**
   * Somebody who is nowhere else any more. So they are seated here even if their socket has closed meanwhile: as
   * somebody who is away.
   */
  private async takeTransferred(
    fetched: TransferredPeer,
    identity: Identity,
    socket: PeerSocket,
    isOpen: () => boolean,
    token?: string,
  ): Promise<{ peer: Peer; resumed: boolean } | undefined> {
    const { peers, plans } = this.deps;
    const allowance = await plans.allowanceOf(identity);
    // Another socket of theirs may have come meanwhile, and begun anew here.
    const present = peers.get(identity.userId);
    if (present !== undefined) peers.takeOver(present, socket, identity);
    const peer = present ?? peers.register(identity, allowance, socket, token);
    if (peer.state.kind === 'idle') fetched.restore(peer);
    if (isOpen()) return { peer, resumed: true };
    peers.disconnect(peer, socket, 'dropped');
    // Their call and their line have to know where their seat is, with a socket or without.
    peers.announceResumed(peer);
    return undefined;
  }

  /** Who they are and what they may do, read again if it was they who were logged out meanwhile. */
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

/** A guest of this window alone: no session remembers them. */
const anotherGuest = (): Identity => ({
  userId: `guest_${randomUUID()}`,
  name: guestName(Math.random),
  isAnonymous: true,
  ageBand: null,
  blocked: [],
  logInId: null,
  guestSession: null,
});
