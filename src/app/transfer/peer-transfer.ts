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
import { peerRelease } from './messages';
import { peerSnapshotSchema, type PeerSnapshot } from './peer-snapshot';
import { hashOf, type PeerSnapshots } from './peer-snapshots';

/**
 * How long requests to an unresponsive gateway are repeated while it is not known to be dead, and the pause between. A
 * node that has stood still itself needs two seconds more until it knows who is dead; whoever is given up before that is
 * a new guest, and has lost what they were doing.
 */
const PATIENCE_MS = 6_000;
const RETRY_MS = 100;
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

export interface PeerTransferDeps {
  /** `find` does not wait long: somebody greets. */
  readonly leases: Pick<LeaseStore, 'find' | 'take'>;
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
    deps.snapshots.on({
      taken: (peer) =>
        void this.vacate(peer, '').catch((error: unknown) =>
          deps.reportError(error, 'a peer could not be released'),
        ),
    });
  }

  /** Takes the peer with this token from another gateway. Null: no other gateway has such a peer. */
  async claimByToken(resumeToken: string): Promise<PeerSnapshot | null> {
    const tokenHash = hashOf(resumeToken);
    return this.orNull(() => this.follow(peerIdOf(resumeToken), tokenHash));
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
  async claim(peerId: string): Promise<PeerSnapshot | null> {
    return this.orNull(() => this.follow(peerId, null));
  }

  /** That node is the peer's gateway now. Nothing of the peer ends, and nothing of the peer is left here. */
  private async vacate(peer: Peer, gateway: NodeAddress): Promise<void> {
    const { peers, lobby, remoteCalls, ownedCalls, calls, lines, clock } = this.deps;
    const { state } = peer;
    const line = lines.lineOf(peer.id);
    lines.handOver(peer.id);
    peers.release(peer);
    if (state.kind === 'cooldown') state.stop();
    if (state.kind === 'searching') await lobby.away(peer);
    if (state.kind !== 'in_call') return;
    remoteCalls.remove(peer);
    const call = calls.get(state.callId);
    const waited = { wishes: state.wishes, waitedMs: ageOf(clock, state.since) };
    if (call !== undefined) ownedCalls.moveGatewayAway(call, remotePeerState(peer, waited, line), gateway);
  }

  /** Claims a peer, and follows them if they move on meanwhile. */
  private async follow(peerId: string, tokenHash: string | null): Promise<PeerSnapshot | null> {
    let found: Claimed = null;
    for (let moves = 0; moves < MOST_MOVES; moves += 1) {
      found = await this.claimOnce(peerId, tokenHash);
      if (found !== 'moving' && found !== 'released') return found;
      await new Promise<void>((resolve) => this.deps.clock.after(RETRY_MS, resolve));
    }
    return found === 'released' ? this.takeBack(peerId, tokenHash) : null;
  }

  /**
   * The node to which this one has released the peer does not take the lease: it stands still, and the peer's client
   * has come back here. If that node takes the lease later, the peer moves once more.
   */
  private takeBack(peerId: string, tokenHash: string | null): PeerSnapshot | null {
    const snapshot = this.released.get(peerId)?.snapshot;
    if (snapshot === undefined || (tokenHash !== null && snapshot.tokenHash !== tokenHash)) return null;
    this.released.delete(peerId);
    return snapshot;
  }

  private async claimOnce(peerId: string, tokenHash: string | null): Promise<Claimed> {
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
        : await this.requestRelease(peerId, tokenHash, lease.holder, left);
    if (snapshot === null || snapshot === 'moving') return snapshot;
    const taken = await leases.take(key, self, { ttlMs: GATEWAY_TTL_MS, from: lease.holder });
    return taken.holder === self ? snapshot : 'moving';
  }

  /**
   * Requests the release until the gateway replies or is known to be dead. Null when the gateway does not release the
   * peer. `moving`: the gateway does not have the peer, though the lease says so.
   */
  private async requestRelease(
    peerId: string,
    tokenHash: string | null,
    holder: NodeAddress,
    left: PeerSnapshot,
  ): Promise<PeerSnapshot | 'moving' | null> {
    const { messenger, membership, clock } = this.deps;
    const until = clock.elapsed() + PATIENCE_MS;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const request = { peerId, tokenHash };
        return (await messenger.request(holder, peerRelease, request, RELEASE_TIMEOUT_MS)).snapshot;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        // After the first attempt: an earlier request released the peer, and its reply came too late.
        if (error.code === 'not_found') return attempt > 1 ? left : 'moving';
        if (error.code !== 'node_unreachable') return null;
      }
      if (!membership.isReachable(holder)) return left;
      if (clock.elapsed() >= until) return null;
      await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
    }
  }

  /** Releases a peer who has connected to another node. */
  private async release(
    { peerId, tokenHash }: DataOf<typeof peerRelease>,
    to: NodeAddress,
  ): Promise<PeerSnapshot> {
    const { peers, snapshots, clock } = this.deps;
    const peer = peers.get(peerId);
    if (peer === undefined) {
      const released = this.released.get(peerId);
      const isRepeated =
        released?.to === to && (tokenHash === null || released.snapshot.tokenHash === tokenHash);
      if (isRepeated) return released.snapshot;
      throw new DomainError('not_found', 'this node is not the gateway of this peer');
    }
    if (tokenHash !== null && hashOf(peer.resumeToken) !== tokenHash) {
      throw new DomainError('unauthorized', 'the token is not the one of this peer any more');
    }
    const released = { snapshot: snapshots.snapshotOf(peer), to };
    this.released.set(peerId, released);
    clock.after(RELEASED_MS, () => {
      if (this.released.get(peerId) === released) this.released.delete(peerId);
    });
    await this.vacate(peer, to);
    return released.snapshot;
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
