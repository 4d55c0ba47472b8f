import { makeTicket } from '../matchmaking/ticket-maker';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import type { Lobby } from '../matchmaking/lobby';
import type { RemoteCalls } from '../calls/remote-calls';
import type { OwnedCalls } from '../calls/owned-calls';
import type { CallFailover } from '../calls/failover';
import type { PeerSnapshot } from '../cluster/contract';
import type { ClusterMedia } from '../lines/cluster-media';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';

export interface PeerRestoreDeps {
  readonly peers: PeerRegistry;
  readonly media: ClusterMedia;
  readonly membership: Membership;
  readonly messenger: NodeMessenger;
  readonly remoteCalls: RemoteCalls;
  readonly ownedCalls: OwnedCalls;
  readonly failover: CallFailover;
  readonly lobby: Lobby;
  readonly clock: Clock;
  readonly reportError: (error: unknown, message: string) => void;
}

/** However wrong another node's clock is, nobody waits longer for it. */
const MOST_PAUSE_MS = 60_000;

/** People who come from a seat on another node: they go on with what they were doing there. */
export class PeerRestore {
  /** Whose lines are only assumed to be there; that is found out when they have been greeted. */
  private readonly assumed = new Set<string>();

  constructor(private readonly deps: PeerRestoreDeps) {
    deps.peers.on({
      back: (peer) => {
        this.back(peer).catch((error: unknown) => deps.reportError(error, 'somebody could not go on here'));
      },
      gone: (peer) => {
        this.assumed.delete(peer.id);
        deps.remoteCalls.gone(peer);
      },
      away: (peer, graceMs, reason) => deps.remoteCalls.away(peer, graceMs, reason === 'moving'),
    });
  }

  /** Puts somebody who has just been seated here into the state that the note tells of. */
  restore(peer: Peer, note: PeerSnapshot): void {
    peer.restoreEncounters(note.encounters);
    peer.skipBucket = note.skips ?? undefined;
    peer.endedLastCall = note.endedLastCall;
    peer.addressHash = note.addressHash;
    peer.media = { ...note.media };
    if (note.line !== null) {
      this.deps.media.assume(peer.id, note.line);
      this.assumed.add(peer.id);
    }
    this.resumeDoing(peer, note.activity);
  }

  private resumeDoing(peer: Peer, doing: PeerSnapshot['activity']): void {
    const { remoteCalls, ownedCalls, messenger, lobby, clock } = this.deps;
    if (doing.state === 'idle') return;
    if (doing.state === 'cooldown') {
      const left = Math.max(0, doing.until - clock.now());
      lobby.pause(peer, doing.wishes, Math.min(MOST_PAUSE_MS, left));
      return;
    }
    if (doing.state === 'searching') {
      this.searchOn(peer, doing);
      return;
    }
    const { wishes, callId, since, owner, partner } = doing;
    if (owner !== messenger.self) {
      remoteCalls.add({ callId, peer, partner, wishes, since, owner });
      peer.state = { kind: 'in_call', wishes, callId, since, owner: owner };
      return;
    }
    peer.state = { kind: 'in_call', wishes, callId, since };
    if (!ownedCalls.moveGatewayHere(peer, callId)) this.searchOn(peer, doing);
  }

  /** They are put into the queue when they have been greeted. */
  private searchOn(
    peer: Peer,
    { wishes, since }: Pick<Extract<PeerSnapshot['activity'], { since: number }>, 'wishes' | 'since'>,
  ): void {
    const { messenger, clock } = this.deps;
    const now = clock.now();
    const ticket = makeTicket(peer, wishes, {
      node: messenger.self,
      region: '',
      since: Math.min(since, now),
      now,
    });
    peer.state = { kind: 'searching', wishes, ticket, step: 0, queued: false };
  }

  private async back(peer: Peer): Promise<void> {
    const { media, membership, remoteCalls, failover } = this.deps;
    if (this.assumed.delete(peer.id)) await media.claim(peer.id);
    const call = remoteCalls.of(peer);
    if (call === undefined) return;
    if (membership.isDead(call.owner)) await failover.takeOver(call);
    else await remoteCalls.rejoin(call);
  }
}
