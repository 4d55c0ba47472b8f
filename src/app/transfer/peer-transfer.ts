import { DomainError } from '../../domain/error';
import type { Calls } from '../calls/calls';
import { peerIdOf, type PeerRegistry } from '../peers/peer-registry';
import type { Peer } from '../peers/peer';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { Lease, LeaseStore } from '../ports/lease-store';
import type { Lobby } from '../matchmaking/lobby';
import type { RemoteCalls } from '../calls/remote-calls';
import { remotePeerState } from '../calls/remote-peer';
import type { OwnedCalls } from '../calls/owned-calls';
import { peerSnapshotSchema, type RequestData, type PeerSnapshot } from '../cluster/contract';
import type { ClusterMedia } from '../lines/cluster-media';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import { hashOf, gatewayKey, GATEWAY_TTL_MS, type PeerSnapshots } from './peer-snapshots';

/** How long a node that does not answer is waited for until it is known to be dead, and how often it is asked. */
const PATIENCE_MS = 3_000;
const ASK_AGAIN_MS = 100;
const YIELD_MS = 1_500;
/** How long somebody who was given up is given again to the node that has them, should the answer have been lost. */
const GIVEN_MS = 10_000;
/** Moves of one person that are followed, where they are moved faster than they can be found. */
const MOST_MOVES = 4;

export interface PeerTransferDeps {
  readonly leases: LeaseStore;
  readonly snapshots: PeerSnapshots;
  readonly membership: Membership;
  readonly messenger: NodeMessenger;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly lobby: Lobby;
  readonly remoteCalls: RemoteCalls;
  readonly ownedCalls: OwnedCalls;
  readonly media: ClusterMedia;
  readonly clock: Clock;
  readonly reportError: (error: unknown, message: string) => void;
}

/**
 * Which node a person is seated at. A person has one seat: their lease says where. Whoever comes to another node is
 * given up by the old one with all they were doing; where that is dead, the note it left is taken instead.
 */
export class PeerTransfer {
  /** By person: whom this node has given up a moment ago, and to which node. */
  private readonly given = new Map<string, { readonly note: PeerSnapshot; readonly to: NodeAddress }>();

  constructor(private readonly deps: PeerTransferDeps) {
    deps.messenger.onRequest('peer_release', async (asked, from) => ({
      note: await this.yield(asked, from),
    }));
  }

  /** The person whose token this is, if they were seated elsewhere: from now on their seat is here. Null: nobody. */
  async recall(resumeToken: string): Promise<PeerSnapshot | null> {
    const tokenHash = hashOf(resumeToken);
    return this.quietly(() => this.fetch(peerIdOf(resumeToken), tokenHash));
  }

  /** Whether somebody is seated at another node, and has a socket there. */
  async elsewhere(peerId: string): Promise<{ isHere: boolean } | null> {
    return this.quietly(async () => {
      const lease = await this.deps.leases.find(gatewayKey(peerId));
      if (lease === null || lease.holder === this.deps.messenger.self) return null;
      const note = snapshotIn(lease);
      return note === null ? null : { isHere: note.isHere && !this.deps.membership.isDead(lease.holder) };
    });
  }

  /** Takes somebody from the node where they are seated; whoever asks knows that they may. */
  async take(peerId: string): Promise<PeerSnapshot | null> {
    return this.quietly(() => this.fetch(peerId, null));
  }

  /** Their seat is at another node now: nothing is ended, and nothing is left here. */
  async vacate(peer: Peer, gateway: NodeAddress): Promise<void> {
    const { peers, lobby, remoteCalls, ownedCalls, calls, media } = this.deps;
    const { state } = peer;
    const line = media.lineOf(peer.id);
    media.leave(peer.id);
    peers.release(peer);
    if (state.kind === 'cooldown') state.stop();
    if (state.kind === 'searching') await lobby.away(peer);
    if (state.kind !== 'in_call') return;
    remoteCalls.remove(peer);
    const call = calls.get(state.callId);
    if (call !== undefined) ownedCalls.moveGatewayAway(call, remotePeerState(peer, state, line), gateway);
  }

