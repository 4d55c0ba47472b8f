import { DomainError } from '../../domain/error';
import type { Calls } from '../calls/calls';
import type { OwnedCalls } from '../calls/owned-calls';
import type { RemoteCalls } from '../calls/remote-calls';
import { remotePeerState } from '../calls/remote-peer';
import type { Membership } from '../cluster/membership';
import type { DataOf } from '../cluster/messages';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineDirectory } from '../lines/line-directory';
import type { Lobby } from '../matchmaking/lobby';
import { gatewayKey, GATEWAY_TTL_MS } from '../peers/gateway-lease';
import type { Peer } from '../peers/peer';
import { peerIdOf, type PeerRegistry } from '../peers/peer-registry';
import { ageOf } from '../ports/ages';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Lease, LeaseStore } from '../ports/lease-store';
import { peerRelease, peerTaken } from './messages';
import { peerSnapshotSchema, type PeerSnapshot } from './peer-snapshot';
import { hashOf, type PeerSnapshots } from './peer-snapshots';

/**
 * How long requests to an unresponsive gateway are repeated while it is not known to be dead, and the pause between. Where
 * no other node has watched meanwhile, a node that has stood still itself needs two seconds more until it knows who is
 * dead; whoever is given up before that is a new guest, and has lost what they were doing.
 */
const PATIENCE_MS = 6_000;
const RETRY_MS = 100;
/** After this a node whose client is still there insists on having the peer. */
const INSIST_MS = 30;
const RELEASE_TIMEOUT_MS = 1_500;
/** How long the snapshot of a released peer is given again to the same node, in case the first reply was lost. */
const RELEASED_MS = 10_000;
/** How many moves of one peer are followed when the peer moves faster than they can be found. */
const MOST_MOVES = 4;

/**
 * What a claim has come to. `moving`: another node has the peer or is about to. `released`: this node has released the
 * peer, and the next gateway has not taken the lease yet. Null: no other gateway has such a peer.
 */
type Claimed = PeerSnapshot | 'moving' | 'released' | null;

/** Somebody's wish to have a peer here. */
interface Claim {
  readonly peerId: string;
  /** Of the resume token that was shown; null: the peer's identity was verified otherwise. */
  readonly tokenHash: string | null;
  /** Whether the client still waits. */
  readonly isWanted: () => boolean;
}

export interface PeerTransferDeps {
  /** `find` does not wait long: somebody greets. */
  readonly leases: Pick<LeaseStore, 'find' | 'take'>;
  /** Waits: a peer who is taken back is written down first. */
  readonly fencing: Pick<LeaseStore, 'renew'>;
  readonly snapshots: PeerSnapshots;
  readonly membership: Membership;
  readonly messenger: NodeMessenger;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly lobby: Lobby;
  readonly remoteCalls: RemoteCalls;
  readonly ownedCalls: OwnedCalls;
  readonly lines: LineDirectory;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/**
 * Moves peers from one gateway to another. A peer has one gateway, and a lease says which. When a peer connects to
 * another node, their gateway releases them with a snapshot of all they were doing. If that gateway is dead, the
 * snapshot in the lease is used instead.
 */
export class PeerTransfer {
  /** By peer: the peers whom this node has released lately, and to which node. */
  private readonly released = new Map<
    string,
    { readonly snapshot: PeerSnapshot; readonly to: NodeAddress }
  >();

  constructor(private readonly deps: PeerTransferDeps) {
    deps.messenger.onRequest(peerRelease, async (request, from) => ({
      snapshot: await this.release(request, from),
    }));
    deps.messenger.onNotification(peerTaken, ({ peerId }) => this.lose(peerId));
    deps.snapshots.on({ taken: ({ id }) => this.lose(id) });
  }

  /** Takes the peer with this token from another gateway. Null: no other gateway has such a peer. */
  async claimByToken(resumeToken: string, isWanted: () => boolean): Promise<PeerSnapshot | null> {
    const tokenHash = hashOf(resumeToken);
    return this.orNull(() => this.follow({ peerId: peerIdOf(resumeToken), tokenHash, isWanted }));
  }

