import type { Wishes } from '../../protocol';
import type { CallFailover } from '../calls/failover';
import type { OwnedCalls } from '../calls/owned-calls';
import type { RemoteCalls } from '../calls/remote-calls';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineDirectory } from '../lines/line-directory';
import type { Lobby } from '../matchmaking/lobby';
import { makeTicket } from '../matchmaking/ticket-maker';
import { GATEWAY_TTL_MS } from '../peers/gateway-lease';
import type { Peer } from '../peers/peer';
import { momentOf, storedFor } from '../ports/ages';
import type { Clock } from '../ports/clock';
import type { PeerActivity, PeerSnapshot } from './peer-snapshot';

export interface PeerRestoreDeps {
  readonly lines: LineDirectory;
  readonly membership: Membership;
  readonly messenger: NodeMessenger;
  readonly remoteCalls: RemoteCalls;
  readonly ownedCalls: OwnedCalls;
  readonly failover: CallFailover;
  readonly lobby: Lobby;
  readonly clock: Clock;
}

/** The longest cooldown that is taken over from another node. */
const MOST_COOLDOWN_MS = 60_000;

/** Lets peers who come from another gateway go on with what they were doing there. */
export class PeerRestore {
  /** Peers whose lines are only assumed to exist. They are claimed when the peer's handshake is complete. */
  private readonly assumed = new Set<string>();

  constructor(private readonly deps: PeerRestoreDeps) {}

  /** Puts a peer whose gateway has just become this node into the state of their snapshot. */
  restore(peer: Peer, snapshot: PeerSnapshot): void {
    const { clock } = this.deps;
    const agoMs = storedFor(clock, snapshot.writtenAt, GATEWAY_TTL_MS);
    const moment = (ageMs: number): number => momentOf(clock, ageMs + agoMs);
    peer.restoreEncounters(snapshot.encounters.map(({ peerId, ageMs }) => ({ peerId, at: moment(ageMs) })));
    // The records may not have the latest blocks: they may have been away.
    for (const id of snapshot.identity.blocked) peer.blocked.add(id);
    const { skips } = snapshot;
    peer.skipBucket = skips === null ? undefined : { tokens: skips.tokens, at: moment(skips.ageMs) };
    peer.endedLastCall = snapshot.endedLastCall;
    peer.addressHash = snapshot.addressHash;
    peer.origin = snapshot.origin;
    peer.media = { ...snapshot.media };
    if (snapshot.line !== null) {
      this.deps.lines.assume(peer.id, snapshot.line);
      this.assumed.add(peer.id);
    }
    this.restoreActivity(peer, snapshot.activity, agoMs);
  }

  /** The peer's handshake is complete: claims their line, and tells the owner of their call of this gateway. */
  async back(peer: Peer): Promise<void> {
    const { lines, membership, remoteCalls, failover } = this.deps;
    if (this.assumed.delete(peer.id)) await lines.claim(peer.id);
    const call = remoteCalls.of(peer);
    if (call === undefined) return;
    if (membership.stateOf(call.owner) === 'dead') await failover.takeOver(call);
    else await remoteCalls.rejoin(call);
  }

  forget(peer: Peer): void {
    this.assumed.delete(peer.id);
  }

  /** `agoMs`: how long ago the peer was doing this. */
  private restoreActivity(peer: Peer, activity: PeerActivity, agoMs: number): void {
    const { remoteCalls, ownedCalls, messenger, lobby, clock } = this.deps;
    switch (activity.kind) {
      case 'idle':
        return;
      case 'cooldown': {
        const left = Math.max(0, activity.leftMs - agoMs);
        lobby.startCooldown(peer, activity.wishes, Math.min(MOST_COOLDOWN_MS, left));
        return;
      }
      case 'searching':
        this.searchOn(peer, activity.wishes, momentOf(clock, activity.waitedMs + agoMs));
        return;
      case 'in_call': {
        const { wishes, callId, owner, partner } = activity;
        const since = momentOf(clock, activity.waitedMs + agoMs);
        if (owner !== messenger.self) {
          remoteCalls.add({ callId, peer, partner, wishes, since, owner, announced: true });
          peer.state = { kind: 'in_call', wishes, callId, since, owner };
          return;
        }
        peer.state = { kind: 'in_call', wishes, callId, since };
        if (!ownedCalls.moveGatewayHere(peer, callId)) this.searchOn(peer, wishes, since);
      }
    }
  }

  /** The peer searches on. They are put into the queue when their handshake is complete. */
  private searchOn(peer: Peer, wishes: Wishes, since: number): void {
    const { messenger, clock } = this.deps;
    const at = { node: messenger.self, region: '', since, now: clock.now() };
    const ticket = makeTicket(peer, wishes, at);
    peer.state = { kind: 'searching', wishes, ticket, step: 0, queued: false };
  }
}