  /** Follows them where they move on meanwhile. */
  private async fetch(peerId: string, tokenHash: string | null): Promise<PeerSnapshot | null> {
    for (let moves = 0; moves < MOST_MOVES; moves += 1) {
      const found = await this.fetchOnce(peerId, tokenHash);
      if (found !== 'moving') return found;
      await new Promise<void>((resolve) => this.deps.clock.after(ASK_AGAIN_MS, resolve));
    }
    return null;
  }

  private async fetchOnce(peerId: string, tokenHash: string | null): Promise<PeerSnapshot | 'moving' | null> {
    const { leases, messenger, membership } = this.deps;
    const { self } = messenger;
    const key = gatewayKey(peerId);
    const lease = await leases.find(key);
    if (lease === null) return null;
    const left = snapshotIn(lease);
    if (left === null || (tokenHash !== null && left.tokenHash !== tokenHash)) return null;
    // This node's own note of somebody it does not know any more: on their way to where it has given them, or gone.
    if (lease.holder === self) return this.given.has(peerId) ? 'moving' : null;
    const note = membership.isDead(lease.holder)
      ? left
      : await this.askFor(peerId, tokenHash, lease.holder, left);
    if (note === null || note === 'moving') return note;
    const taken = await leases.take(key, self, { ttlMs: GATEWAY_TTL_MS, from: lease.holder });
    return taken.holder === self ? note : 'moving';
  }

  /**
   * Asks the other node until it answers or is known to be dead; null when it does not give the person. `moving`: it does
   * not have them, though their lease says so.
   */
  private async askFor(
    peerId: string,
    tokenHash: string | null,
    holder: NodeAddress,
    left: PeerSnapshot,
  ): Promise<PeerSnapshot | 'moving' | null> {
    const { messenger, membership, clock } = this.deps;
    const until = clock.now() + PATIENCE_MS;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await messenger.request(holder, 'peer_release', { peerId, tokenHash }, YIELD_MS)).note;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        // Given up in answer to an earlier question, which came too late: the node had stood still.
        if (error.code === 'not_found' && attempt > 1) return left;
        if (error.code === 'not_found') return 'moving';
        if (error.code !== 'node_unreachable') return null;
      }
      if (membership.isDead(holder) || !membership.isKnown(holder)) return left;
      if (clock.now() >= until) return null;
      await new Promise<void>((resolve) => clock.after(ASK_AGAIN_MS, resolve));
    }
  }

  /** Gives somebody up who is at another node now. */
  private async yield(
    { peerId, tokenHash }: RequestData<'peer_release'>,
    to: NodeAddress,
  ): Promise<PeerSnapshot> {
    const { peers, snapshots, clock } = this.deps;
    const peer = peers.get(peerId);
    if (peer === undefined) {
      const given = this.given.get(peerId);
      const isTheirs = given?.to === to && (tokenHash === null || given.note.tokenHash === tokenHash);
      if (isTheirs) return given.note;
      throw new DomainError('not_found', 'they are not seated here');
    }
    if (tokenHash !== null && hashOf(peer.resumeToken) !== tokenHash) {
      throw new DomainError('unauthorized', 'that token is not theirs any more');
    }
    const given = { note: snapshots.snapshotOf(peer), to };
    this.given.set(peerId, given);
    clock.after(GIVEN_MS, () => {
      if (this.given.get(peerId) === given) this.given.delete(peerId);
    });
    await this.vacate(peer, to);
    return given.note;
  }

  /** Without the store nobody can be found elsewhere: they are greeted as if they had come for the first time. */
  private async quietly<T>(task: () => Promise<T | null>): Promise<T | null> {
    try {
      return await task();
    } catch (error) {
      this.deps.reportError(error, 'a seat could not be looked for on other nodes');
      return null;
    }
  }
}

function snapshotIn(lease: Lease): PeerSnapshot | null {
  return lease.value === '' ? null : peerSnapshotSchema.parse(JSON.parse(lease.value));
}
