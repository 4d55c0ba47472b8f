import { randomUUID } from 'node:crypto';
import { DomainError } from '../../domain/error';
import type { Ticket } from '../../domain/pairing';
import type { OwnedCalls } from '../calls/owned-calls';
import type { RemoteCalls } from '../calls/remote-calls';
import { remotePeerState } from '../calls/remote-peer';
import type { RemotePeerState } from '../calls/remote-peer-schema';
import { participantRequeued } from '../calls/messages';
import type { DataOf } from '../cluster/messages';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineDirectory } from '../lines/line-directory';
import { ageOf, momentOf } from '../ports/ages';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { haveBlocked, type Blocker } from './blocked';
import type { Lobby } from './lobby';
import {
  matchCommit,
  peerClaim,
  stepReached,
  ticketExpired,
  ticketFreed,
  type ClaimedTicket,
} from './messages';

export interface MatchCommitDeps {
  readonly messenger: NodeMessenger;
  readonly membership: Pick<Membership, 'hears'>;
  readonly lobby: Lobby;
  readonly lines: LineDirectory;
  readonly remoteCalls: RemoteCalls;
  readonly ownedCalls: OwnedCalls;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** How long the other gateway may take to give its peer. After that the peer here goes back into the queue. */
const CLAIM_TIMEOUT_MS = 1_500;

/**
 * Turns two claimed tickets into a call, whichever gateways the two peers have. The director notifies the node that
 * is to own the call: the gateway of one of the two peers. That node takes the other peer from their gateway and
 * opens the call. A gateway gives each peer once, and only while they still search with the claimed ticket. So no
 * peer is ever in two calls, even if messages arrive twice or too late (M7).
 */
export class MatchCommit {
  constructor(private readonly deps: MatchCommitDeps) {
    const { messenger, lobby } = deps;
    messenger.onRequest(matchCommit, async ({ tickets }) => {
      await this.open(tickets);
      return {};
    });
    messenger.onRequest(peerClaim, async (claim, from) => this.give(claim, from));
    messenger.onNotification(ticketFreed, ({ ticketId, peerId }) => lobby.freed({ id: ticketId, peerId }));
    messenger.onNotification(ticketExpired, ({ ticketId, peerId }) => lobby.expire({ id: ticketId, peerId }));
    messenger.onNotification(stepReached, ({ ticketId, peerId, step }) =>
      lobby.stepReached({ id: ticketId, peerId }, step),
    );
  }

  /**
   * From the director: these tickets are claimed, so no other director has them. A node that has just stood still may have
   * been declared dead in the meantime, and its peers may be in calls at their next gateways: it opens none until it has
   * heard itself again.
   */
  matched(tickets: readonly Ticket[]): void {
    const { messenger, membership, lobby, reportError } = this.deps;
    const { self } = messenger;
    const [one, other] = tickets.map((ticket) => this.claimed(ticket));
    if (one === undefined || other === undefined) return;
    if (!membership.hears) {
      this.free(one);
      this.free(other);
      return;
    }
    if (one.node === self && other.node === self) {
      lobby.matched(tickets);
      return;
    }
    const claimed: [ClaimedTicket, ClaimedTicket] = [one, other];
    if (one.node === self || other.node === self) {
      this.open(claimed).catch((error: unknown) => reportError(error, 'a call could not be opened'));
      return;
    }
    messenger.request(one.node, matchCommit, { tickets: claimed }).catch(() => {
      // That node may be dying. If it has opened the call after all, both peers are in it, and freeing does nothing.
      this.free(one);
      this.free(other);
    });
  }

  stepReached(ticket: Ticket, step: number): void {
    const { messenger, lobby } = this.deps;
    const { id, peerId, node } = this.claimed(ticket);
    if (node === messenger.self) lobby.stepReached(ticket, step);
    else messenger.notify(node, stepReached, { ticketId: id, peerId, step });
  }

  /** Opens a call that this node is to own. At least one of the two peers has their gateway here. */
  private async open(tickets: readonly [ClaimedTicket, ClaimedTicket]): Promise<void> {
    const { messenger, lobby, ownedCalls, clock } = this.deps;
    const [one, other] = tickets;
    if (one.node === messenger.self && other.node === messenger.self) {
      lobby.matched(tickets);
      return;
    }
    const [own, remote] = one.node === messenger.self ? [one, other] : [other, one];
    const callId = randomUUID();
    const taken = await this.take(own, remote, callId);
    const searcher = lobby.searcherWith(own);
    if (taken === null || searcher === undefined || haveBlocked(searcher.peer, blockerOf(taken))) {
      lobby.freed(own);
      if (taken !== null) this.giveBack(remote, callId);
      return;
    }
    const peer = ownedCalls.addRemotePeer(taken, remote.node, callId);
    const { wishes, waitedMs } = taken;
    const since = momentOf(clock, waitedMs);
    lobby.openCall([searcher, { peer, wishes, ticket: { mode: remote.mode, since } }], callId);
  }

  /** Takes the other peer from their gateway. Null when they search no longer, or the gateway cannot be reached. */
  private async take(
    own: ClaimedTicket,
    remote: ClaimedTicket,
    callId: string,
  ): Promise<RemotePeerState | null> {
    const { messenger, lobby } = this.deps;
    const searcher = lobby.searcherWith(own);
    if (searcher === undefined) {
      this.free(remote);
      return null;
    }
    const { id, name } = searcher.peer;
    const claim = { ticketId: remote.id, peerId: remote.peerId, callId, partner: { id, name } };
    try {
      return await messenger.request(remote.node, peerClaim, claim, CLAIM_TIMEOUT_MS);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // The gateway may have given the peer, and its reply was lost.
      this.giveBack(remote, callId);
      return null;
    }
  }

  /** Gives a peer of this gateway to the owner of their new call. From here on the peer is in that call. */
  private give(
    { ticketId, peerId, callId, partner }: DataOf<typeof peerClaim>,
    owner: NodeAddress,
  ): RemotePeerState {
    const { membership, lobby, lines, remoteCalls, clock } = this.deps;
    if (!membership.hears) throw new DomainError('node_unreachable', 'this node has just stood still', 1_000);
    const searcher = lobby.searcherWith({ id: ticketId, peerId });
    if (searcher === undefined) throw new DomainError('not_searching', 'the peer searches no longer');
    const { peer, wishes } = searcher;
    const { since } = searcher.ticket;
    remoteCalls.add({ callId, peer, partner, wishes, since, owner, announced: false });
    peer.state = { kind: 'in_call', wishes, callId, since, owner };
    return remotePeerState(peer, { wishes, waitedMs: ageOf(clock, since) }, lines.lineOf(peer.id));
  }

  private giveBack({ peerId, node }: ClaimedTicket, callId: string): void {
    this.deps.messenger.notify(node, participantRequeued, { callId, peerId });
  }

  private free({ id, peerId, node }: ClaimedTicket): void {
    const { messenger, lobby } = this.deps;
    if (node === messenger.self) lobby.freed({ id, peerId });
    else messenger.notify(node, ticketFreed, { ticketId: id, peerId });
  }

  private claimed({ id, peerId, mode, node }: Ticket): ClaimedTicket {
    return { id, peerId, mode, node: node ?? this.deps.messenger.self };
  }
}

const blockerOf = ({ identity }: RemotePeerState): Blocker => ({
  id: identity.userId,
  blocked: new Set(identity.blocked),
});