  /** Whether another node is the peer's gateway, and has their socket. */
  async findElsewhere(peerId: string): Promise<{ isHere: boolean } | null> {
    return this.orNull(async () => {
      const { leases, messenger, membership } = this.deps;
      const lease = await leases.find(gatewayKey(peerId));
      if (lease === null || lease.holder === messenger.self) return null;
      const snapshot = snapshotIn(lease);
      if (snapshot === null) return null;
      return { isHere: snapshot.isHere && membership.stateOf(lease.holder) !== 'dead' };
    });
  }

  /** Takes a peer from their gateway. The caller has already verified the peer's identity. */
  async claim(peerId: string, isWanted: () => boolean): Promise<PeerSnapshot | null> {
    return this.orNull(() => this.follow({ peerId, tokenHash: null, isWanted }));
  }

  /** Another node has taken the peer's lease. A client that is still here has to come again. */
  private lose(peerId: string): void {
    const lose = async (): Promise<void> => {
      const { peers, leases, messenger } = this.deps;
      if (peers.get(peerId) === undefined) return;
      const lease = await leases.find(gatewayKey(peerId));
      const peer = peers.get(peerId);
      if (peer === undefined || lease === null || lease.holder === messenger.self) return;
      await this.vacate(peer, lease.holder, 'moving');
    };
    lose().catch((error: unknown) => this.deps.reportError(error, 'a peer could not be released'));
  }

  /** That node is the peer's gateway now. Nothing of the peer ends, and nothing of the peer is left here. */
  private async vacate(peer: Peer, gateway: NodeAddress, close: 'replaced' | 'moving'): Promise<void> {
    const { peers, lobby, remoteCalls, ownedCalls, calls, lines, clock } = this.deps;
    const { state } = peer;
    const line = lines.lineOf(peer.id);
    lines.handOver(peer.id);
    peers.release(peer, close);
    if (state.kind === 'cooldown') state.stop();
    if (state.kind === 'searching') await lobby.away(peer);
    if (state.kind !== 'in_call') return;
    remoteCalls.remove(peer);
    const call = calls.get(state.callId);
    const waited = { wishes: state.wishes, waitedMs: ageOf(clock, state.since) };
    if (call !== undefined) ownedCalls.moveGatewayAway(call, remotePeerState(peer, waited, line), gateway);
  }

  /** Claims a peer, and follows them if they move on meanwhile. */
  private async follow(claim: Claim): Promise<PeerSnapshot | null> {
    let found: Claimed = null;
    for (let moves = 0; moves < MOST_MOVES; moves += 1) {
      found = await this.claimOnce(claim);
      if (found !== 'moving' && found !== 'released') return found;
      await new Promise<void>((resolve) => this.deps.clock.after(RETRY_MS, resolve));
      if (!claim.isWanted()) return null;
    }
    return found === 'released' ? this.takeBack(claim) : null;
  }

  /**
   * The node to which this one has released the peer does not take the lease: it stands still, and the peer's client
   * has come back here. Writing the lease makes the release void: that node finds that it has changed, and follows.
   */
  private async takeBack({ peerId, tokenHash }: Claim): Promise<PeerSnapshot | null> {
    const { fencing, messenger, clock } = this.deps;
    const released = this.released.get(peerId)?.snapshot;
    if (released === undefined || (tokenHash !== null && released.tokenHash !== tokenHash)) return null;
    this.released.delete(peerId);
    const ageMs = Math.max(1, clock.now() - released.writtenAt);
    // The time is what tells this value from the one before.
    const value = JSON.stringify({ ...released, writtenAt: released.writtenAt + ageMs });
    const lost = await fencing.renew(messenger.self, [{ key: gatewayKey(peerId), value }], GATEWAY_TTL_MS);
    return lost.length > 0 ? null : released;
  }

  private async claimOnce(claim: Claim): Promise<Claimed> {
    const { peerId, tokenHash } = claim;
    const { leases, messenger, membership } = this.deps;
    const { self } = messenger;
    const key = gatewayKey(peerId);
    const lease = await leases.find(key);
    if (lease === null) return null;
    const left = snapshotIn(lease);
    if (left === null || (tokenHash !== null && left.tokenHash !== tokenHash)) return null;
    // This node holds the lease of a peer whom it does not know any more: the peer is moving to another node, or
    // gone.
    if (lease.holder === self) return this.released.has(peerId) ? 'released' : null;
    const snapshot =
      membership.stateOf(lease.holder) === 'dead'
        ? left
        : await this.requestRelease(claim, lease.holder, left);
    if (snapshot === null || snapshot === 'moving') return snapshot;
    // If this node stood still since the release, the former gateway may have taken the peer back, and has written.
    const before = { from: lease.holder, unlessChanged: lease.value };
    const taken = await leases.take(key, self, { ttlMs: GATEWAY_TTL_MS, ...before });
    if (taken.holder !== self) return 'moving';
    messenger.notify(lease.holder, peerTaken, { peerId });
    return snapshot;
  }

  /**
   * Requests the release until the gateway replies or is known to be dead. Null when the gateway does not release the
   * peer. `moving`: the gateway does not have the peer, though the lease says so.
   */
  private async requestRelease(
    { peerId, tokenHash, isWanted }: Claim,
    holder: NodeAddress,
    left: PeerSnapshot,
  ): Promise<PeerSnapshot | 'moving' | null> {
    const { messenger, membership, clock } = this.deps;
    const until = clock.elapsed() + PATIENCE_MS;
    let insists = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const request = { peerId, tokenHash, insists };
        const { snapshot } = await messenger.request(holder, peerRelease, request, RELEASE_TIMEOUT_MS);
        if (snapshot !== null) return snapshot;
        insists = true;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        // After the first attempt: an earlier request released the peer, and its reply came too late.
        if (error.code === 'not_found') return attempt > 1 ? left : 'moving';
        if (error.code !== 'node_unreachable') return null;
      }
      if (!membership.isReachable(holder)) return left;
      if (clock.elapsed() >= until) return null;
      await new Promise<void>((resolve) => clock.after(insists ? INSIST_MS : RETRY_MS, resolve));
      // This node stood still, and the client has gone on: a late request would take the peer from where they are.
      if (!isWanted()) return null;
    }
  }

  /** Releases a peer who has connected to another node. */
  private async release(
    { peerId, tokenHash, insists }: DataOf<typeof peerRelease>,
    to: NodeAddress,
  ): Promise<PeerSnapshot | null> {
    const { peers, snapshots, clock } = this.deps;
    const peer = peers.get(peerId);
    if (peer === undefined) {
      return this.releaseAgain(peerId, tokenHash, to);
    }
    if (tokenHash !== null && hashOf(peer.resumeToken) !== tokenHash) {
      throw new DomainError('unauthorized', 'the token is not the one of this peer any more');
    }
    if (peer.isHere && !insists) return null;
    const released = { snapshot: snapshots.snapshotOf(peer), to };
    this.released.set(peerId, released);
    clock.after(RELEASED_MS, () => {
      if (this.released.get(peerId) === released) this.released.delete(peerId);
    });
    await this.vacate(peer, to, 'replaced');
    return released.snapshot;
  }

  /** For the same node, in case the first reply was lost, or for another one where the first has not taken the lease. */
  private async releaseAgain(
    peerId: string,
    tokenHash: string | null,
    to: NodeAddress,
  ): Promise<PeerSnapshot> {
    const { leases, messenger } = this.deps;
    const released = this.released.get(peerId);
    if (released !== undefined && (tokenHash === null || released.snapshot.tokenHash === tokenHash)) {
      if (released.to === to) return released.snapshot;
      const lease = await leases.find(gatewayKey(peerId));
      if (lease?.holder === messenger.self) return released.snapshot;
    }
    throw new DomainError('not_found', 'this node is not the gateway of this peer');
  }

  /** Null when the store cannot be reached: the peer is then handled as if they came for the first time. */
  private async orNull<T>(task: () => Promise<T | null>): Promise<T | null> {
    try {
      return await task();
    } catch (error) {
      this.deps.reportError(error, 'a peer could not be looked up on other nodes');
      return null;
    }
  }
}

function snapshotIn({ value }: Lease): PeerSnapshot | null {
  return value === '' ? null : peerSnapshotSchema.parse(JSON.parse(value));
}
